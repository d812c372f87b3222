package yarpcpeers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A ring's settings, which the policy's name carries as key=value.
type ringSettings map[string]string

func ringOption(key, value string) Option {
	return func(s *settings) { s.ring[key] = value }
}

// NumReplicas is how many points each peer has on the ring, 1 to 65536; 100
// by default.
func NumReplicas(n int) Option { return ringOption("replicas", strconv.Itoa(n)) }

// NumPeersEstimate says how many peers to expect: a hint, as [Capacity].
func NumPeersEstimate(int) Option { return Capacity(0) }

// ReplicaDelimiter stands between a peer's name and the number of a replica;
// empty by default, as YARPC has it.
func ReplicaDelimiter(delimiter string) Option { return ringOption("delimiter", delimiter) }

// PeerOverrideHeader names the header that names a peer to be chosen, if it
// is available, whatever the shard key.
func PeerOverrideHeader(name string) Option { return ringOption("peer-override-header", name) }

// AlternateShardKeyHeader names the header whose value is hashed instead of
// the shard key. A request without it is placed by its shard key.
func AlternateShardKeyHeader(name string) Option {
	return ringOption("alternate-shard-key-header", name)
}

// OffsetHeader names the header that says how many peers to go on from the
// owner of the key. A value that is not a number from 0 to [MaxOffset] is 0.
func OffsetHeader(name string) Option { return ringOption("offset-header", name) }

// MaxOffset bounds what an [OffsetHeader] may say, 0 to 255.
func MaxOffset(n int) Option { return ringOption("max-offset", strconv.Itoa(n)) }

// OffsetGeneratorValue makes each request go on by a random number of peers
// below n, 0 to 256. With an [OffsetHeader] it is not used.
func OffsetGeneratorValue(n int) Option { return ringOption("offset-generator", strconv.Itoa(n)) }

// policy is the full name of a policy with these settings.
func (r ringSettings) policy(name string) (string, error) {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(r)) {
		value := r[key]
		switch {
		case name != hashRing32:
			return "", fmt.Errorf("%q is an option of hashring32, not of %s", key, name)
		case value == "" && isHeader(key): // A header without a name is no header.
		default:
			parts = append(parts, key+"="+escaped.Replace(value))
		}
	}
	if len(parts) == 0 {
		return name, nil
	}
	return name + ":" + strings.Join(parts, ","), nil
}

// headers are the names of the headers that the ring looks at.
func (r ringSettings) headers() []string {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(r)) {
		if name := r[key]; isHeader(key) && name != "" {
			names = append(names, name)
		}
	}
	return names
}

// A comma in a value, and the backslash that says so.
var escaped = strings.NewReplacer(`\`, `\\`, ",", `\,`)

func isHeader(key string) bool { return strings.HasSuffix(key, "-header") }
