package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// failed is the error of a choice, in the words of the library. A choice builds no error in C, so
// that one that fails costs no more than one that does not.
func (c *core) failed(why *miss, waited time.Duration) error {
	stats, code := c.stats(), why.code
	list := quoted(c.name) + " peer list "
	var text string
	switch {
	case code == ErrNoPeer && c.failFast:
		text = list + has(stats) + ", did not wait for " + what(stats) + " (fail-fast is enabled)"
	case code == ErrNoPeer:
		text = list + has(stats) + ", did not wait (not asked to)"
	case code == ErrTimedOut && stats.Peers == 0:
		text = list + has(stats) + ", waited for " + what(stats) +
			" but timed out (fail-fast is not enabled): waited " + micros(waited)
	case code == ErrTimedOut:
		text = list + has(stats) + ", timed out waiting for " + what(stats) +
			" (fail-fast is not enabled): waited " + micros(waited)
	case code == ErrCancelled:
		text = list + has(stats) + ", the wait was cancelled"
	case code == ErrStopped:
		text = list + "was stopped"
	case code == ErrNotRunning:
		text = list + "is not running: it was not started"
	default:
		text = quoted(c.name) + " chooser: " + code.Error()
	}
	return &Error{Code: code, Message: text, causes: why.causes}
}

// ended is the error of a choice that its context has ended.
func (c *core) ended(ctx context.Context, waited time.Duration) error {
	causes, code := []error{ctx.Err()}, ErrCancelled
	if cause := context.Cause(ctx); cause != ctx.Err() {
		causes = append(causes, cause)
	}
	if ctx.Err() == context.DeadlineExceeded {
		code = ErrTimedOut
	}
	return c.failed(&miss{code, causes}, waited)
}

func has(stats Stats) string {
	switch {
	case stats.Peers == 0:
		return "has no peers"
	case stats.Available > 0 && stats.Peers == 1:
		return "has 1 peer, which is available, but not for this request"
	case stats.Available > 0:
		return fmt.Sprintf("has %d peers, %d of them available, but none for this request",
			stats.Peers, stats.Available)
	case stats.Peers == 1:
		return "has 1 peer but it is not responsive"
	}
	return fmt.Sprintf("has %d peers but none are responsive", stats.Peers)
}

func what(stats Stats) string {
	switch {
	case stats.Peers == 0:
		return "peers to be added"
	case stats.Available == 0:
		return "a connection to open"
	}
	return "another one"
}

func micros(waited time.Duration) string { return waited.Round(time.Microsecond).String() }

func quoted(text string) string { return strconv.Quote(text) }
