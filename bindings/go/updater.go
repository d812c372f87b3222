package peerage

// #include "shim.h"
import "C"

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Updater feeds a chooser with the peers that a source knows, in a thread of its own while it runs.
//
// Each answer of the source is the whole set of the chooser's peers, with their weights, tiers and
// zones: nothing else should add or remove any. When the source fails, or answers with no peers, those
// that there are stay, and it is asked again after longer and longer pauses. The chooser's log
// ([WithLog]) tells of all that.
//
// Once started it goes on until it is stopped or closed, also if nothing refers to it any more: then as
// long as its chooser is of use to anyone.
//
// The methods of a [Transport] are then called by the library's own threads too. What they return there,
// and panics, the chooser's log and [log/slog] have.
type Updater struct {
	// nil: closed.
	core atomic.Pointer[updater]
	uri  string
}

// updater is an updater for as long as any call uses it, as core is a chooser.
type updater struct {
	c       *C.peerage_updater
	chooser *core
}

// feeds are the updaters of a chooser that were started and not stopped. The chooser keeps them: an
// updater that the collector found would be stopped, and take its peers out.
type feeds struct {
	mu       sync.Mutex
	updaters map[*updater]struct{}
}

func (f *feeds) keep(u *updater) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.updaters == nil {
		f.updaters = map[*updater]struct{}{}
	}
	f.updaters[u] = struct{}{}
}

func (f *feeds) forget(u *updater) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.updaters, u)
}

// SourceStatus says how the source of an updater has been since its updater was started.
type SourceStatus struct {
	// Source is the URI.
	Source string
	// Running says whether the updater was started, and not stopped.
	Running bool
	// Attempts is how often the source was asked.
	Attempts uint64
	// Successes is how often it has answered with peers, Failures how often it has not answered, Empties
	// how often it has answered with no peers, and those there were have been kept.
	Successes, Failures, Empties uint64
	// Changes is how often its answer has changed the list.
	Changes uint64
	// Peers is how many peers the chooser has by it.
	Peers int
	// Age is how long ago its last answer with peers was; negative if there was none.
	Age time.Duration
	// IsSnapshot says whether the peers are those of the snapshot file, as the source has not answered yet.
	IsSnapshot bool
	// Err is why it has not answered the last time; nil if it has.
	Err error
}

// NewUpdater makes an updater of a chooser, which is asked nothing before Start. The source is a URI,
// scheme:rest[#key=value[,key=value]...], such as "dns:users.internal:8080", "file:/etc/users.peers" or
// "static:10.0.0.1:80,10.0.0.2:80*3". [Schemes] has all of them, and their keys.
//
// A URI that is none is [ErrInvalidArgument], and the error says which part is wrong; a source that the C
// library was built without is [ErrUnsupported], as is a chooser direct.
func NewUpdater(chooser *Chooser, uri string) (*Updater, error) {
	core := chooser.core.Load()
	if core == nil {
		return nil, chooser.closed()
	}
	defer runtime.KeepAlive(core)
	var pinner runtime.Pinner
	defer pinner.Unpin()
	text := unsafe.StringData(uri)
	if text != nil {
		pinner.Pin(text)
	}
	result := C.peerage_go_updater_new(core.handle(), (*C.char)(unsafe.Pointer(text)), C.size_t(len(uri)))
	if err := outcomeOf(result); err != nil {
		return nil, err
	}
	core.deferred.feed()
	made := &updater{c: (*C.peerage_updater)(result.made), chooser: core}
	runtime.AddCleanup(made, freeUpdater, made.c)
	u := &Updater{uri: uri}
	u.core.Store(made)
	return u, nil
}

// Feed makes an updater and starts it.
func Feed(chooser *Chooser, uri string) (*Updater, error) {
	u, err := NewUpdater(chooser, uri)
	if err != nil {
		return nil, err
	}
	if err := u.Start(); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	return u, nil
}

// freeUpdater gives an updater back that cannot be reached any more. It may run callbacks, so not on
// the goroutine of the cleanups.
func freeUpdater(c *C.peerage_updater) {
	go func() { logFailures(takeFailures(C.peerage_go_updater_free(c).failures)) }()
}

// Start begins to ask the source and to feed the chooser. It does not wait for the answer, but for that of
// static: a [Chooser.Choose] waits until there are peers. Starting an updater that runs does nothing; one
// that was stopped cannot be started.
func (u *Updater) Start() error {
	core := u.core.Load()
	if core == nil {
		return &Error{Code: ErrStopped, Message: quoted(u.uri) + " updater was closed"}
	}
	defer runtime.KeepAlive(core)
	// Beforehand: a callback of the start may stop it.
	core.chooser.feeds.keep(core)
	result := C.peerage_go_updater_start(core.c)
	if result.status == C.PEERAGE_OK {
		// A peer that is refused is no start that has failed, whichever thread it is refused on.
		logFailures(takeFailures(result.failures))
		return nil
	}
	core.chooser.feeds.forget(core)
	return outcomeOf(result)
}

// Stop asks the source no more, and takes its peers out of the chooser: within 50 ms, if the transport
// does not block. To keep them, stop the chooser first. Stopping an updater that was stopped does nothing.
func (u *Updater) Stop() error {
	core := u.core.Load()
	if core == nil {
		return nil
	}
	return core.stop()
}

// Close stops the updater and gives up what it holds, the chooser among it. Closing an updater that was
// closed does nothing.
func (u *Updater) Close() error {
	core := u.core.Swap(nil)
	if core == nil {
		return nil
	}
	return core.stop()
}

func (u *updater) stop() error {
	defer runtime.KeepAlive(u)
	defer u.chooser.feeds.forget(u)
	return outcomeOf(C.peerage_go_updater_stop(u.c))
}

// Refresh ends the pause that the source is in, so that it is asked again at once. It does not wait for
// the answer.
func (u *Updater) Refresh() {
	if core := u.core.Load(); core != nil {
		C.peerage_updater_refresh(core.c)
		runtime.KeepAlive(core)
	}
}

// Status says how the source has been. Of an updater that was closed nothing is known.
func (u *Updater) Status() SourceStatus {
	core := u.core.Load()
	if core == nil {
		return SourceStatus{Source: u.uri, Age: -1}
	}
	defer runtime.KeepAlive(core)
	return sourceStatusOf(core.c)
}

// source is how the source of the chooser's updater has been; nil if it has none.
func (c *core) source() *SourceStatus {
	var found *C.peerage_updater
	if C.peerage_chooser_updater(c.handle(), &found) != C.PEERAGE_OK {
		return nil
	}
	// Should it be the last reference, the updater is stopped, which runs callbacks.
	defer func() { logFailures(takeFailures(C.peerage_go_updater_free(found).failures)) }()
	status := sourceStatusOf(found)
	return &status
}

func sourceStatusOf(c *C.peerage_updater) SourceStatus {
	status := SourceStatus{Source: goText(C.peerage_updater_uri(c))}
	var counts C.peerage_source_status
	C.peerage_updater_status(c, &counts, C.size_t(unsafe.Sizeof(counts)))
	status.Running = counts.running != 0
	status.Attempts = uint64(counts.attempts)
	status.Successes, status.Failures = uint64(counts.successes), uint64(counts.failures)
	status.Empties, status.Changes = uint64(counts.empties), uint64(counts.changes)
	status.Peers, status.Age = int(counts.peers), time.Duration(counts.age_ns)
	status.IsSnapshot = counts.is_snapshot != 0
	text := written(func(buf *C.char, size C.size_t, needed *C.size_t) C.peerage_status {
		return C.peerage_updater_last_error(c, buf, size, needed)
	})
	if text != "" {
		status.Err = errors.New(text)
	}
	return status
}

// written has C write a text, as often as it takes to have room for all of it.
func written(write func(*C.char, C.size_t, *C.size_t) C.peerage_status) string {
	for needed := C.size_t(255); ; {
		buf := make([]byte, needed+1)
		text := (*C.char)(unsafe.Pointer(unsafe.SliceData(buf)))
		if write(text, C.size_t(len(buf)), &needed) != C.PEERAGE_OK {
			return ""
		}
		if int(needed) < len(buf) {
			return string(buf[:needed])
		}
	}
}
