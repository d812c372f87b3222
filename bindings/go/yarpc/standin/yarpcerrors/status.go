// Package yarpcerrors declares errors with a code.
package yarpcerrors

import (
	"errors"
	"fmt"
)

// Code is the kind of an error; the numbers are those of gRPC.
type Code int

// The codes that a peer list uses.
const (
	CodeOK                 Code = 0
	CodeCancelled          Code = 1
	CodeUnknown            Code = 2
	CodeInvalidArgument    Code = 3
	CodeFailedPrecondition Code = 9
	CodeInternal           Code = 13
	CodeResourceExhausted  Code = 8
	CodeUnavailable        Code = 14
)

var names = map[Code]string{
	CodeOK: "ok", CodeCancelled: "cancelled", CodeUnknown: "unknown", CodeInvalidArgument: "invalid-argument",
	CodeResourceExhausted:  "resource-exhausted",
	CodeFailedPrecondition: "failed-precondition", CodeInternal: "internal", CodeUnavailable: "unavailable",
}

// String is the code's name.
func (c Code) String() string { return names[c] }

// Status is an error with a code.
type Status struct {
	code Code
	err  error
}

// Newf makes an error; %w wraps another.
func Newf(code Code, format string, args ...any) *Status {
	return &Status{code, fmt.Errorf(format, args...)}
}

// FromError finds the status in an error.
func FromError(err error) *Status {
	if err == nil {
		return nil
	}
	var status *Status
	if errors.As(err, &status) {
		return status
	}
	return &Status{CodeUnknown, err}
}

// Code is the error's code.
func (s *Status) Code() Code {
	if s == nil {
		return CodeOK
	}
	return s.code
}

// Message is the error's text without the code.
func (s *Status) Message() string { return s.err.Error() }

// Error is the code and the text.
func (s *Status) Error() string { return fmt.Sprintf("code:%v message:%v", s.code, s.err) }

// Unwrap is the error that %w named.
func (s *Status) Unwrap() error { return errors.Unwrap(s.err) }
