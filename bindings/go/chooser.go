package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"
)

// Chooser hands out a peer for each request.
type Chooser struct {
	// nil: closed.
	core atomic.Pointer[core]
	name string
}

// core is a chooser for as long as any call uses it. What C holds is given back when nothing refers
// to the core any more, and not before: a goroutine in the middle of a choice needs no lock and no
// count to be safe from a Close on another.
type core struct {
	c         *C.peerage_chooser
	transport *transport
	name      string
	// A choice calls nothing back.
	callsNothing bool
	memory       memory
	// nil: ends of requests are told at once.
	deferred *deferred
	// The transport wants to hear of requests.
	hooks    bool
	failFast bool
	// A choice fails at once when too few peers are available.
	failsBelow bool
	timeout    time.Duration
	feeds      feeds
}

// NewChooser makes a chooser of the transport's peers; it begins to choose after Start. The policy
// is named as name[:key=value[,key=value]...]: round-robin, weighted-round-robin, random,
// two-random-choices, fewest-pending-requests, least-loaded, least-latency, least-reported, hashring32,
// maglev, single or direct. [Policies] has the keys.
func NewChooser(t Transport, policy string, opts ...Option) (*Chooser, error) {
	core, c, err := newTransport(t)
	if err != nil {
		return nil, err
	}
	defer unrefTransport(c)
	return newChooser(core, c, policy, opts)
}

func newChooser(t *transport, c *C.peerage_transport, policy string, opts []Option) (*Chooser, error) {
	o := collect(opts)
	if o.timeout != nil && *o.timeout < 0 && *o.timeout != Forever {
		return nil, &Error{Code: ErrInvalidArgument, Message: "the default timeout is negative"}
	}
	custom, err := newPolicy(o.policy)
	if err != nil {
		return nil, err
	}
	defer C.peerage_policy_unref(custom)
	var pinner runtime.Pinner
	defer pinner.Unpin()
	raw := o.raw(&pinner, policy)
	raw.transport, raw.custom_policy = c, custom
	level, log := newLog(o.log)
	result := C.peerage_go_chooser_new(&raw, level, log)
	if err := outcomeOf(result); err != nil {
		return nil, err
	}
	made := newCore((*C.peerage_chooser)(result.made), t)
	if o.timeout != nil {
		made.timeout = *o.timeout
	}
	chooser := &Chooser{name: made.name}
	chooser.core.Store(made)
	return chooser, nil
}

// newCore asks C what came of the options, and what may be made of the policy.
func newCore(c *C.peerage_chooser, t *transport) *core {
	var settings C.peerage_settings
	C.peerage_chooser_settings(c, &settings, C.size_t(unsafe.Sizeof(settings)))
	made := &core{
		c:            c,
		transport:    t,
		name:         goString(settings.name.ptr, settings.name.len),
		callsNothing: settings.flags&C.PEERAGE_CALLS_NOTHING != 0,
		memory:       newMemory(c),
		hooks:        t.hooks(),
		failFast:     settings.flags&C.PEERAGE_FAILS_FAST != 0,
		failsBelow:   settings.flags&C.PEERAGE_FAILS_BELOW != 0,
		timeout:      Forever,
	}
	if settings.flags&C.PEERAGE_COUNTS_SUCCESSES != 0 {
		made.deferred = &deferred{}
	}
	if settings.default_timeout_ns != C.PEERAGE_TIMEOUT_FOREVER {
		made.timeout = time.Duration(settings.default_timeout_ns)
	}
	runtime.AddCleanup(made, freeChooser, remains{made.c, made.deferred})
	return made
}

// handle is for the arguments of calls, after which the core must be kept alive.
func (c *core) handle() *C.peerage_chooser {
	handle := c.c
	collectGarbage()
	return handle
}

// remains is what a core leaves behind.
type remains struct {
	c        *C.peerage_chooser
	deferred *deferred
}

// freeChooser gives a chooser back that cannot be reached any more. It may run callbacks, so not on
// the goroutine of the cleanups.
func freeChooser(left remains) {
	go func() {
		logFailures(takeFailures(C.peerage_go_chooser_free(left.c).failures))
		left.deferred.removed()
	}()
}

// Start retains the peers that were added so far and begins to hand them out. Starting a chooser
// that runs does nothing. If the transport refuses a peer nothing is retained, and it may be tried
// again. A chooser that was stopped cannot be started.
func (c *Chooser) Start() error {
	core := c.core.Load()
	if core == nil {
		return c.closed()
	}
	defer runtime.KeepAlive(core)
	return outcomeOf(C.peerage_go_start(core.handle()))
}

// Stop ends every wait with [ErrStopped] and releases the peers; one that has requests in flight
// when the last of them finishes. Stopping a chooser that was stopped does nothing.
func (c *Chooser) Stop() error {
	core := c.core.Load()
	if core == nil {
		return nil
	}
	defer runtime.KeepAlive(core)
	defer core.deferred.removed()
	return outcomeOf(C.peerage_go_stop(core.handle()))
}

// Close stops the chooser and gives up what it holds. Picks may be finished later. Closing a
// chooser that was closed does nothing.
func (c *Chooser) Close() error {
	core := c.core.Swap(nil)
	if core == nil {
		return nil
	}
	defer runtime.KeepAlive(core)
	defer core.deferred.removed()
	return outcomeOf(C.peerage_go_stop(core.handle()))
}

// IsRunning says whether the chooser was started, and not stopped.
func (c *Chooser) IsRunning() bool {
	core := c.core.Load()
	if core == nil {
		return false
	}
	defer runtime.KeepAlive(core)
	return C.peerage_chooser_is_running(core.handle()) != 0
}

func (c *Chooser) closed() error {
	return &Error{Code: ErrStopped, Message: quoted(c.name) + " chooser was closed", Cause: CauseStopped}
}
