package yarpcpeers

import (
	"context"
	"errors"
	"strings"

	"peerage.dev/go"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/yarpcerrors"
)

// The errors of Choose have YARPC's codes and texts: callers and middleware
// branch on the code, and people search for the text.
//
//	unavailable          no peer could be chosen before the deadline, or at all (FailFast)
//	failed-precondition  the list was not running before the deadline, or is stopped
//	cancelled            the context was cancelled while Choose waited
//	invalid-argument     the shard key that Direct needs is missing, or is no name
//
// Each wraps the error of the context, if that ended the wait.

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

// failedFast has the library's sentence, which is YARPC's.
func failedFast(failed *peerage.Error) error {
	return yarpcerrors.Newf(yarpcerrors.CodeUnavailable, "%s", failed.Message)
}

// timedOut has the library's sentence without how long that was, which YARPC
// does not say.
func timedOut(failed *peerage.Error, cause error) error {
	text := failed.Message
	if end := strings.LastIndex(text, ": waited "); end >= 0 {
		text = text[:end]
	}
	return yarpcerrors.Newf(yarpcerrors.CodeUnavailable, "%s: %w", text, cause)
}

func cancelled(failed *peerage.Error, cause error) error {
	return yarpcerrors.Newf(yarpcerrors.CodeCancelled, "%s: %w", failed.Message, cause)
}

func neverStarted(name string, cause error) error {
	return yarpcerrors.Newf(yarpcerrors.CodeFailedPrecondition,
		"%q peer list is not running: context finished while waiting for instance to start: %w", name, cause)
}

func notRunning(name, state string) error {
	return yarpcerrors.Newf(yarpcerrors.CodeFailedPrecondition,
		"%q peer list is not running: current state is %q", name, state)
}

// namesNobody is the error of Direct for a key that cannot be an identifier.
func namesNobody(key string) error {
	if key == "" {
		return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
			`"direct" chooser requires ShardKey to be non-empty`)
	}
	if strings.Contains(key, "\x00") {
		return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
			`"direct" chooser requires ShardKey to hold no NUL, for it names a peer: %.64q does`, key)
	}
	return yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
		`"direct" chooser requires ShardKey to be UTF-8, for it names a peer: %.64q is not`, key)
}
