package yarpcpeers

import (
	"context"
	"time"

	"go.uber.org/multierr"
	"go.uber.org/zap"
)

// DefaultDrainTimeout is how long Stop waits for requests in flight if
// [DrainTimeout] is not given.
const DefaultDrainTimeout = 5 * time.Second

// DrainTimeout is how long [List.Stop] waits for the requests in flight
// before it releases their peers all the same; 0: it does not wait. By
// default it is [DefaultDrainTimeout]. A negative one fails the constructor.
//
// Some transports, HTTP's among them, do not stop before all their peers are
// released: this is the most that a request which never ends, or an onFinish
// that is never called, can hold up the Stop of a dispatcher.
func DrainTimeout(limit time.Duration) Option { return func(s *settings) { s.drain = limit } }

// Drain waits until every peer that was removed, or stopped, is released, and
// so until no request on one is in flight. If the context ends before, the
// error says what is left, and wraps the context's.
func (l *List) Drain(ctx context.Context) error { return l.chooser.Drain(ctx) }

// release waits for the requests of a list that was stopped, up to the limit, and then releases the peers
// that have some left. Their onFinish may still be called, and changes nothing for the transport.
func (l *List) release() error {
	if l.drain > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), l.drain)
		defer cancel()
		if l.chooser.Drain(ctx) == nil {
			return nil
		}
	}
	left := l.binding.forgetAll()
	if len(left) == 0 {
		return nil
	}
	l.logger.Warn("peers are released with requests in flight",
		zap.String("list", l.name), zap.Int("peers", len(left)), zap.Duration("drainTimeout", l.drain))
	var errs error
	for _, bound := range left {
		errs = multierr.Append(errs, l.binding.release(bound))
	}
	return errs
}

// forgetAll takes what is retained, for the caller to release.
func (b *binding) forgetAll() []*bound {
	left := b.all()
	b.mu.Lock()
	defer b.mu.Unlock()
	// A peer whose last request ends just now is released there.
	kept := left[:0]
	for _, bound := range left {
		if b.bound[bound.chooser] == bound {
			delete(b.bound, bound.chooser)
			kept = append(kept, bound)
		}
	}
	return kept
}
