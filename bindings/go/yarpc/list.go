package yarpcpeers

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"peerage.dev/go"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/zap"
)

// List is a peer list of YARPC that chooses by a policy of peerage.
type List struct {
	name     string
	policy   string
	chooser  *peerage.Chooser
	members  *members
	binding  *binding
	logger   *zap.Logger
	interest interest
	// How long a stop waits for requests in flight.
	drain time.Duration
	// The peer of a Single; nil otherwise.
	single peer.Identifier

	// Updates, starts and stops come one at a time. Nothing that chooses,
	// finishes or notifies waits for them.
	changing sync.Mutex
	stopping sync.Once
	stopErr  error
	stopped  atomic.Bool
}

// Start retains the peers that were added so far and begins to hand them out.
// Starting a list that runs does nothing.
//
// If the transport refuses a peer nothing is retained, and the list may be
// started again. A list that was stopped cannot be started.
func (l *List) Start() error {
	l.changing.Lock()
	defer l.changing.Unlock()
	heard, err := l.binding.during(l.chooser.Start)
	if errors.Is(err, peerage.ErrStopped) {
		return coded(yarpcerrors.CodeFailedPrecondition, err)
	}
	return heard.and(err)
}

// Stop ends every wait and releases the peers, which stay members. It waits
// for the requests in flight, up to the [DrainTimeout]; peers that have some
// left by then are released all the same, and an onFinish that is called
// later changes nothing. Every further Stop returns what the first did.
func (l *List) Stop() error {
	l.stopping.Do(func() {
		l.stopErr = multierr.Append(l.stop(), l.release())
	})
	return l.stopErr
}

func (l *List) stop() error {
	l.changing.Lock()
	defer l.changing.Unlock()
	l.stopped.Store(true)
	heard, err := l.binding.during(l.chooser.Stop)
	return heard.and(err)
}

// Close stops the list, as [List.Stop] does, and gives back what it holds
// outside of Go. YARPC never calls it: without it that happens when the garbage collector finds
// that the list is not used any more.
func (l *List) Close() {
	if err := l.Stop(); err != nil {
		l.logger.Error("error stopping peer list", zap.String("list", l.name), zap.Error(err))
	}
	_ = l.chooser.Close()
}

// IsRunning says whether the list was started, and not stopped.
func (l *List) IsRunning() bool { return l.chooser.IsRunning() }

// Update removes and adds peers, in this order. What can be done is done, and
// what cannot is reported together. A list that does not run only writes its
// peers down.
//
// A peer that is both removed and added stays, with its connection and its
// requests, and gets the [Weighted], [Zoned] and [Tiered] of the identifier that
// is added; its transport keeps the identifier that it has.
func (l *List) Update(updates peer.ListUpdates) error {
	l.logger.Debug("peer list update",
		zap.Int("additions", len(updates.Additions)), zap.Int("removals", len(updates.Removals)))
	l.changing.Lock()
	defer l.changing.Unlock()
	var (
		removed []gone
		errs    error
		wanted  peerage.Updates
	)
	for _, id := range updates.Removals {
		gone, err := l.members.remove(id)
		if err != nil {
			errs = multierr.Append(errs, err)
			continue
		}
		removed = append(removed, gone)
		wanted.Remove = append(wanted.Remove, gone.key)
	}
	if count := len(updates.Additions); count > 1 {
		l.members.expect(count)
		l.binding.expect(count)
		wanted.Add = make([]peerage.Member, 0, count)
	}
	for _, id := range updates.Additions {
		key, err := l.members.add(id)
		if err != nil {
			errs = multierr.Append(errs, err)
			continue
		}
		wanted.Add = append(wanted.Add, memberOf(key, id))
	}
	if len(wanted.Add) == 0 && len(wanted.Remove) == 0 {
		return errs
	}
	heard, err := l.binding.during(func() error { return l.chooser.Update(wanted) })
	if errors.Is(err, peerage.ErrInvalidUTF8) || errors.Is(err, peerage.ErrInvalidArgument) {
		// What is wrong with one was found before anything was done.
		l.members.undo(removed, wanted.Add)
	}
	for _, key := range heard.refused {
		l.members.drop(key)
	}
	return multierr.Append(errs, heard.and(err))
}

// and are the transport's failures as they were or, if the chooser has
// something else to say, that.
func (t *told) and(err error) error {
	if panicked := (*peerage.PanicError)(nil); t.errs == nil || errors.As(err, &panicked) {
		return multierr.Append(t.errs, err)
	}
	return t.errs
}

// Peers are the transport's peers that the list has retained, in the order of
// their identifiers.
func (l *List) Peers() []peer.StatusPeer {
	peers := []peer.StatusPeer{}
	for _, bound := range l.binding.all() {
		peers = append(peers, bound.peer)
	}
	return peers
}

// NotifyStatusChanged makes the list look at a peer's status again. It is for
// tests: a transport notifies a subscriber of its own for each peer.
func (l *List) NotifyStatusChanged(id peer.Identifier) {
	if bound := l.binding.find(id.Identifier()); bound != nil {
		bound.NotifyStatusChanged(id)
	}
}
