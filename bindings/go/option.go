package peerage

// #include "shim.h"
import "C"

import (
	"log/slog"
	"time"
)

// Forever is a timeout that never comes.
const Forever time.Duration = -1

// DefaultTimeout is how long a wait lasts if neither its context nor [WithDefaultTimeout] says
// otherwise.
const DefaultTimeout = 500 * time.Millisecond

// Option is a setting of a chooser.
type Option func(*options)

type options struct {
	name      string
	failFast  bool
	noShuffle bool
	seed      *uint64
	timeout   time.Duration
	policy    Policy
	log       slog.Handler
}

// WithName gives the chooser a name, for errors and status pages. Without it, it has its policy's.
func WithName(name string) Option { return func(o *options) { o.name = name } }

// WithFailFast makes Choose fail at once when no peer is available, instead of waiting for one.
func WithFailFast(failFast bool) Option { return func(o *options) { o.failFast = failFast } }

// WithDefaultTimeout says how long Choose waits when its context has no deadline: [Forever], or
// [DefaultTimeout] if this option is not given. A context with a deadline is waited for until then.
func WithDefaultTimeout(timeout time.Duration) Option {
	return func(o *options) { o.timeout = timeout }
}

// WithSeed makes the order of additions and the draws of policies repeatable.
func WithSeed(seed uint64) Option { return func(o *options) { o.seed = &seed } }

// WithShuffle says whether peers that are added together are put in a random order, which they are
// by default, so that many clients with the same list do not begin with the same peer.
func WithShuffle(shuffle bool) Option { return func(o *options) { o.noShuffle = !shuffle } }

// WithLog has the chooser log what it does to a handler, as far as the handler is enabled when the
// chooser is made: failures that no call returns at [slog.LevelError], updates and changes of
// status at [slog.LevelInfo], waits at [slog.LevelDebug].
func WithLog(handler slog.Handler) Option { return func(o *options) { o.log = handler } }

// WithPolicy has a policy written in Go choose the peers. The name of a policy must be empty then.
func WithPolicy(policy Policy) Option { return func(o *options) { o.policy = policy } }

func collect(opts []Option) options {
	all := options{timeout: DefaultTimeout}
	for _, opt := range opts {
		opt(&all)
	}
	return all
}
