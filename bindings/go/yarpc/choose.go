package yarpcpeers

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"peerage.dev/go"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
)

// Choose hands out a peer, and waits for one until the context ends or, if it
// has no deadline, for the default timeout. The request may be nil.
//
// onFinish wants to be called once, when the request has ended. Further calls
// change nothing.
func (l *List) Choose(ctx context.Context, req *transport.Request) (peer.Peer, func(error), error) {
	var asked peerage.Request
	known := (*peerage.Request)(nil)
	if l.interest.key && req != nil {
		asked = l.interest.in(req)
		known = &asked
	}
	pick, err := l.chooser.Choose(ctx, known)
	if err != nil {
		return nil, nil, l.explain(ctx, asked.ShardKey, err)
	}
	return pick.Peer().Data().(peer.Peer), finisher(pick), nil
}

// sent is a request that has a peer. It serves one request after another, to
// allocate less, and counts them, so that an onFinish knows whether it is
// still its turn.
type sent struct {
	turn atomic.Uint64
	pick peerage.Pick
}

var unused = sync.Pool{New: func() any { return new(sent) }}

// finisher is what finishes the pick, once.
func finisher(pick peerage.Pick) func(error) {
	s := unused.Get().(*sent)
	s.pick = pick
	turn := s.turn.Load()
	return func(err error) {
		if s.turn.CompareAndSwap(turn, turn+1) {
			s.pick.FinishWith(outcome(err))
			unused.Put(s)
		}
	}
}

func outcome(err error) peerage.Outcome {
	if err == nil {
		return peerage.Success
	}
	if errors.Is(err, context.Canceled) || yarpcerrors.FromError(err).Code() == yarpcerrors.CodeCancelled {
		return peerage.Cancelled
	}
	return peerage.Failure
}

// interest is what a policy needs to know of a request: most need nothing.
type interest struct {
	key     bool
	headers []string
}

func interestOf(policy string, headers []string) interest {
	return interest{key: policy == hashRing32 || policy == direct, headers: headers}
}

func (i interest) in(req *transport.Request) peerage.Request {
	asked := peerage.Request{ShardKey: req.ShardKey}
	for _, name := range i.headers {
		if value, has := req.Headers.Get(name); has {
			if asked.Headers == nil {
				asked.Headers = make(map[string]string, len(i.headers))
			}
			asked.Headers[name] = value
		}
	}
	return asked
}

// explain is the error of a choice, for a request with this key, in YARPC's
// words.
func (l *List) explain(ctx context.Context, key string, err error) error {
	failed := (*peerage.Error)(nil)
	if !errors.As(err, &failed) {
		return yarpcerrors.Newf(yarpcerrors.CodeInternal, "%q peer list: %w", l.name, err)
	}
	cause := ctx.Err()
	if cause == nil {
		cause = context.DeadlineExceeded
	}
	waited := failed.Code == peerage.ErrTimedOut || failed.Code == peerage.ErrCancelled
	switch {
	case failed.Code == peerage.ErrStopped || l.stopped.Load():
		return notRunning(l.name, "stopped")
	case failed.Code == peerage.ErrNotRunning || waited && !l.chooser.IsRunning():
		return neverStarted(l.name, cause)
	case failed.Code == peerage.ErrNoPeer:
		return failedFast(failed)
	case failed.Code == peerage.ErrTimedOut:
		return timedOut(failed, cause)
	case failed.Code == peerage.ErrCancelled:
		return cancelled(failed, cause)
	case failed.Code == peerage.ErrQueueFull:
		return yarpcerrors.Newf(yarpcerrors.CodeResourceExhausted, "%w", err)
	case failed.Code == peerage.ErrRejected:
		return refused(failed)
	case failed.Code == peerage.ErrInvalidArgument && l.name == direct:
		return namesNobody(key)
	case failed.Code == peerage.ErrInvalidArgument || failed.Code == peerage.ErrInvalidUTF8:
		return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument, "%w", err)
	}
	return yarpcerrors.Newf(yarpcerrors.CodeInternal, "%w", err)
}

// refused is the transport's own error.
func refused(failed *peerage.Error) error {
	var causes error
	for _, cause := range failed.Unwrap() {
		if cause != failed.Code {
			causes = multierr.Append(causes, cause)
		}
	}
	if causes == nil {
		return failed
	}
	return causes
}
