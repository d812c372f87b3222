package yarpcpeers

import (
	"slices"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcconfig"
)

// RoundRobinSpec lets configuration files say round-robin. Options apply to
// every list it builds; a file overrides those that it mentions.
func RoundRobinSpec(options ...Option) yarpcconfig.PeerListSpec { return Spec(roundRobin, options...) }

// RandomSpec lets configuration files say random, as [RoundRobinSpec] does
// round-robin.
func RandomSpec(options ...Option) yarpcconfig.PeerListSpec { return Spec(random, options...) }

// TwoRandomChoicesSpec lets configuration files say two-random-choices, as
// [RoundRobinSpec] does round-robin.
func TwoRandomChoicesSpec(options ...Option) yarpcconfig.PeerListSpec {
	return Spec(twoRandomChoices, options...)
}

// FewestPendingRequestsSpec lets configuration files say
// fewest-pending-requests, as [RoundRobinSpec] does round-robin.
func FewestPendingRequestsSpec(options ...Option) yarpcconfig.PeerListSpec {
	return Spec(fewestPendingRequests, options...)
}

// HashRing32Spec lets configuration files say hashring32, with a
// [HashRing32Configuration], as [RoundRobinSpec] does round-robin.
func HashRing32Spec(options ...Option) yarpcconfig.PeerListSpec {
	return listSpec[HashRing32Configuration](hashRing32, options)
}

// Spec lets configuration files say the name of any policy that [New] takes,
// with a [Configuration]. The policy may have keys, as for New, which a file
// overrides too. One that does not exist fails when a file that says its name
// is loaded.
func Spec(policy string, options ...Option) yarpcconfig.PeerListSpec {
	return listSpec[Configuration](policy, options)
}

// DirectSpec lets configuration files say direct, with a
// [DirectConfiguration]. It replaces direct.Spec.
func DirectSpec(options ...Option) yarpcconfig.PeerChooserSpec {
	return yarpcconfig.PeerChooserSpec{
		Name: direct,
		BuildPeerChooser: func(c DirectConfiguration, t peer.Transport, _ *yarpcconfig.Kit) (peer.Chooser, error) {
			return fromFile(direct, c, options, func(options []Option) (peer.Chooser, error) {
				return NewDirect(t, options...)
			})
		},
	}
}

func listSpec[C configuration](policy string, options []Option) yarpcconfig.PeerListSpec {
	name, _ := policyTexts(policy)
	return yarpcconfig.PeerListSpec{
		Name: name,
		BuildPeerList: func(c C, t peer.Transport, _ *yarpcconfig.Kit) (peer.ChooserList, error) {
			return fromFile(name, c, options, func(options []Option) (peer.ChooserList, error) {
				return New(policy, t, options...)
			})
		},
	}
}

// fromFile makes what a file asks for. Its errors name the list, and settings as the file does.
func fromFile[C configuration, T any](
	name string, c C, options []Option, build func([]Option) (T, error),
) (T, error) {
	var none T
	if err := c.check(name); err != nil {
		return none, err
	}
	built, err := build(slices.Concat(options, c.options()))
	if err != nil {
		return none, inFile(name, err)
	}
	return built, nil
}
