package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"log/slog"
	"time"
)

// The levels of C, from the least to the most.
var logLevels = map[C.int32_t]slog.Level{
	C.PEERAGE_LOG_ERROR: slog.LevelError,
	C.PEERAGE_LOG_INFO:  slog.LevelInfo,
	C.PEERAGE_LOG_DEBUG: slog.LevelDebug,
}

// newLog returns how much to log, and a handle of where to; 0 for nothing.
func newLog(handler slog.Handler) (C.int32_t, C.uintptr_t) {
	most := C.int32_t(C.PEERAGE_LOG_OFF)
	if handler == nil {
		return most, 0
	}
	for level, name := range logLevels {
		if level > most && handler.Enabled(context.Background(), name) {
			most = level
		}
	}
	if most == C.PEERAGE_LOG_OFF {
		return most, 0
	}
	return most, newHandle(handler)
}

//export peerageGoLog
func peerageGoLog(ctx, failures C.uintptr_t, level C.int32_t, message *C.char, messageLen C.size_t) C.uintptr_t {
	handler := valueOf[slog.Handler](ctx)
	record := slog.NewRecord(time.Now(), logLevels[level], goString(message, messageLen), 0)
	return withFailure(failures, guard("the log", func() error {
		return handler.Handle(context.Background(), record)
	}))
}
