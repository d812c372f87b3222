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
		peers = append(peers, *bound.peer.Load())
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
