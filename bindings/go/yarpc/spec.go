package yarpcpeers

import (
	"slices"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/yarpc/yarpcerrors"
)

// Configuration is what a configuration file may say of a list:
//
//	round-robin:
//	  peers:
//	    - 127.0.0.1:8080
//	  failFast: true
//	  defaultChooseTimeout: 1s
type Configuration struct {
	Capacity             *int           `config:"capacity"`
	FailFast             bool           `config:"failFast"`
	DefaultChooseTimeout *time.Duration `config:"defaultChooseTimeout"`
}

func (c Configuration) options() ([]Option, error) {
	var options []Option
	if c.Capacity != nil && *c.Capacity <= 0 {
		return nil, yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
			"Capacity must be greater than 0. Got: %d.", *c.Capacity)
	}
	if c.FailFast {
		options = append(options, FailFast())
	}
	if c.DefaultChooseTimeout != nil {
		options = append(options, DefaultChooseTimeout(*c.DefaultChooseTimeout))
	}
	return options, nil
}

// HashRing32Configuration is what a configuration file may say of a ring.
type HashRing32Configuration struct {
	OffsetHeader            string         `config:"offsetHeader"`
	OffsetGeneratorValue    int            `config:"offsetGeneratorValue"`
	PeerOverrideHeader      string         `config:"peerOverrideHeader"`
	AlternateShardKeyHeader string         `config:"alternateShardKeyHeader"`
	ReplicaDelimiter        string         `config:"replicaDelimiter"`
	NumReplicas             int            `config:"numReplicas"`
	NumPeersEstimate        int            `config:"numPeersEstimate"`
	DefaultChooseTimeout    *time.Duration `config:"defaultChooseTimeout"`
}

func (c HashRing32Configuration) options() ([]Option, error) {
	options := []Option{
		OffsetHeader(c.OffsetHeader),
		PeerOverrideHeader(c.PeerOverrideHeader),
		AlternateShardKeyHeader(c.AlternateShardKeyHeader),
		ReplicaDelimiter(c.ReplicaDelimiter),
	}
	if c.OffsetGeneratorValue != 0 {
		options = append(options, OffsetGeneratorValue(c.OffsetGeneratorValue))
	}
	if c.NumReplicas != 0 {
		options = append(options, NumReplicas(c.NumReplicas))
	}
	if c.DefaultChooseTimeout != nil {
		options = append(options, DefaultChooseTimeout(*c.DefaultChooseTimeout))
	}
	return options, nil
}

// RoundRobinSpec lets configuration files say round-robin. Options apply to
// every list it builds, before what the file says.
func RoundRobinSpec(options ...Option) yarpcconfig.PeerListSpec {
	return spec[Configuration](roundRobin, NewRoundRobin, options)
}

// RandomSpec lets configuration files say random.
func RandomSpec(options ...Option) yarpcconfig.PeerListSpec {
	return spec[Configuration](random, NewRandom, options)
}

// TwoRandomChoicesSpec lets configuration files say two-random-choices.
func TwoRandomChoicesSpec(options ...Option) yarpcconfig.PeerListSpec {
	return spec[Configuration](twoRandomChoices, NewTwoRandomChoices, options)
}

// FewestPendingRequestsSpec lets configuration files say
// fewest-pending-requests.
func FewestPendingRequestsSpec(options ...Option) yarpcconfig.PeerListSpec {
	return spec[Configuration](fewestPendingRequests, NewFewestPendingRequests, options)
}

// HashRing32Spec lets configuration files say hashring32.
func HashRing32Spec(options ...Option) yarpcconfig.PeerListSpec {
	return spec[HashRing32Configuration](hashRing32, NewHashRing32, options)
}

type configuration interface {
	options() ([]Option, error)
}

func spec[C configuration](
	name string, build func(peer.Transport, ...Option) (*List, error), options []Option,
) yarpcconfig.PeerListSpec {
	return yarpcconfig.PeerListSpec{
		Name: name,
		BuildPeerList: func(c C, t peer.Transport, _ *yarpcconfig.Kit) (peer.ChooserList, error) {
			more, err := c.options()
			if err != nil {
				return nil, err
			}
			list, err := build(t, slices.Concat(options, more)...)
			if err != nil {
				return nil, err
			}
			return list, nil
		},
	}
}
