package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"strings"
	"sync/atomic"
	"time"
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
	// Never calls back while it chooses.
	quick  bool
	memory memory
	// nil: ends of requests are told at once.
	late *late
	// The transport wants to hear of requests.
	hooks    bool
	failFast bool
	timeout  time.Duration
}

// Updates says which peers to add to a chooser and which to remove from it.
type Updates struct {
	// Add has the identifiers of peers to add.
	Add []string
	// Remove has the identifiers of peers to remove.
	Remove []string
}

// NewChooser makes a chooser of the transport's peers; it begins to choose after Start. The policy
// is named as name[:key=value[,key=value]...]: round-robin, random, two-random-choices,
// fewest-pending-requests, hashring32 (replicas, delimiter and others), single or direct.
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
	custom, err := newPolicy(o.policy)
	if err != nil {
		return nil, err
	}
	defer C.peerage_policy_unref(custom)
	if o.timeout < 0 && o.timeout != Forever {
		return nil, &Error{Code: ErrInvalidArgument, Message: "the default timeout is negative"}
	}
	var seed, hasSeed = C.uint64_t(0), C.int(0)
	if o.seed != nil {
		seed, hasSeed = C.uint64_t(*o.seed), 1
	}
	level, log := newLog(o.log)
	result := C.peerage_go_chooser_new(c, custom,
		charsOf(policy), C.size_t(len(policy)), charsOf(o.name), C.size_t(len(o.name)),
		seed, hasSeed, flag(o.failFast), flag(o.noShuffle), level, log)
	if err := outcomeOf(result); err != nil {
		return nil, err
	}
	kind, _, _ := strings.Cut(policy, ":")
	name := o.name
	if name == "" {
		name = kind
	}
	made := &core{
		c:         (*C.peerage_chooser)(result.made),
		transport: t,
		name:      name,
		memory:    newMemory((*C.peerage_chooser)(result.made)),
		late:      newLate(kind),
		quick:     isQuick(kind),
		hooks:     t.hooks(),
		failFast:  o.failFast,
		timeout:   o.timeout,
	}
	runtime.AddCleanup(made, freeChooser, remains{made.c, made.late})
	chooser := &Chooser{name: name}
	chooser.core.Store(made)
	return chooser, nil
}

// handle is for the arguments of calls, after which the core must be kept alive.
func (c *core) handle() *C.peerage_chooser {
	handle := c.c
	collectGarbage()
	return handle
}

// remains is what a core leaves behind.
type remains struct {
	c    *C.peerage_chooser
	late *late
}

// freeChooser gives a chooser back that nobody can reach any more. It may run callbacks, so not on
// the goroutine of the cleanups.
func freeChooser(left remains) {
	go func() {
		logFailures(takeFailures(C.peerage_go_chooser_free(left.c).failures))
		left.late.removed()
	}()
}

func isQuick(policy string) bool {
	switch policy {
	case "round-robin", "random", "two-random-choices", "fewest-pending-requests", "hashring32", "single":
		return true
	}
	return false
}

func flag(on bool) C.int {
	if on {
		return 1
	}
	return 0
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
	defer core.late.removed()
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
	defer core.late.removed()
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

// Update removes and adds peers, in this order. What can be done is done; what cannot is reported
// together, with the code of the first failure. The errors of the transport are wrapped.
func (c *Chooser) Update(updates Updates) error {
	core := c.core.Load()
	if core == nil {
		return c.closed()
	}
	defer runtime.KeepAlive(core)
	defer core.late.removed()
	texts, lens := concat(append(append([]string{}, updates.Add...), updates.Remove...))
	return outcomeOf(C.peerage_go_update(core.handle(), texts, lens,
		C.size_t(len(updates.Add)), C.size_t(len(updates.Remove))))
}

func (c *Chooser) closed() error {
	return &Error{Code: ErrStopped, Message: quoted(c.name) + " chooser was closed"}
}
