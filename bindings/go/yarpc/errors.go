package yarpcpeers

import (
	"context"
	"errors"
	"fmt"

	"peerage.dev/go"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/yarpcerrors"
)

// The errors of Choose have YARPC's codes, since callers and middleware branch on them, and the
// library's sentences, which are YARPC's, since people search for them:
//
//	unavailable          no peer could be chosen before the deadline, or at all (FailFast)
//	deadline-exceeded    the context's deadline had passed before Choose
//	cancelled            the context was cancelled, before or while Choose waited
//	failed-precondition  the list was not running before the deadline, or is stopped
//	resource-exhausted   as many callers wait as may (max-waiting)
//	invalid-argument     the request lacks what the policy needs of it, such as the shard key of Direct
//
// Each wraps the *peerage.Error that it comes from, and so the error of the context that ended the wait.

// explain is the error of a choice in YARPC's words.
func (l *List) explain(ctx context.Context, err error) error {
	// A choice returns such an error as it is: to look for one inside costs as much as half a choice.
	failed, is := err.(*peerage.Error)
	if !is && !errors.As(err, &failed) {
		return yarpcerrors.Newf(yarpcerrors.CodeInternal, "%q peer list: %w", l.name, err)
	}
	switch failed.Code {
	case peerage.ErrRejected:
		return refused(failed)
	case peerage.ErrNotRunning:
		return l.neverStarted(ctx, failed)
	case peerage.ErrCancelled:
		if !l.chooser.IsRunning() && !l.stopped.Load() {
			return l.neverStarted(ctx, failed)
		}
		return because(yarpcerrors.CodeCancelled, failed.Reason(), failed, endOf(ctx))
	case peerage.ErrTimedOut:
		code := yarpcerrors.CodeUnavailable
		if failed.Waited == 0 {
			// The caller has left no time to wait: that says nothing about the peers, which
			// unavailable would to what retries or ejects.
			code = yarpcerrors.CodeDeadlineExceeded
		}
		return because(code, failed.Reason(), failed, endOf(ctx))
	}
	return because(codeOf(failed.Code), failed.Reason(), failed, nil)
}

func codeOf(code peerage.Code) yarpcerrors.Code {
	switch code {
	case peerage.ErrNoPeer:
		return yarpcerrors.CodeUnavailable
	case peerage.ErrStopped:
		return yarpcerrors.CodeFailedPrecondition
	case peerage.ErrQueueFull:
		return yarpcerrors.CodeResourceExhausted
	case peerage.ErrInvalidArgument, peerage.ErrInvalidUTF8:
		return yarpcerrors.CodeInvalidArgument
	}
	return yarpcerrors.CodeInternal
}

// neverStarted is the one sentence that is not the library's: it speaks of contexts.
func (l *List) neverStarted(ctx context.Context, failed *peerage.Error) error {
	text := fmt.Sprintf("%q peer list is not running: context finished while waiting for instance to start", l.name)
	return because(yarpcerrors.CodeFailedPrecondition, text, failed, endOf(ctx))
}

// endOf is what ended a wait: the context or, where YARPC would have given it a deadline, the default
// timeout.
func endOf(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return context.DeadlineExceeded
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

// because is an error of YARPC with a text that ends with that of end, unless this is nil. It wraps both.
func because(code yarpcerrors.Code, text string, failed *peerage.Error, end error) error {
	if end == nil && text == failed.Message {
		return yarpcerrors.Newf(code, "%w", (*sentence)(failed))
	}
	if end != nil {
		text += ": " + end.Error()
	}
	return yarpcerrors.Newf(code, "%w", &reason{text, failed, end})
}

// sentence is an error of the library without the prefix of its text. It wraps that error, in the same memory:
// a choice that fails at once makes no other.
type sentence peerage.Error

func (s *sentence) Error() string { return s.Message }

func (s *sentence) Unwrap() error { return (*peerage.Error)(s) }

// reason has a text of its own for what it wraps.
type reason struct {
	text   string
	failed *peerage.Error
	end    error
}

func (r *reason) Error() string { return r.text }

func (r *reason) Unwrap() []error {
	if r.end == nil {
		return []error{r.failed}
	}
	return []error{r.failed, r.end}
}

// coded is an error of the chooser's with a code, for calls that have no text of YARPC's.
func coded(code yarpcerrors.Code, err error) error {
	if failed := (*peerage.Error)(nil); errors.As(err, &failed) {
		return because(code, failed.Message, failed, nil)
	}
	return err
}
