package yarpcpeers

import (
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"peerage.dev/go"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/zap"
)

// binding is a YARPC transport as the chooser sees it.
//
// It must not refer to the list: a chooser that its own transport refers to
// would never be found unreachable, and so a list that is not closed would
// stay for ever.
type binding struct {
	transport peer.Transport
	members   *members
	logger    *zap.Logger
	// Peers are chosen whatever their status.
	always bool

	mu sync.Mutex
	// What is retained.
	bound map[*peerage.Peer]*bound
	// What the call under way is to be told of; nil when there is none.
	told *told
}

// told are the failures of the transport during a call.
type told struct {
	errs error
	// The names of the peers that were not retained.
	refused []string
}

func newBinding(t peer.Transport, m *members, logger *zap.Logger) *binding {
	return &binding{transport: t, members: m, logger: logger, bound: map[*peerage.Peer]*bound{}}
}

// expect makes room for so many new peers, if they are the first.
func (b *binding) expect(count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.bound) == 0 {
		b.bound = make(map[*peerage.Peer]*bound, count)
	}
}

// during makes a call of the chooser and returns what the transport had to
// say during it. Calls come one at a time.
func (b *binding) during(call func() error) (*told, error) {
	heard := &told{}
	b.tellTo(heard)
	defer b.tellTo(nil) // Also if the transport ends the goroutine.
	return heard, call()
}

func (b *binding) tellTo(heard *told) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told = heard
}

// RetainPeer passes the chooser's wish on.
func (b *binding) RetainPeer(p *peerage.Peer) (err error) {
	id, known := b.members.identifier(p.ID())
	if !known {
		id = address(p.ID())
	}
	made := &bound{chooser: p, id: id, always: b.always}
	retained, kept := false, false
	defer func() { // Also when the transport, or its peer, panics.
		if kept {
			return
		}
		failures := err
		if retained {
			failures = multierr.Append(failures, b.release(made))
		}
		b.refused(p.ID(), failures)
	}()
	found, err := b.transport.RetainPeer(id, made)
	if err != nil {
		return err
	}
	if found == nil {
		return fmt.Errorf("the transport retains %q and returns neither a peer nor an error", id.Identifier())
	}
	retained = true
	made.meet(found)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bound[p] = made
	kept = true
	return nil
}

func (b *binding) refused(name string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.told != nil {
		b.told.refused = append(b.told.refused, name)
		b.told.errs = multierr.Append(b.told.errs, err)
	}
}

// tell is false if there is no call to be told.
func (b *binding) tell(err error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.told == nil {
		return false
	}
	b.told.errs = multierr.Append(b.told.errs, err)
	return true
}

// ReleasePeer passes it back. This may be long after the update that removed
// the peer, when its last request is finished; then a failure is logged.
func (b *binding) ReleasePeer(p *peerage.Peer) {
	made := b.forget(p)
	if made == nil {
		return // A stop has released it before the last of its requests ended.
	}
	err := b.release(made)
	if err != nil && !b.tell(err) {
		b.logger.Error("error releasing peer from transport",
			zap.String("peer", made.id.Identifier()), zap.Error(err))
	}
}

// release gives a peer back to the transport. A panic of that is an error, so that the next is released too.
func (b *binding) release(made *bound) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &peerage.PanicError{Callback: "ReleasePeer", Value: value, Stack: debug.Stack()}
		}
	}()
	return b.transport.ReleasePeer(made.id, made)
}

func (b *binding) forget(p *peerage.Peer) *bound {
	b.mu.Lock()
	defer b.mu.Unlock()
	gone := b.bound[p]
	delete(b.bound, p)
	return gone
}

// find returns a peer that is retained, or nil.
func (b *binding) find(name string) *bound {
	for _, bound := range b.all() {
		if bound.id.Identifier() == name {
			return bound
		}
	}
	return nil
}

// all are the peers that are retained, in the order of their names.
func (b *binding) all() []*bound {
	b.mu.Lock()
	bounds := slices.Collect(maps.Values(b.bound))
	b.mu.Unlock()
	slices.SortFunc(bounds, func(a, b *bound) int {
		return strings.Compare(a.id.Identifier(), b.id.Identifier())
	})
	return bounds
}
