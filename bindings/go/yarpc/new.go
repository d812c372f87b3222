package yarpcpeers

import (
	"errors"

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

// NewSingle makes a list of one peer. It replaces peer.NewSingle, but waits
// for the peer to be available, as every other list does.
func NewSingle(id peer.Identifier, t peer.Transport, options ...Option) (*List, error) {
	list, err := newList(single, t, options)
	if err != nil {
		return nil, err
	}
	if err := list.Update(peer.ListUpdates{Additions: []peer.Identifier{id}}); err != nil {
		list.Close()
		return nil, err
	}
	return list, nil
}

func newList(name string, t peer.Transport, options []Option) (*List, error) {
	if t == nil {
		return nil, errors.New(name + " peer list requires a transport")
	}
	s := settingsOf(options)
	policy, err := s.ring.policy(name)
	if err != nil {
		return nil, err
	}
	members := newMembers(name == hashRing32)
	binding := newBinding(t, members, s.logger)
	chooser, err := peerage.NewChooser(binding, policy, s.chooserOptions()...)
	if err != nil {
		return nil, err
	}
	return &List{
		name:     name,
		chooser:  chooser,
		members:  members,
		binding:  binding,
		logger:   s.logger,
		interest: interestOf(name, s.ring.headers()),
	}, nil
}

func (s settings) chooserOptions() []peerage.Option {
	options := []peerage.Option{
		peerage.WithFailFast(s.failFast),
		peerage.WithShuffle(!s.noShuffle),
	}
	if s.seed != nil {
		options = append(options, peerage.WithSeed(uint64(*s.seed)))
	}
	if s.timeout != 0 {
		options = append(options, peerage.WithDefaultTimeout(s.timeout))
	}
	return options
}
