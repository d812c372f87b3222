package yarpcpeers

import (
	"errors"
	"fmt"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
)

// The names of the policies, which are those that YARPC's lists have in
// errors, in introspection and in configuration files.
const (
	roundRobin            = "round-robin"
	random                = "random"
	twoRandomChoices      = "two-random-choices"
	fewestPendingRequests = "fewest-pending-requests"
	hashRing32            = "hashring32"
	maglev                = "maglev"
	single                = "single"
	direct                = "direct"
)

// NewRoundRobin makes a list that chooses its available peers in turn. It
// replaces roundrobin.New.
func NewRoundRobin(t peer.Transport, options ...Option) (*List, error) {
	return newList(roundRobin, t, options)
}

// NewRandom makes a list that chooses any available peer, each as likely as
// the other. It replaces randpeer.New.
func NewRandom(t peer.Transport, options ...Option) (*List, error) {
	return newList(random, t, options)
}

// NewTwoRandomChoices makes a list that draws two available peers and chooses
// the one with fewer pending requests. It replaces tworandomchoices.New.
func NewTwoRandomChoices(t peer.Transport, options ...Option) (*List, error) {
	return newList(twoRandomChoices, t, options)
}

// NewFewestPendingRequests makes a list that chooses the available peer with
// the fewest pending requests; among equals the one that was chosen the
// longest ago. It replaces pendingheap.New.
func NewFewestPendingRequests(t peer.Transport, options ...Option) (*List, error) {
	return newList(fewestPendingRequests, t, options)
}

// NewHashRing32 makes a list that places requests on a hash ring by their
// shard key. It replaces hashring32.New with farmhashring.Fingerprint32, the
// one hash function there is, and places each key where that does.
//
// A peer's place is that of its Shard(), if its identifier has such a method.
func NewHashRing32(t peer.Transport, options ...Option) (*List, error) {
	return newList(hashRing32, t, options)
}

// New makes a list that chooses by any policy of the library: name or
// name:key=value[,key=value]..., such as "least-loaded:errors=on". See
// peerage.Policies for the names and keys. Options and files set keys above
// those that stand here.
//
// The policies "single" and "direct" have constructors of their own, and none
// here.
func New(policy string, t peer.Transport, options ...Option) (*List, error) {
	if name, _ := policyTexts(policy); name == single || name == direct {
		return nil, fmt.Errorf("%s: NewSingle and NewDirect make what chooses by this policy, New does not", name)
	}
	return newList(policy, t, options)
}

func newList(policy string, t peer.Transport, options []Option) (*List, error) {
	name, keys := policyTexts(policy)
	s := settingsOf(keys, options)
	policy = name
	if len(s.policy) > 0 {
		policy += ":" + s.policy.String()
	}
	return listOf(name, policy, t, s, interestOf(name, s.policy.headers()))
}

// listOf makes a list by the policy of this text, which is empty for one that the settings bring along.
func listOf(name, policy string, t peer.Transport, s settings, wants interest) (*List, error) {
	if t == nil {
		return nil, errors.New(name + " peer list requires a transport")
	}
	if err := s.check(name); err != nil {
		return nil, err
	}
	members := newMembers(name == hashRing32)
	binding := newBinding(t, members, s.logger)
	binding.always = name == single && !s.waits && !s.failsFast()
	chooser, err := peerage.NewChooser(binding, policy, s.chooserOptions()...)
	if err != nil {
		return nil, err
	}
	return &List{
		name:     chooser.Name(),
		policy:   policy,
		chooser:  chooser,
		members:  members,
		binding:  binding,
		logger:   s.logger,
		drain:    s.drain,
		interest: wants,
	}, nil
}
