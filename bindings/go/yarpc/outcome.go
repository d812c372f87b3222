package yarpcpeers

import (
	"context"
	"errors"

	"peerage.dev/go"

	"go.uber.org/yarpc/yarpcerrors"
)

// outcome is what the error of a request says about its peer, for policies that learn and for ejection.
//
// A code that a handler chooses is an answer: the peer has done its work, and another would say the same.
// What says that the peer could not answer, or not in time, is its fault. A peer that has too much to do
// says so by resource-exhausted, and is not sick. A caller that gave up says nothing.
func outcome(err error) peerage.Outcome {
	if err == nil {
		return peerage.Success
	}
	if errors.Is(err, context.Canceled) {
		return peerage.Cancelled
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return peerage.Failure
	}
	switch yarpcerrors.FromError(err).Code() {
	case yarpcerrors.CodeCancelled:
		return peerage.Cancelled
	case yarpcerrors.CodeResourceExhausted:
		return peerage.Overloaded
	case yarpcerrors.CodeInvalidArgument, yarpcerrors.CodeNotFound, yarpcerrors.CodeAlreadyExists,
		yarpcerrors.CodePermissionDenied, yarpcerrors.CodeFailedPrecondition, yarpcerrors.CodeAborted,
		yarpcerrors.CodeOutOfRange, yarpcerrors.CodeUnauthenticated:
		return peerage.Success
	}
	// Unavailable, deadline-exceeded, internal, unknown, unimplemented, data-loss, and what has no code.
	return peerage.Failure
}
