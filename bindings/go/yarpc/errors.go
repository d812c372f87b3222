package yarpcpeers

import (
	"fmt"
	"strings"

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

// counts are what a list looked like when a choice was given up.
type counts struct {
	peers, available int
}

func (c counts) String() string {
	switch {
	case c.peers == 0:
		return "has no peers"
	case c.available > 0 && c.peers == 1:
		return "has 1 peer, which is available, but not for this request"
	case c.available > 0:
		return fmt.Sprintf("has %d peers, %d of them available, but none for this request", c.peers, c.available)
	case c.peers == 1:
		return "has 1 peer but it is not responsive"
	}
	return fmt.Sprintf("has %d peers but none are responsive", c.peers)
}

func (c counts) awaited() string {
	switch {
	case c.peers == 0:
		return "peers to be added"
	case c.available > 0:
		return "another one"
	}
	return "a connection to open"
}

func failedFast(name string, seen counts) error {
	return yarpcerrors.Newf(yarpcerrors.CodeUnavailable,
		"%q peer list %v, did not wait for %s (fail-fast is enabled)", name, seen, seen.awaited())
}

func timedOut(name string, seen counts, cause error) error {
	wait := "timed out waiting for " + seen.awaited()
	if seen.peers == 0 {
		wait = "waited for " + seen.awaited() + " but timed out"
	}
	return yarpcerrors.Newf(yarpcerrors.CodeUnavailable,
		"%q peer list %v, %s (fail-fast is not enabled): %w", name, seen, wait, cause)
}

func cancelled(name string, seen counts, cause error) error {
	return yarpcerrors.Newf(yarpcerrors.CodeCancelled,
		"%q peer list %v, the wait was cancelled: %w", name, seen, cause)
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
