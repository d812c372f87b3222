package yarpcpeers

import "strconv"

// ringOption sets a key of the policy hashring32; an empty value takes it back where that means none.
func ringOption(key, value string) Option {
	return func(s *settings) {
		s.ring = key
		s.policy.set(key, value)
	}
}

// headerOption names a header; a header without a name is no header.
func headerOption(key, name string) Option {
	if name == "" {
		return func(s *settings) {
			s.ring = key
			delete(s.policy, key)
		}
	}
	return ringOption(key, name)
}

// NumReplicas is how many points each peer has on the ring, 1 to 65536; 100
// by default.
func NumReplicas(n int) Option { return ringOption("replicas", strconv.Itoa(n)) }

// NumPeersEstimate says how many peers to expect: a hint, as [Capacity].
func NumPeersEstimate(int) Option { return Capacity(0) }

// ReplicaDelimiter stands between a peer's name and the number of a replica;
// empty by default, as YARPC has it.
func ReplicaDelimiter(delimiter string) Option { return ringOption("delimiter", delimiter) }

// PeerOverrideHeader names the header that names a peer to be chosen, by its
// shard if it has one, if it is available, whatever the shard key; empty: none,
// the default.
func PeerOverrideHeader(name string) Option { return headerOption("peer-override-header", name) }

// AlternateShardKeyHeader names the header whose value is hashed instead of
// the shard key; empty: none, the default. A request without it is placed by
// its shard key.
func AlternateShardKeyHeader(name string) Option {
	return headerOption("alternate-shard-key-header", name)
}

// OffsetHeader names the header that says how many peers to go on from the
// owner of the key; empty: none, the default. A value that is not a number
// from 0 to [MaxOffset] is 0.
func OffsetHeader(name string) Option { return headerOption("offset-header", name) }

// MaxOffset bounds what an [OffsetHeader] may say, 0 to 255; 32 by default.
func MaxOffset(n int) Option { return ringOption("max-offset", strconv.Itoa(n)) }

// OffsetGeneratorValue makes each request go on by a random number of peers
// below n, 0 to 256; 0 by default. With an [OffsetHeader] it is not used.
func OffsetGeneratorValue(n int) Option { return ringOption("offset-generator", strconv.Itoa(n)) }
