package peerage

// #include "shim.h"
import "C"

import (
	"errors"
	"log/slog"
	"runtime/cgo"
	"sync/atomic"
)

// Handles that were made and not dropped.
var handles atomic.Int64

// newHandle makes the number by which C knows a Go value until peerageGoDrop.
func newHandle(value any) C.uintptr_t {
	handles.Add(1)
	return C.uintptr_t(cgo.NewHandle(value))
}

func valueOf[T any](handle C.uintptr_t) T { return cgo.Handle(handle).Value().(T) }

//export peerageGoDrop
func peerageGoDrop(handle C.uintptr_t) {
	cgo.Handle(handle).Delete()
	handles.Add(-1)
}

// failures are the errors of the callbacks that ran during a call.
type failures struct{ errs []error }

// withFailure adds an error, if it is one, to those that a handle (or 0) stands for.
func withFailure(handle C.uintptr_t, err error) C.uintptr_t {
	if err == nil {
		return handle
	}
	if handle == 0 {
		handle = newHandle(&failures{})
	}
	list := valueOf[*failures](handle)
	list.errs = append(list.errs, err)
	return handle
}

// takeFailures returns the errors and drops the handle.
func takeFailures(handle C.uintptr_t) []error {
	if handle == 0 {
		return nil
	}
	defer peerageGoDrop(handle)
	return valueOf[*failures](handle).errs
}

//export peerageGoStray
func peerageGoStray(handle C.uintptr_t) { logFailures(takeFailures(handle)) }

// logFailures is for calls that cannot return an error.
func logFailures(errs []error) {
	if len(errs) != 0 {
		slog.Error("peerage: a callback failed", "error", errors.Join(errs...))
	}
}
