package peerage

// #include "shim.h"
import "C"

import (
	"log/slog"
	"runtime"
	"time"
	"unsafe"
)

// Forever is a timeout that never comes.
const Forever time.Duration = C.PEERAGE_TIMEOUT_FOREVER

// DefaultTimeout is how long a wait lasts if neither its context nor an option says otherwise.
const DefaultTimeout = 500 * time.Millisecond

// Option is a setting of a chooser.
type Option func(*options)

// What is nil or empty is not set: the text says it, or else the library's default applies.
type options struct {
	text     string
	name     string
	failFast *bool
	shuffle  *bool
	seed     *uint64
	timeout  *time.Duration
	policy   Policy
	log      slog.Handler
}

// WithOptions sets options by a text, key[=value][,key[=value]]..., as configuration files have it:
// name, capacity, shuffle, seed, fail-fast, timeout, max-pending, queue, max-waiting, eject, panic,
// panic-threshold, subset, client, spill or zone, as in "fail-fast,timeout=200ms". [OptionKeys] has
// the values they take. What other options set stands above it, in whichever order they come.
func WithOptions(text string) Option { return func(o *options) { o.text = text } }

// WithName gives the chooser a name, for errors and status pages. Without it, and if it is empty, it
// has its policy's.
func WithName(name string) Option { return func(o *options) { o.name = name } }

// WithFailFast makes Choose fail at once when no peer is available, instead of waiting for one.
func WithFailFast(failFast bool) Option { return func(o *options) { o.failFast = &failFast } }

// WithDefaultTimeout says how long Choose waits when its context has no deadline: [Forever], or
// [DefaultTimeout] if this option is not given. A context with a deadline is waited for until then.
func WithDefaultTimeout(timeout time.Duration) Option {
	return func(o *options) { o.timeout = &timeout }
}

// WithSeed makes the order of additions and the draws of policies repeatable.
func WithSeed(seed uint64) Option { return func(o *options) { o.seed = &seed } }

// WithShuffle says whether peers that are added together are put in a random order, which they are
// by default, so that many clients with the same list do not begin with the same peer.
func WithShuffle(shuffle bool) Option { return func(o *options) { o.shuffle = &shuffle } }

// WithLog has the chooser log what it does to a handler, as far as the handler is enabled when the
// chooser is made: what failed at [slog.LevelError], updates and changes of status at
// [slog.LevelInfo], waits at [slog.LevelDebug].
func WithLog(handler slog.Handler) Option { return func(o *options) { o.log = handler } }

// WithCustomPolicy has a policy written in Go choose the peers. The name of a policy must be empty
// then.
func WithCustomPolicy(policy Policy) Option { return func(o *options) { o.policy = policy } }

func collect(opts []Option) options {
	var all options
	for _, opt := range opts {
		opt(&all)
	}
	return all
}

// raw is what C reads of the options. Its texts stay where they are until the pinner lets them go.
//
// A timeout of 0 is one that is not set for C, so it is not told: it is Go that waits.
func (o options) raw(pinner *runtime.Pinner, policy string) C.peerage_chooser_opts {
	text := func(text string) C.peerage_str {
		chars := charsOf(text)
		if chars != nil {
			pinner.Pin(chars)
		}
		return C.peerage_str{ptr: chars, len: C.size_t(len(text))}
	}
	raw := C.peerage_chooser_opts{
		policy:             text(policy),
		options:            text(o.text),
		name:               text(o.name),
		default_timeout_ns: C.PEERAGE_TIMEOUT_DEFAULT,
		fail_fast:          setting(o.failFast),
		shuffle:            setting(o.shuffle),
	}
	raw.size = C.size_t(unsafe.Sizeof(raw))
	if o.seed != nil {
		raw.seed, raw.has_seed = C.uint64_t(*o.seed), 1
	}
	if o.timeout != nil && *o.timeout != 0 {
		raw.default_timeout_ns = C.int64_t(*o.timeout) // Forever is PEERAGE_TIMEOUT_FOREVER.
	}
	return raw
}

func setting(on *bool) C.uint8_t {
	switch {
	case on == nil:
		return 0
	case *on:
		return C.PEERAGE_SWITCH_ON
	}
	return C.PEERAGE_SWITCH_OFF
}

// flag is a bool as C has it.
func flag(on bool) C.int {
	if on {
		return 1
	}
	return 0
}
