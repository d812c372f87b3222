package yarpcpeers

import (
	"strings"

	"peerage.dev/go"

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
