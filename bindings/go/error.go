package peerage

// #include "shim.h"
import "C"

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// Code says what kind of error an [Error] is. A code is an error itself, to be compared with:
//
//	if errors.Is(err, peerage.ErrTimedOut) { ... }
type Code int32

// The codes of errors.
const (
	// ErrInvalidArgument is an argument that is out of its range, or a policy that does not exist.
	ErrInvalidArgument Code = C.PEERAGE_ERR_INVALID_ARGUMENT
	// ErrInvalidUTF8 is a text that is not UTF-8.
	ErrInvalidUTF8 Code = C.PEERAGE_ERR_INVALID_UTF8
	// ErrUnsupported is something that this chooser cannot do.
	ErrUnsupported Code = C.PEERAGE_ERR_UNSUPPORTED
	// ErrNoPeer is a choice that did not wait, and there was no peer to choose.
	ErrNoPeer Code = C.PEERAGE_ERR_NO_PEER
	// ErrTimedOut is a wait for a peer that took too long.
	ErrTimedOut Code = C.PEERAGE_ERR_TIMED_OUT
	// ErrCancelled is a wait whose context was cancelled.
	ErrCancelled Code = C.PEERAGE_ERR_CANCELLED
	// ErrStopped is a chooser that was stopped, or closed.
	ErrStopped Code = C.PEERAGE_ERR_STOPPED
	// ErrNotRunning is a chooser that was not started.
	ErrNotRunning Code = C.PEERAGE_ERR_NOT_RUNNING
	// ErrQueueFull is a choice that was not to wait, because as many do as may: the option max-waiting.
	ErrQueueFull Code = C.PEERAGE_ERR_QUEUE_FULL
	// ErrAlreadyInList is a peer to add that is in the list already.
	ErrAlreadyInList Code = C.PEERAGE_ERR_ALREADY_IN_LIST
	// ErrNotInList is a peer to remove that is not in the list.
	ErrNotInList Code = C.PEERAGE_ERR_NOT_IN_LIST
	// ErrGone is a peer that was released.
	ErrGone Code = C.PEERAGE_ERR_GONE
	// ErrRejected is a peer that the transport refused, or a choice that a policy did; the error
	// wraps theirs.
	ErrRejected Code = C.PEERAGE_ERR_REJECTED
	// ErrPanic is a panic in a callback, or a fault in the library.
	ErrPanic Code = C.PEERAGE_ERR_PANIC
)

// Error returns one line of English about the code.
func (c Code) Error() string {
	return C.GoString(C.peerage_status_message(C.peerage_status(c)))
}

// String returns the name of the code, such as TIMED_OUT.
func (c Code) String() string {
	return C.GoString(C.peerage_status_name(C.peerage_status(c)))
}

// Error is what went wrong with one call.
type Error struct {
	// Code is the kind of error.
	Code Code
	// Message names the chooser, the peer or the option at fault.
	Message string
	// Cause is what kept a choice from finding a peer; [NoCause] for other errors.
	Cause Cause
	// Waited is how long a choice has waited for a peer; 0 if it was not to wait, if its context was over
	// before, and for other errors.
	Waited time.Duration

	causes []error
}

// Error returns the message and, if there are any, those of the errors it wraps.
func (e *Error) Error() string {
	text := strings.Builder{}
	text.WriteString("peerage: ")
	text.WriteString(e.Message)
	for i, cause := range e.causes {
		text.WriteString([]string{": ", "; "}[min(i, 1)])
		text.WriteString(cause.Error())
	}
	return text.String()
}

// Reason returns the message without how long a wait was: a text that is the same for every wait that has
// failed for the same reason.
func (e *Error) Reason() string {
	if e.Code == ErrTimedOut && e.Waited > 0 {
		if end := strings.LastIndex(e.Message, ": waited "); end >= 0 {
			return e.Message[:end]
		}
	}
	return e.Message
}

// Unwrap returns the code, and the errors that led to this one: those of the transport, of
// callbacks that panicked, or of the context that ended a wait.
func (e *Error) Unwrap() []error { return append([]error{e.Code}, e.causes...) }

// Timeout says whether a wait took too long, as the method of that name of [net.Error] does.
func (e *Error) Timeout() bool { return e.Code == ErrTimedOut }

// PanicError is a panic in a callback: in a method of a [Transport], of a [Policy] or of a log.
type PanicError struct {
	// Callback is the name of the method.
	Callback string
	// Value is what the panic was called with.
	Value any
	// Stack is the goroutine's stack at that moment.
	Stack []byte
}

// Error returns the method and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("%s panicked: %v", e.Callback, e.Value) }

// Unwrap returns the value, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// guard runs a callback; a panic becomes an error. One that ends its goroutine can only be told of: the call
// into C that has led to it is not gone back to.
func guard(callback string, run func() error) (err error) {
	returned := false
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Callback: callback, Value: value, Stack: debug.Stack()}
		} else if !returned {
			logFailures([]error{fmt.Errorf("%s ended its goroutine (runtime.Goexit, or FailNow of a test), and so "+
				"the call that led to it: what that was to do is left undone, and the peer's name stays taken", callback)})
		}
	}()
	err = run()
	returned = true
	return err
}

// outcomeOf returns the error of a call, and frees what C holds of it.
func outcomeOf(result C.peerage_go_result) error {
	if result.status == C.PEERAGE_OK && result.failures == 0 && result.err == nil {
		return nil
	}
	causes := takeFailures(result.failures)
	failed := &Error{Code: Code(result.status), causes: causes}
	switch {
	case result.err != nil:
		message := C.peerage_error_message(result.err)
		failed.Message = goString(message.ptr, message.len)
		C.peerage_error_free(result.err)
	case result.status != C.PEERAGE_OK:
		failed.Message = failed.Code.Error()
	case len(causes) != 0:
		failed.Code = codeOf(causes)
		failed.Message = "done, but a callback failed"
	default:
		return nil
	}
	return failed
}
