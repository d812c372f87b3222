// Package seen has the lists of peerage as the tests of YARPC's own lists look
// at them: besides choosing they are asked how many peers are available,
// unavailable, and not retained.
package seen

import (
	"strings"
	"sync"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcconfig"
)

// List is a list under test.
type List struct {
	*yarpcpeers.List

	mu      sync.Mutex
	members map[string]bool
}

// New makes a list of a policy. It panics where YARPC's constructors do, which
// return no error.
func New(policy string, t peer.Transport, options ...yarpcpeers.Option) *List {
	list, err := yarpcpeers.New(policy, t, options...)
	if err != nil {
		panic(err)
	}
	return &List{List: list, members: map[string]bool{}}
}

// Spec makes the lists that a spec builds of a type of the caller's. C is what a configuration file may say.
func Spec[C any, L peer.ChooserList](s yarpcconfig.PeerListSpec, listed func(*List) L) yarpcconfig.PeerListSpec {
	build := s.BuildPeerList.(func(C, peer.Transport, *yarpcconfig.Kit) (peer.ChooserList, error))
	s.BuildPeerList = func(c C, t peer.Transport, k *yarpcconfig.Kit) (peer.ChooserList, error) {
		list, err := build(c, t, k)
		if err != nil {
			return nil, err
		}
		return listed(&List{List: list.(*yarpcpeers.List), members: map[string]bool{}}), nil
	}
	return s
}

// Update passes the update on, and remembers who is a member.
func (l *List) Update(updates peer.ListUpdates) error {
	err := l.List.Update(updates)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range updates.Removals {
		delete(l.members, id.Identifier())
	}
	for _, id := range updates.Additions {
		l.members[id.Identifier()] = true
	}
	return err
}

// NumAvailable counts the peers that can be chosen.
func (l *List) NumAvailable() int {
	n := 0
	for _, p := range l.Introspect().Peers {
		if strings.HasPrefix(p.State, "Available") {
			n++
		}
	}
	return n
}

// NumUnavailable counts the retained peers that cannot be chosen.
func (l *List) NumUnavailable() int { return len(l.Peers()) - l.NumAvailable() }

// NumUninitialized counts the members of a list that does not run, which are
// not retained.
func (l *List) NumUninitialized() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.IsRunning() {
		return 0
	}
	return len(l.members)
}

// Available says whether this peer can be chosen.
func (l *List) Available(id peer.Identifier) bool {
	for _, p := range l.Introspect().Peers {
		if p.Identifier == id.Identifier() {
			return strings.HasPrefix(p.State, "Available")
		}
	}
	return false
}

// Uninitialized says whether this is a member that is not retained.
func (l *List) Uninitialized(id peer.Identifier) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.IsRunning() && l.members[id.Identifier()]
}
