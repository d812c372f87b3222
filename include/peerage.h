/*
 * peerage.h - which peer gets this request?
 *
 * Generated from src/ffi; update it with
 *   PEERAGE_BLESS=1 cargo test --features header --test header
 */
#ifndef PEERAGE_H
#define PEERAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A transport (your code) makes peers and reports their status. A chooser
 * hands out one of its available peers for each request, by a policy.
 *
 *   1. Fill a peerage_transport_ops and call peerage_transport_new. In
 *      `retain` begin to connect; report with peerage_peer_set_status, from
 *      any thread, whenever you know more: also that a connection is lost,
 *      which no outcome of a request says. Connecting again is yours.
 *   2. Fill a peerage_chooser_opts from PEERAGE_CHOOSER_OPTS_INIT, name the
 *      policy and the transport, call peerage_chooser_new, then
 *      peerage_chooser_start, then peerage_chooser_update with the peers:
 *        const peerage_member peers[] = { peerage_member_of("10.0.0.1:80") };
 *   3. For each request: peerage_chooser_choose, send it to
 *      peerage_pick_peer or peerage_pick_data, then peerage_pick_finish.
 *   4. peerage_chooser_stop, then give every reference back with its _unref.
 *
 * Two parts can be left to the library: peerage_transport_probing_new makes a
 * transport that needs no code of yours, for clients that connect by
 * themselves, and peerage_updater_new feeds a chooser with what DNS, etcd, a
 * file or a URL says.
 *
 * Ownership. `_free` ends what has one owner; `_ref` and `_unref` count. A
 * `const` handle is no less alive: all of them may be shared by threads.
 * The caller of a function holds a reference to what it names while the call
 * lasts; only inside a callback may the last one be given back. Each `ctx` is
 * dropped exactly once, when the last callback that gets it has returned,
 * also when the call that took it fails.
 *
 * Threads. Any function may be called from any thread, unless it says
 * otherwise. Nothing is global and nothing belongs to a thread. No lock of a
 * chooser is held while a callback runs, so a callback may call any function
 * of this header. Only a policy's callbacks are called one at a time. What a
 * callback may not do is in the first topic, with signals and fork.
 *
 * Errors. Functions return a status: 0, or a negative number. Outputs are
 * written on success only. Cold functions take a `peerage_error **` that may
 * be NULL: on failure it gets an error to read and to free. What the variable
 * held before is not looked at, so free an error before the variable serves
 * another call. Running out of memory ends the process.
 *
 * Structs that begin with `size` grow at their end: a shorter one is read as
 * if zeros followed, a longer one is accepted if what follows is zero. Fill
 * them from their _INIT and set what you need. Structs that the library fills
 * and that may grow are given to it with their size.
 *
 * Texts that the library takes as names hold no NUL, and those that it gives
 * out end in one.
 *
 * Topics, in this order: rules, types, status, error, peer, transport, request,
 * policy, log, options, catalogue, chooser, update, updaters, settings, pick,
 * cancel, choose, explain, notify, introspect, metrics, page, names, memory.
 */

#ifdef __cplusplus
extern "C" {
#endif

#define PEERAGE_VERSION_MAJOR 0
#define PEERAGE_VERSION_MINOR 1
#define PEERAGE_VERSION_PATCH 0
/** The version of this header, as peerage_version() gives that of the library. */
#define PEERAGE_VERSION_NUMBER \
    ((PEERAGE_VERSION_MAJOR << 16) | (PEERAGE_VERSION_MINOR << 8) | PEERAGE_VERSION_PATCH)

/* What stands before every function; yours to define. */
#ifndef PEERAGE_API
#define PEERAGE_API
#endif

/* Before a function whose result says whether its output can be used, or that
 * fails for reasons that are not the caller's. */
#ifndef PEERAGE_MUST_USE
#if defined(__GNUC__) || defined(__clang__)
#define PEERAGE_MUST_USE __attribute__((warn_unused_result))
#else
#define PEERAGE_MUST_USE
#endif
#endif

/*
 * ---- rules: callbacks, signals, fork, and the end -------------------------
 *
 * Callbacks. A callback may call any function of this header, on the chooser
 * that has called it too, and may give back the last reference to anything.
 *
 * - It returns. If it is left by a C++ exception, or with glibc, but for 32-bit
 *   Arm, by pthread_exit or because its thread is cancelled, the process ends.
 *   longjmp out of it, and pthread_exit elsewhere, leave undone for ever what
 *   was under way: a start never ends, and who waits for it never returns. That
 *   is if nothing worse happens; it is undefined. longjmp to a mark that the
 *   same callback has set is as anywhere, with no call of the library between.
 * - It does not wait for what its own thread has yet to do: a choice may wait
 *   inside a callback, for a push by another thread, and a drain may not.
 * - It may start and stop other choosers, whose callbacks may start and stop
 *   this one. Where that would be a circle of threads that wait for each other,
 *   the call that would close it answers 0 at once: what it asks for is under
 *   way, and done when the callback has returned and the others have.
 * - It is short, as it keeps the thread that has brought the news. In a policy
 *   it keeps all who choose from the chooser and who finish, but not those who
 *   push and look.
 * - What it causes is called inside it: a `retain` that adds a peer is in
 *   `retain` again, an `emit` that makes an event in `emit`, and where that
 *   ends is the program's to say. Only a `ready` is never inside another one
 *   of the same chooser, and so may ask for the next one.
 *
 * Cancellation (pthread_cancel). A wait is no cancellation point: its thread
 * goes on to the end of the wait. To end one there is peerage_cancel. Other
 * calls have cancellation points inside, as callbacks have: a thread that may
 * be cancelled switches that off around its calls (pthread_setcancelstate).
 *
 * Signals. A signal does not end a wait early, and neither does setting the
 * time of day. No function may be called in a handler but
 * peerage_cancel_is_triggered, peerage_version, peerage_version_string,
 * peerage_status_name and peerage_status_message: all others take locks, so
 * have the handler wake a thread (sem_post, write). The library installs no
 * handler and masks no signal. The threads that updaters and transports that
 * probe have start with the mask of the thread that begins them: where handlers
 * belong to certain threads, block the signals around peerage_updater_start and
 * calls that add peers.
 *
 * fork. The child has a copy of everything, choosers and requests in flight
 * included, if no other thread was inside a function of this header at that
 * moment, waiting in one included: each process then goes on by itself, and
 * finishes and stops what it has. If a thread was inside, the child calls
 * nothing of the library; it may exec. The threads of the library are always
 * inside, and stay behind in the parent: fork before an updater is started and
 * before a transport that probes has peers, or have the child call nothing.
 * Random numbers differ from then on, but those of a seed do not. Turns do not
 * differ either: round-robin, weighted-round-robin and fewest-pending-requests
 * begin in every child with the same peer, the one that the parent would have
 * chosen. The connections are the transport's to share or to make again. A
 * descriptor of peerage_chooser_ready_fd is shared: a chooser that was asked
 * for it serves one of the processes only.
 *
 * The end. Nothing of the library has ended before the process: handles may be
 * used and given back in handlers of atexit, in static destructors, in any
 * order, and in destructors of a thread's data. Other threads may be waiting
 * when the process ends. The shared library may be unloaded (dlclose) when
 * every handle has been given back, every request finished, and no thread is
 * inside; threads that have used it may end later, those of updaters too.
 */

/*
 * ---- types: what crosses the boundary by value ----------------------------
 */

/**
 * How long a request took is not said, or not known.
 */
#define PEERAGE_LATENCY_UNKNOWN ((int64_t)-1)

/**
 * How a request ended: one of `PEERAGE_OUTCOME_*`.
 */
typedef int32_t peerage_outcome;

/**
 * Text: `len` bytes of UTF-8 at `ptr`. Text that the library gives out is NUL-terminated too.
 * As an input, `ptr` may be `NULL` when `len` is 0.
 *
 * The keys of a request and the values of its headers are of this type too, but are any bytes, NUL
 * among them; a policy is given them as the caller has them.
 */
typedef struct peerage_str {
    /**
     * The first byte.
     */
    const char *ptr;
    /**
     * How many bytes, the terminator not counted.
     */
    size_t len;
} peerage_str;

/**
 * The last call for a context pointer: it will not be used any more.
 */
typedef void (*peerage_drop_fn)(void *ctx);

/**
 * The peer answered.
 */
#define PEERAGE_OUTCOME_SUCCESS ((peerage_outcome)0)

/**
 * The peer failed. It is chosen on, until its transport reports that it is not available.
 */
#define PEERAGE_OUTCOME_FAILURE ((peerage_outcome)1)

/**
 * The peer refused because it has too much to do.
 */
#define PEERAGE_OUTCOME_OVERLOADED ((peerage_outcome)2)

/**
 * The caller gave up, which says nothing about the peer.
 */
#define PEERAGE_OUTCOME_CANCELLED ((peerage_outcome)3)

/**
 * The request was never sent.
 */
#define PEERAGE_OUTCOME_NOT_SENT ((peerage_outcome)4)

/**
 * The pick was given up without an outcome.
 */
#define PEERAGE_OUTCOME_ABANDONED ((peerage_outcome)5)

/** The text of a C string, without its end; `NULL` is the empty one. */
static inline peerage_str peerage_text(const char *string)
{
    peerage_str text;
    text.ptr = string;
    text.len = string ? strlen(string) : 0;
    return text;
}

/*
 * ---- status: what a call returns ------------------------------------------
 *
 * The numbers are grouped with gaps and are never used again for something
 * else: arguments from -1, choosing from -20, peers from -40, picks from -60.
 */

/**
 * What a function answers: 0 is success, every error is negative. New numbers may appear.
 */
typedef int32_t peerage_status;

/**
 * Done.
 */
#define PEERAGE_OK ((peerage_status)0)

/**
 * A required pointer is NULL.
 */
#define PEERAGE_ERR_NULL_POINTER ((peerage_status)-1)

/**
 * An argument is out of its range.
 */
#define PEERAGE_ERR_INVALID_ARGUMENT ((peerage_status)-2)

/**
 * A text is not UTF-8.
 */
#define PEERAGE_ERR_INVALID_UTF8 ((peerage_status)-3)

/**
 * This chooser cannot do that.
 */
#define PEERAGE_ERR_UNSUPPORTED ((peerage_status)-4)

/**
 * There is nothing with this number, or of this name.
 */
#define PEERAGE_ERR_NOT_FOUND ((peerage_status)-5)

/**
 * No peer can be chosen now.
 */
#define PEERAGE_ERR_NO_PEER ((peerage_status)-20)

/**
 * No peer could be chosen in time.
 */
#define PEERAGE_ERR_TIMED_OUT ((peerage_status)-21)

/**
 * The wait was cancelled.
 */
#define PEERAGE_ERR_CANCELLED ((peerage_status)-22)

/**
 * The chooser was stopped.
 */
#define PEERAGE_ERR_STOPPED ((peerage_status)-23)

/**
 * The chooser is not running.
 */
#define PEERAGE_ERR_NOT_RUNNING ((peerage_status)-24)

/**
 * As many callers wait as may: the option `max-waiting`.
 */
#define PEERAGE_ERR_QUEUE_FULL ((peerage_status)-25)

/**
 * The peer is in the list already.
 */
#define PEERAGE_ERR_ALREADY_IN_LIST ((peerage_status)-40)

/**
 * The peer is not in the list.
 */
#define PEERAGE_ERR_NOT_IN_LIST ((peerage_status)-41)

/**
 * The peer was released.
 */
#define PEERAGE_ERR_GONE ((peerage_status)-42)

/**
 * A callback refused, or a part of the chooser failed: the transport, or what feeds the chooser.
 */
#define PEERAGE_ERR_REJECTED ((peerage_status)-43)

/**
 * The pick is finished already, or was never made.
 */
#define PEERAGE_ERR_FINISHED ((peerage_status)-60)

/**
 * A fault inside the library or one of its callbacks.
 */
#define PEERAGE_ERR_PANIC ((peerage_status)-90)

/**
 * Returns the version of the library that runs: `major << 16 | minor << 8 | patch`.
 *
 * Ownership: none
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
uint32_t peerage_version(void);

/**
 * Returns the version of the library that runs, as text.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_version_string(void);

/**
 * Returns the name of a status, such as `TIMED_OUT`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_status_name(peerage_status status);

/**
 * Returns one line of English about a status. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_status_message(peerage_status status);

/*
 * ---- error: what was wrong with one call ----------------------------------
 */

/**
 * What was wrong with one call.
 */
typedef struct peerage_error peerage_error;

/**
 * Returns the status of an error; `NULL` gives `PEERAGE_ERR_NULL_POINTER`.
 *
 * Ownership: borrows `error`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_error_status(const struct peerage_error *error);

/**
 * Returns the message of an error: one line that names the peer or the option at fault.
 *
 * Ownership: the text is borrowed from `error`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; empty for `NULL`
 * Since: 0.1
 */
PEERAGE_API
peerage_str peerage_error_message(const struct peerage_error *error);

/**
 * Frees an error. `NULL` does nothing.
 *
 * Ownership: consumes `error`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
void peerage_error_free(struct peerage_error *error);

/*
 * ---- peer: where a transport reports --------------------------------------
 */

/**
 * One remote endpoint of a transport.
 */
typedef struct peerage_peer peerage_peer;

/**
 * The connection status of a peer: one of `PEERAGE_CONNECTION_*`.
 */
typedef int32_t peerage_connection;

/**
 * Not connected, and no attempt is under way: what a peer is at first.
 */
#define PEERAGE_CONNECTION_UNAVAILABLE ((peerage_connection)0)

/**
 * A connection attempt is under way.
 */
#define PEERAGE_CONNECTION_CONNECTING ((peerage_connection)1)

/**
 * Ready for requests: the only status in which a peer is chosen.
 */
#define PEERAGE_CONNECTION_AVAILABLE ((peerage_connection)2)

/**
 * Takes one more reference and returns `peer`, to keep it beyond `release`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_peer *peerage_peer_ref(const struct peerage_peer *peer);

/**
 * Gives one reference of the caller's back.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never
 * Calls back: drop of the peer's data
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_peer_unref(const struct peerage_peer *peer);

/**
 * Reports the status of a peer: one of `PEERAGE_CONNECTION_UNAVAILABLE`, `PEERAGE_CONNECTION_CONNECTING` and
 * `PEERAGE_CONNECTION_AVAILABLE`.
 *
 * Ownership: borrows `peer`
 * Threads: any, also inside `retain`
 * Blocks: never
 * Calls back: the policy's available and unavailable, ready notices, the log; drop, if this was the last use of a transport
 * Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown status), GONE (after `release`), UNSUPPORTED (the peer's transport probes it)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_peer_set_status(const struct peerage_peer *peer,
                                       peerage_connection status);

/**
 * Says how many requests a peer has in flight, of all clients and as it says itself: what
 * `least-reported` goes by. For transports that probe; an answer that says so is told with its end
 * (peerage_pick_finish_with). Before `retain` has returned it changes nothing.
 *
 * Ownership: borrows `peer`
 * Threads: any
 * Blocks: never
 * Calls back: drop, if this was the last use of a transport
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_peer_report(const struct peerage_peer *peer,
                                   uint32_t in_flight);

/**
 * Returns the status that was reported last, or that the peer's transport has found by its probes.
 *
 * Ownership: borrows `peer`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, which is negative as no status is
 * Since: 0.1
 */
PEERAGE_API
peerage_connection peerage_peer_status(const struct peerage_peer *peer);

/**
 * Returns the identifier of a peer.
 *
 * Ownership: the text is borrowed from `peer`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; empty for `NULL`
 * Since: 0.1
 */
PEERAGE_API
peerage_str peerage_peer_id(const struct peerage_peer *peer);

/**
 * Attaches a pointer of the transport's own to a peer, for picks that are made from now on. Those that
 * were made before keep the one that they have: a new connection may be attached while requests use
 * the old one.
 *
 * The pointer before is dropped when no pick has it: at once, if no request is in flight on the peer,
 * or by the finish of the last of those that are. However often data is replaced, no more of it is
 * kept than requests are in flight. It may be kept for longer in one case: if that finish meets this
 * call on another thread, until the next finish of a pick of the peer, the next call of this function
 * or the end of the peer.
 *
 * Ownership: consumes `data`, also on failure; `drop` (which may be `NULL`) is called once for it
 * Threads: any
 * Blocks: never
 * Calls back: drop of the data before, or of this one on failure; drop, if this was the last use of a transport
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_peer_set_data(const struct peerage_peer *peer,
                                     void *data,
                                     peerage_drop_fn drop);

/**
 * Returns the pointer that was attached to a peer last, or `NULL`: for the transport. To send a
 * request use peerage_pick_data.
 *
 * Ownership: borrowed from `peer`, until another is attached
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` for `NULL`
 * Since: 0.1
 */
PEERAGE_API
void *peerage_peer_data(const struct peerage_peer *peer);

/**
 * Counts a check that a transport has made of a peer, for status pages and metrics: `passed` is 1 if the
 * peer has passed it, else 0, and `what` says in words how it ended, such as `200 in 3 ms`, or is empty.
 * It changes nothing else: whether the peer is available is said by peerage_peer_set_status.
 *
 * Ownership: `what` is borrowed for the call
 * Threads: any, also inside `retain`
 * Blocks: never
 * Calls back: drop, if this was the last use of a transport
 * Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`passed` is neither, `what` has a NUL), GONE (after `release`), UNSUPPORTED (the peer's transport probes it)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_peer_checked(const peerage_peer *peer,
                                    int32_t passed,
                                    peerage_str what);

/*
 * ---- transport: your code, which makes peers ------------------------------
 *
 * A transport outlives its choosers: each holds a reference. After the last
 * `release` has returned, and when there is no reference any more, `drop` is called.
 */

/** Every field of peerage_transport_ops: the size, then nothing. */
#define PEERAGE_TRANSPORT_OPS_INIT \
    { sizeof(peerage_transport_ops), NULL, NULL, NULL, NULL, NULL }

/**
 * A transport: makes and shares peers.
 */
typedef struct peerage_transport peerage_transport;

/**
 * The callbacks of a transport. No lock of the library is held while one runs, and each may call
 * any function. Set `size` to `sizeof(peerage_transport_ops)`.
 */
typedef struct peerage_transport_ops {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * Required: a peer is wanted. Return 0, or a positive number of your own to refuse. `peer` is
     * borrowed until `release` returns: take a reference to keep it longer. A status may be pushed
     * before this returns. Peers are told apart by `peer`, not by `id`: if two choosers that share
     * the transport want the same peer at the same moment, this may be called for both, and one is
     * released at once.
     */
    int32_t (*retain)(void *ctx,
                      const peerage_peer *peer,
                      peerage_str id);
    /**
     * Required: the peer is not wanted any more. Called once per `retain` that returned 0.
     */
    void (*release)(void *ctx,
                    const peerage_peer *peer);
    /**
     * Optional: a request was given to the peer.
     */
    void (*started)(void *ctx,
                    const peerage_peer *peer);
    /**
     * Optional: a request has ended.
     */
    void (*finished)(void *ctx,
                     const peerage_peer *peer,
                     peerage_outcome outcome);
    /**
     * Optional: the last call ever for `ctx`.
     */
    peerage_drop_fn drop;
} peerage_transport_ops;

/**
 * Makes a transport of callbacks, and writes a handle with one reference to `out`.
 *
 * Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `out` is the caller's, for peerage_transport_unref
 * Threads: any
 * Blocks: never
 * Calls back: drop, on failure
 * Errors: NULL_POINTER (`ops`, `out`, `retain` or `release`), INVALID_ARGUMENT (`size`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_transport_new(const struct peerage_transport_ops *ops,
                                     void *ctx,
                                     const struct peerage_transport **out,
                                     peerage_error **err);

/**
 * Takes one more reference and returns `transport`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_transport *peerage_transport_ref(const struct peerage_transport *transport);

/**
 * Gives one reference back. Choosers that use the transport keep it alive.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never; the last one of a transport that probes until its thread has ended, 0.1 s at most
 * Calls back: drop
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_transport_unref(const struct peerage_transport *transport);

/**
 * Makes a transport that finds out by itself which peers are up, and writes a handle with one reference
 * to `out`. Its peers are called `HOST:PORT`; it keeps no connections.
 *
 * `options` is `key=value[,key=value]...`, such as `check=http,path=/healthz,interval=1s`, or empty: it
 * connects by TCP every two seconds. peerage_catalogue_probe_option has the keys. A peer is available
 * from its first good probe on, and after `rise` of them; it is not after `fall` failed ones in a row,
 * but for the last that is available: probes alone never take that one out. So make one transport for
 * each service.
 *
 * Ownership: `options` is borrowed for the call; `out` is the caller's, for peerage_transport_unref
 * Threads: any; the transport has a thread while it has peers, and up to four more while names are resolved
 * Blocks: never
 * Calls back: none
 * Errors: UNSUPPORTED (the build has no probes: peerage_has), NULL_POINTER, INVALID_ARGUMENT (an option, which the error names), INVALID_UTF8
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_transport_probing_new(peerage_str options,
                                             const peerage_transport **out,
                                             peerage_error **err);

/**
 * Makes such a transport, and has the program called as one of peerage_transport_new is: to attach data
 * to the peers, or to connect to those that are wanted. How they are the probes say: `retain` pushes no
 * status, and peerage_peer_set_status answers UNSUPPORTED.
 *
 * Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `options` is borrowed for the call; `out` is the caller's, for peerage_transport_unref
 * Threads: as for peerage_transport_probing_new; `drop` is called on the thread that probes, if that tells a chooser something while the last reference is given back
 * Blocks: never
 * Calls back: drop, on failure
 * Errors: as for peerage_transport_probing_new; NULL_POINTER (`ops`, `retain` or `release`), INVALID_ARGUMENT (`size`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_transport_probing_with(peerage_str options,
                                              const peerage_transport_ops *ops,
                                              void *ctx,
                                              const peerage_transport **out,
                                              peerage_error **err);

/**
 * Says that a request to a peer has failed: if it is up, it is probed now rather than when it is due.
 * Cheap enough for each request that fails, and a peer that the transport does not have is ignored.
 * With the option `doubt-failures` each pick that is finished with `PEERAGE_OUTCOME_FAILURE` says so.
 *
 * Ownership: `id` is borrowed for the call
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`id` has a NUL), UNSUPPORTED (a transport of callbacks)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_transport_doubt(const peerage_transport *transport,
                                       peerage_str id);

/**
 * Writes what a transport that probes thinks of its peers, for people, a line each in the order of
 * their names, to `buf`, cut to `buf_len` bytes and always NUL-terminated:
 * `10.0.0.1:80 is down for 3s: cannot connect: ...`.
 *
 * `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
 * may be `NULL` when `buf_len` is 0.
 *
 * Ownership: writes `buf` and `needed` on success
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, UNSUPPORTED (a transport of callbacks)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_transport_describe(const peerage_transport *transport,
                                          char *buf,
                                          size_t buf_len,
                                          size_t *needed);

/*
 * ---- request: what a policy may look at -----------------------------------
 */

/** Every field of peerage_request: nothing is known. */
#define PEERAGE_REQUEST_INIT \
    { sizeof(peerage_request), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0, NULL, 0, \
      NULL, { NULL, 0 } }

/**
 * A header of a request.
 */
typedef struct peerage_header {
    /**
     * Its name, in any case: text.
     */
    peerage_str name;
    /**
     * Its value: any bytes.
     */
    peerage_str value;
} peerage_header;

/**
 * What is known of a request; all borrowed for the call, all optional. Keys and header values are
 * bytes as they are, identifiers and header names are text.
 */
typedef struct peerage_request {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * What hash rings place: any bytes. For `direct` the peer's name: text, of which an empty one,
     * what is not UTF-8 and what holds a NUL are an `INVALID_ARGUMENT`.
     */
    peerage_str shard_key;
    /**
     * The traffic group the request belongs to: any bytes.
     */
    peerage_str routing_key;
    /**
     * The service that stands in for the one called: any bytes.
     */
    peerage_str routing_delegate;
    /**
     * The headers; `NULL` if there are none. A policy finds those of its request with
     * peerage_request_header only.
     */
    const struct peerage_header *headers;
    /**
     * How many.
     */
    size_t headers_len;
    /**
     * Identifiers of peers not to choose if another is available, such as those that an earlier
     * attempt has tried; `NULL` if there are none. `direct` does not look at them.
     */
    const peerage_str *avoid;
    /**
     * How many. More than 16 cost the call an allocation.
     */
    size_t avoid_len;
    /**
     * `NULL` in a request of your own. In one that a policy is given it stands for the caller's
     * headers, also in a copy that is passed on while the policy's callback runs.
     */
    const void *lent;
    /**
     * The identifier of the peer that the request would have best, such as the one that has its
     * session; empty: none. It is chosen if it is in the list, available, not to be avoided and not
     * above a bound; else the policy chooses as usual. `direct` does not look at it.
     */
    peerage_str prefer;
} peerage_request;

/**
 * Looks a header of a request up, and writes its value to `out`: any bytes, which need not end in
 * NUL. `name` is in any case. For the request that a policy is given, and for one of your own.
 *
 * Ownership: the value is borrowed from the request, and so only until the policy's callback returns
 * Threads: any; of a policy's request, that of the callback
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_UTF8 (a name), INVALID_ARGUMENT (a size), NOT_FOUND (there is no such header)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_request_header(const struct peerage_request *request,
                                      peerage_str name,
                                      peerage_str *out);

/*
 * ---- policy: one of your own ----------------------------------------------
 *
 * Most programs name one of the library's in peerage_chooser_opts and skip
 * this topic. A policy's callbacks are called one at a time, so one that waits
 * keeps all its callers waiting; and two policies that choose from each
 * other's choosers can wait for each other for ever, as with any two locks.
 * A choice that is made inside a policy's own callback finds nothing.
 *
 * Keys. A policy knows a peer by a key: the same one as often as the peer
 * becomes available, until it leaves the chooser. A peer that left and comes
 * back has another. A key comes again for another peer only when its place has
 * been taken 2^20 times since, and never before `unavailable` was called.
 *
 * peerage_key_index of a key is a small number that no other available peer
 * has at the same time, below the largest number of peers that the chooser has
 * had at one time (those that have left and still have requests included): an
 * array by it is a table of one's own. `finished` may come when a peer has left
 * and another has its number already: keep the key in the array and compare.
 */

/** Every field of peerage_policy_ops: the size, then nothing. */
#define PEERAGE_POLICY_OPS_INIT \
    { sizeof(peerage_policy_ops), NULL, NULL, NULL, NULL, NULL, NULL, 0 }

/** A small number, as described above: the lower 32 bits of a key. */
static inline size_t peerage_key_index(uint64_t key)
{
    return (size_t)(key & 0xffffffffu);
}

/**
 * Has the waiting callers of one chooser ask its policy again.
 */
typedef struct peerage_ask_again peerage_ask_again;

/**
 * Has every waiting caller ask the policy again, for one that answered `PEERAGE_CHOICE_NOT_READY`
 * or has changed its mind. Make visible what has changed before.
 *
 * Ownership: borrows `ask_again`, which may outlive the policy and its chooser
 * Threads: any, also inside the policy's callbacks: then a ready notice that chooses at once, and not later, finds nothing
 * Blocks: never; but hold no lock that the policy's `choose` takes
 * Calls back: ready notices
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_ask_again_trigger(const struct peerage_ask_again *ask_again);

/**
 * Takes one more reference and returns `ask_again`, to keep it beyond `attached`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_ask_again *peerage_ask_again_ref(const struct peerage_ask_again *ask_again);

/**
 * Gives one reference of the caller's back.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_ask_again_unref(const struct peerage_ask_again *ask_again);

/**
 * How long requests took. A choice and a finish whose caller does not say then look at the clock.
 */
#define PEERAGE_WATCH_LATENCY ((uint64_t)1)

/**
 * That a place has become free, for a policy that answers `PEERAGE_CHOICE_AT_CAPACITY`.
 */
#define PEERAGE_WATCH_PLACES ((uint64_t)2)

/**
 * A policy of the user's own, for one chooser.
 */
typedef struct peerage_policy peerage_policy;

/**
 * A peer that has become available, as a policy is told of it. The texts end in NUL and are
 * borrowed for the call. Fields may be added at the end: `size` says which there are.
 */
typedef struct peerage_peer_info {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * Which peer it is; see peerage_key_index.
     */
    uint64_t key;
    /**
     * Its identifier.
     */
    peerage_str id;
    /**
     * The name under which a hash ring would place it; empty: its identifier.
     */
    peerage_str shard;
    /**
     * Where it is; empty: unknown.
     */
    peerage_str zone;
    /**
     * How much it can take beside others, at least 1.
     */
    uint32_t weight;
    /**
     * Which tier it belongs to: 0 is the first to be used.
     */
    uint32_t tier;
    /**
     * Its requests in flight, from before it became unavailable.
     */
    uint32_t pending;
    /**
     * 0.
     */
    uint32_t reserved;
} peerage_peer_info;

/**
 * What a policy's `choose` answers: one of `PEERAGE_CHOICE_*`.
 */
typedef int32_t peerage_choice;

/**
 * The callbacks of a policy. They are called one at a time, by whichever thread chooses, finishes
 * or reports a status, and should only compute. Fill it from `PEERAGE_POLICY_OPS_INIT`.
 */
typedef struct peerage_policy_ops {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * Required: a peer can be chosen from now on; or its weight, tier, zone or shard have changed,
     * and then it was `unavailable` just before. So it was, too, if a request has preferred the peer:
     * that request is among the pending ones, `choose` is not called for it, and its end is told.
     */
    void (*available)(void *ctx,
                      const struct peerage_peer_info *peer);
    /**
     * Required: the peer cannot be chosen any more. It may become available again, with the same
     * key.
     */
    void (*unavailable)(void *ctx,
                        uint64_t key);
    /**
     * Required: write the key of an available peer to `out` and return `PEERAGE_CHOICE_MADE`, or return
     * why there is none, one of `PEERAGE_CHOICE_*`, on which depends when a waiting caller asks
     * again. The request counts as pending when this returns. Its keys are those of the caller who
     * chooses: any bytes, which need not end in NUL; its headers are found with
     * peerage_request_header. A choice of a peer that is to be avoided is taken back, and this is
     * called again a few times.
     */
    peerage_choice (*choose)(void *ctx,
                             const peerage_request *request,
                             uint64_t *out);
    /**
     * Optional: a request on the peer, which may have become unavailable or left since, has ended;
     * or a choice was taken back, and then `outcome` is `PEERAGE_OUTCOME_NOT_SENT`. `latency_ns` is how
     * long it took, or `PEERAGE_LATENCY_UNKNOWN`.
     */
    void (*finished)(void *ctx,
                     uint64_t key,
                     peerage_outcome outcome,
                     int64_t latency_ns);
    /**
     * Optional: the policy serves a chooser from now on. Called once, before all others, while
     * peerage_chooser_new runs. `ask_again` is borrowed: take a reference to keep it.
     */
    void (*attached)(void *ctx,
                     const peerage_ask_again *ask_again);
    /**
     * Optional: the last call ever for `ctx`.
     */
    peerage_drop_fn drop;
    /**
     * What it wants to hear of each request beside its end: `PEERAGE_WATCH_*`, or 0.
     */
    uint64_t watches;
} peerage_policy_ops;

/**
 * `choose` has found a peer.
 */
#define PEERAGE_CHOICE_MADE ((peerage_choice)0)

/**
 * Peers are available, but none for this request. Asked again when another one is. Any number that
 * is not one of these is taken for it.
 */
#define PEERAGE_CHOICE_EXCLUDED ((peerage_choice)1)

/**
 * No peer is available. Asked again when one is.
 */
#define PEERAGE_CHOICE_UNAVAILABLE ((peerage_choice)2)

/**
 * Fewer peers are available than the request needs: `choose` has written to `out` how many it
 * needs. Asked again when that many are.
 */
#define PEERAGE_CHOICE_TOO_FEW ((peerage_choice)3)

/**
 * Only the peer that the request's shard key names will do, and it is not available. Asked again
 * when it is.
 */
#define PEERAGE_CHOICE_NOT_THE_NAMED ((peerage_choice)4)

/**
 * Every peer that would do has as many requests as it may have. Asked again when a peer becomes
 * available, and, which needs `PEERAGE_WATCH_PLACES`, when a request ends: one blocked caller for
 * each, and all ready notices.
 */
#define PEERAGE_CHOICE_AT_CAPACITY ((peerage_choice)5)

/**
 * The policy cannot choose just now. Asked again when it says so: see peerage_ask_again_trigger.
 */
#define PEERAGE_CHOICE_NOT_READY ((peerage_choice)6)

/**
 * Makes a policy of callbacks, for `custom_policy` of one chooser's options.
 *
 * Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `out` is the caller's, for peerage_policy_unref
 * Threads: any
 * Blocks: never
 * Calls back: drop, on failure
 * Errors: NULL_POINTER (`ops`, `out` or a required callback), INVALID_ARGUMENT (`size`, unknown flags in `watches`, latencies without `finished`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_policy_new(const struct peerage_policy_ops *ops,
                                  void *ctx,
                                  const struct peerage_policy **out,
                                  peerage_error **err);

/**
 * Takes one more reference and returns `policy`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_policy *peerage_policy_ref(const struct peerage_policy *policy);

/**
 * Gives one reference back. The chooser that uses the policy keeps it alive.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never
 * Calls back: drop
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_policy_unref(const struct peerage_policy *policy);

/*
 * ---- log: the events of a chooser, a line each ----------------------------
 */

/** Every field of peerage_log_opts: the size, and failures only. */
#define PEERAGE_LOG_OPTS_INIT \
    { sizeof(peerage_log_opts), PEERAGE_LOG_ERROR, NULL, NULL, NULL }

/**
 * What a chooser logs, and how much of it: one of `PEERAGE_LOG_*`.
 */
typedef int32_t peerage_log_level;

/**
 * Where a chooser logs to.
 */
typedef struct peerage_log_opts {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * The most detailed level that is emitted.
     */
    peerage_log_level level;
    /**
     * Required: gets one line of words, `NAME: EVENT`. It may call any function.
     */
    void (*emit)(void *ctx,
                 peerage_log_level level,
                 peerage_str message);
    /**
     * Optional: the last call ever for `ctx`.
     */
    peerage_drop_fn drop;
    /**
     * Passed to both.
     */
    void *ctx;
} peerage_log_opts;

/**
 * Nothing.
 */
#define PEERAGE_LOG_OFF ((peerage_log_level)0)

/**
 * What failed, whether a call returned it or not.
 */
#define PEERAGE_LOG_ERROR ((peerage_log_level)1)

/**
 * Updates and changes of status too, and what comes of them: ejections, tiers that serve, the subset.
 */
#define PEERAGE_LOG_INFO ((peerage_log_level)2)

/**
 * Waits too.
 */
#define PEERAGE_LOG_DEBUG ((peerage_log_level)3)

/*
 * ---- options: the settings of a chooser -----------------------------------
 */

/** Every field of peerage_chooser_opts: nothing is set. */
#define PEERAGE_CHOOSER_OPTS_INIT \
    { sizeof(peerage_chooser_opts), { NULL, 0 }, { NULL, 0 }, NULL, NULL, { NULL, 0 }, \
      PEERAGE_TIMEOUT_DEFAULT, 0, 0, 0, 0, { 0, 0, 0, 0, 0 }, NULL }

/**
 * The default of a chooser; for `default_timeout_ns` itself, what `options` says, or else 500 ms.
 */
#define PEERAGE_TIMEOUT_DEFAULT ((int64_t)-2)

/**
 * No limit.
 */
#define PEERAGE_TIMEOUT_FOREVER ((int64_t)-1)

/**
 * A switch that is on. (0 is one that is not set.)
 */
#define PEERAGE_SWITCH_ON ((int32_t)1)

/**
 * A switch that is off.
 */
#define PEERAGE_SWITCH_OFF ((int32_t)2)

/**
 * The settings of a chooser. `PEERAGE_CHOOSER_OPTS_INIT` has the defaults.
 */
typedef struct peerage_chooser_opts {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * `name[:key=value[,key=value]...]`: round-robin, weighted-round-robin,
     * random, two-random-choices, fewest-pending-requests, least-loaded, least-latency,
     * least-reported, hashring32, maglev, single or direct. The keys are in the catalogue.
     */
    peerage_str policy;
    /**
     * `key[=value][,key[=value]]...`: name, capacity, shuffle, seed, fail-fast, timeout,
     * max-pending, queue, max-waiting, eject, panic, panic-threshold, subset, client, spill or
     * zone, as in `fail-fast,timeout=200ms`. Which values they take is in the catalogue. A field
     * below that is set stands above its key here.
     */
    peerage_str options;
    /**
     * A policy of one's own, instead of `policy`; each serves one chooser.
     */
    const peerage_policy *custom_policy;
    /**
     * Required. Borrowed: the chooser takes a reference.
     */
    const peerage_transport *transport;
    /**
     * The name in errors and status pages; empty: not set, and if none is, the policy's.
     */
    peerage_str name;
    /**
     * How long `PEERAGE_TIMEOUT_DEFAULT` waits; 0 or `PEERAGE_TIMEOUT_DEFAULT`: not set, and if
     * none is, 500 ms.
     */
    int64_t default_timeout_ns;
    /**
     * Makes shuffle and policy repeatable, if `has_seed` is not 0.
     */
    uint64_t seed;
    /**
     * Whether `seed` is set.
     */
    uint8_t has_seed;
    /**
     * `PEERAGE_SWITCH_ON`: a choice fails at once when no peer is available, instead of waiting;
     * `PEERAGE_SWITCH_OFF`; 0: not set, and if none is, off.
     */
    uint8_t fail_fast;
    /**
     * `PEERAGE_SWITCH_ON`: the additions of one update are shuffled; `PEERAGE_SWITCH_OFF`: they keep their order;
     * 0: not set, and if none is, on.
     */
    uint8_t shuffle;
    /**
     * Must be 0.
     */
    uint8_t reserved[5];
    /**
     * Where to log; `NULL`: nowhere. Borrowed for the call.
     */
    const peerage_log_opts *log;
} peerage_chooser_opts;

/*
 * ---- catalogue: what may be written in the texts of the options -----------
 *
 * Each function answers for an index from 0 on, and NOT_FOUND after the last.
 */

/**
 * A policy of the catalogue.
 */
typedef struct peerage_policy_row {
    /**
     * Its name.
     */
    peerage_str name;
    /**
     * Which peer it picks, in a few words.
     */
    peerage_str about;
    /**
     * How many keys it has.
     */
    size_t keys_len;
} peerage_policy_row;

/**
 * A key of a policy, or of a chooser's `options`.
 */
typedef struct peerage_key_row {
    /**
     * The key.
     */
    peerage_str name;
    /**
     * What it is for, in a few words.
     */
    peerage_str about;
    /**
     * Which values it takes, in the words in which errors ask for one.
     */
    peerage_str accepts;
    /**
     * The value it has if it is not given; empty if it then has none.
     */
    peerage_str default_value;
} peerage_key_row;

/**
 * Writes the policy at `index` of the catalogue to `out`: as many bytes as `size` says, so that the
 * struct can grow.
 *
 * Ownership: the texts are static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_catalogue_policy(size_t index,
                                        struct peerage_policy_row *out,
                                        size_t size);

/**
 * Writes the key at `index` of the policy at `policy` of the catalogue to `out`: as many bytes as
 * `size` says, so that the struct can grow.
 *
 * Ownership: the texts are static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`policy` or `index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_catalogue_key(size_t policy,
                                     size_t index,
                                     struct peerage_key_row *out,
                                     size_t size);

/**
 * Writes the key at `index` of a chooser's `options` to `out`: as many bytes as `size` says, so that
 * the struct can grow.
 *
 * Ownership: the texts are static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_catalogue_option(size_t index,
                                        struct peerage_key_row *out,
                                        size_t size);

/**
 * A kind of source that the URI of an updater can name.
 */
typedef struct peerage_scheme_row {
    /**
     * What stands before the first colon.
     */
    peerage_str name;
    /**
     * The form of its URIs.
     */
    peerage_str form;
    /**
     * What it is, in a few words.
     */
    peerage_str about;
    /**
     * The feature that a build needs for it; empty: every build has it.
     */
    peerage_str feature;
    /**
     * How many keys may stand behind the `#`.
     */
    size_t keys_len;
    /**
     * 1 if this build has it, else 0.
     */
    uint32_t available;
    /**
     * 0.
     */
    uint32_t reserved;
} peerage_scheme_row;

/**
 * Writes the scheme at `index` of the catalogue to `out`: as many bytes as `size` says, so that the
 * struct can grow. Those that this build was made without are there too.
 *
 * Ownership: the texts are static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_catalogue_scheme(size_t index,
                                        struct peerage_scheme_row *out,
                                        size_t size);

/**
 * Writes the key at `index` of the scheme at `scheme` of the catalogue to `out`: as many bytes as
 * `size` says, so that the struct can grow.
 *
 * Ownership: the texts are static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`scheme` or `index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_catalogue_scheme_key(size_t scheme,
                                            size_t index,
                                            peerage_key_row *out,
                                            size_t size);

/**
 * Writes the key at `index` of the options of peerage_transport_probing_new to `out`: as many bytes as
 * `size` says, so that the struct can grow. A build without probes has none.
 *
 * Ownership: the texts are static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd), NOT_FOUND (`index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_catalogue_probe_option(size_t index,
                                              peerage_key_row *out,
                                              size_t size);

/**
 * Returns 1 if this build of the library has what `name` is the name of, else 0: a scheme, such as
 * `dns`, or a feature, such as `probing`.
 *
 * Ownership: `name`, a C string, is borrowed for the call
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; 0 for `NULL` and for what is not known
 * Since: 0.1
 */
PEERAGE_API
int32_t peerage_has(const char *name);

/*
 * ---- chooser: its life ----------------------------------------------------
 */

/**
 * Hands out a peer for each request.
 */
typedef struct peerage_chooser peerage_chooser;

/**
 * Makes a chooser that is not started, and writes a handle with one reference to `out`.
 *
 * Ownership: takes a reference to the transport and the policy; consumes `log.ctx`, also on failure; `out` is the caller's, for peerage_chooser_unref
 * Threads: any
 * Blocks: never
 * Calls back: the policy's attached; drop of the log, on failure
 * Errors: NULL_POINTER (`opts`, `out`, the transport), INVALID_ARGUMENT (the policy, a setting), INVALID_UTF8
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_new(const peerage_chooser_opts *opts,
                                   const struct peerage_chooser **out,
                                   peerage_error **err);

/**
 * Takes one more reference and returns `chooser`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_chooser *peerage_chooser_ref(const struct peerage_chooser *chooser);

/**
 * Gives one reference back. The last one stops the chooser and releases its peers.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never, but if this was the last use of a transport that probes: as peerage_transport_unref
 * Calls back: release, drop, ready notices
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_chooser_unref(const struct peerage_chooser *chooser);

/**
 * Retains the peers added so far and begins to hand them out. Idempotent; not after a stop.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: while another thread starts it, unless that one waits for this one
 * Calls back: retain, release, the policy's available and unavailable, ready notices, the log
 * Errors: NULL_POINTER, STOPPED, REJECTED (by the transport: nothing is retained, and it may be tried again)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_start(const struct peerage_chooser *chooser,
                                     peerage_error **err);

/**
 * Ends every wait with `STOPPED` and releases the peers; one with requests in flight when the
 * last of them finishes. Idempotent. Never waits for callbacks.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: while another thread stops it, unless that one waits for this one; never inside a callback of the stop
 * Calls back: release, the policy's unavailable, ready notices, the log
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_stop(const struct peerage_chooser *chooser,
                                    peerage_error **err);

/**
 * Waits until every peer that has left has been released, and so until none of its requests is in
 * flight: those of peers that were removed, and after peerage_chooser_stop those of all. Requests on
 * peers that are still there are not waited for. How many are left is in peerage_stats.
 *
 * Not from inside a callback of the chooser's, nor with a pick of it in hand that this thread is to
 * finish: it would wait for itself.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: until the last of them is released, or for `timeout_ns`: `PEERAGE_TIMEOUT_FOREVER`, or 0 to not wait
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`timeout_ns`), TIMED_OUT
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_drain(const struct peerage_chooser *chooser,
                                     int64_t timeout_ns);

/**
 * Returns 1 if the chooser is running, else 0.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; 0 for `NULL`
 * Since: 0.1
 */
PEERAGE_API
int32_t peerage_chooser_is_running(const struct peerage_chooser *chooser);

/*
 * ---- update: which peers there are ----------------------------------------
 */

/** Every field of peerage_member: no name yet, of weight 1. */
#define PEERAGE_MEMBER_INIT \
    { sizeof(peerage_member), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, 1, 0 }

/**
 * A peer to add, and what is known of it beside its name. Fill it from `PEERAGE_MEMBER_INIT`, or
 * with peerage_member_of. In an array of them each has the same `size`, which is how far it is to
 * the next. The texts hold no NUL; they are borrowed for the call.
 */
typedef struct peerage_member {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * Its identifier, usually `host:port`.
     */
    peerage_str id;
    /**
     * The name under which a hash ring places it; empty: its identifier. Peers with the same shard
     * share one place on the ring.
     */
    peerage_str shard;
    /**
     * Where it is; empty: unknown.
     */
    peerage_str zone;
    /**
     * How much it can take beside others, 1 to 65535: a peer of weight 2 as much as two of weight
     * 1. 0 is 1.
     */
    uint32_t weight;
    /**
     * Which tier it belongs to, 0 to 255: 0 is the first to be used.
     */
    uint32_t tier;
} peerage_member;

/**
 * Why a peer cannot be chosen: a sum of `PEERAGE_REASON_*`, or 0 if it can.
 */
typedef uint32_t peerage_reasons;

/**
 * Its connection status is not `PEERAGE_CONNECTION_AVAILABLE`: its transport's to say.
 */
#define PEERAGE_REASON_NOT_CONNECTED ((peerage_reasons)1)

/**
 * Its requests went wrong, and it is left alone for a while.
 */
#define PEERAGE_REASON_EJECTED ((peerage_reasons)2)

/**
 * Other clients use it, and this one does not.
 */
#define PEERAGE_REASON_OUTSIDE_SUBSET ((peerage_reasons)4)

/**
 * It is about to go: it finishes what it has, and gets nothing new.
 */
#define PEERAGE_REASON_DRAINING ((peerage_reasons)8)

/**
 * Peers of an earlier tier serve, and are enough: the list's to say (`spill=`, `zone=`).
 */
#define PEERAGE_REASON_LATER_TIER ((peerage_reasons)16)

/**
 * Removes and adds peers, in this order. What can be done is done; what cannot is reported
 * together, with the status of the first.
 *
 * A peer that is both removed and added stays, with its connection and its requests, and gets the
 * attributes that are added. (To connect anew, remove it in one call and add it in the next.)
 *
 * Ownership: the structs and texts are borrowed for the call
 * Threads: any
 * Blocks: never
 * Calls back: retain, release, drop, the policy's available and unavailable, ready notices, the log
 * Errors: of what is given, and then nothing is changed: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (a size, a weight, a tier, a text with NUL); of single peers: ALREADY_IN_LIST, NOT_IN_LIST, REJECTED (by the transport), UNSUPPORTED (by `direct`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_update(const peerage_chooser *chooser,
                                      const struct peerage_member *add,
                                      size_t add_len,
                                      const peerage_str *remove,
                                      size_t remove_len,
                                      peerage_error **err);

/**
 * Makes `members` the whole of the list, for those who know sets and not differences: adds what is
 * missing, removes what is too much, changes the attributes of those that have others, and leaves
 * the rest alone. Of a name that is given twice the first counts. `members_len` 0 empties the list.
 *
 * Ownership: the structs and texts are borrowed for the call
 * Threads: any
 * Blocks: never
 * Calls back: as peerage_chooser_update
 * Errors: of what is given, and then nothing is changed: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT, as for peerage_chooser_update; of single peers: REJECTED (by the transport), UNSUPPORTED (by `direct`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_replace(const peerage_chooser *chooser,
                                       const struct peerage_member *members,
                                       size_t members_len,
                                       peerage_error **err);

/**
 * Says that a peer is not to be chosen for a reason (`on` is not 0), or not for this reason any
 * more. It can be chosen when there is none. Its requests in flight go on. Removed and added again
 * in two calls, a peer has no reason of the caller's.
 *
 * Ownership: `id` is borrowed for the call
 * Threads: any
 * Blocks: never
 * Calls back: the policy's available and unavailable, ready notices; with `panic=` the log
 * Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`reason` is not one of `PEERAGE_REASON_EJECTED`, `_OUTSIDE_SUBSET` and `_DRAINING`; `id` has a NUL), NOT_IN_LIST (it is not in the list, or the chooser does not run), UNSUPPORTED (by `direct`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_set_reason(const peerage_chooser *chooser,
                                          peerage_str id,
                                          peerage_reasons reason,
                                          int32_t on,
                                          peerage_error **err);

/** A member of which only the identifier is known; the string is borrowed. */
static inline peerage_member peerage_member_of(const char *id)
{
    peerage_member member = PEERAGE_MEMBER_INIT;
    member.id = peerage_text(id);
    return member;
}

/*
 * ---- updaters: peers that come by themselves ------------------------------
 *
 * An updater asks a source, in a thread of its own, and makes each answer the
 * whole set of a chooser's peers, with their weights, tiers and zones:
 *
 *     peerage_updater_new(chooser, peerage_text("dns:users.internal:8080"), ..)
 *     peerage_updater_start(updater, ..)
 *
 * What stands behind a # in the URI is for the library: every source takes
 *
 *     allow-empty          an answer without any peer empties the chooser
 *     snapshot=FILE        keeps the last set, for starts while the source is down
 *     backoff=, max-backoff=   pauses after failures, 100ms to 30s
 *
 * and peerage_catalogue_scheme_key tells the keys of each. Which sources a
 * library has was decided when it was built: peerage_has.
 *
 * Callbacks that feeding causes, `retain` and `release` foremost, come on the
 * updater's thread, as they may on any. The updater keeps its chooser. At the
 * end stop the updater, then the chooser, and give both back; or the chooser
 * first, and its peers stay until then.
 */

/**
 * Feeds a chooser with the peers that a source knows, in a thread of its own while it runs.
 */
typedef struct peerage_updater peerage_updater;

/**
 * Makes an updater that is not started, and writes a handle with one reference to `out`.
 *
 * `uri` is `scheme:rest[#key=value[,key=value]...]`, such as `dns:users.internal:8080` or
 * `file:/etc/users.peers#allow-empty`; peerage_catalogue_scheme has the schemes and their keys. The
 * source is asked nothing yet. While the updater runs nothing else should add peers to the chooser or
 * remove them: each answer of the source is the whole set.
 *
 * Ownership: takes a reference to the chooser, which thus lives as long; `uri` is borrowed for the call; `out` is the caller's, for peerage_updater_unref
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (the URI: the error says which part, and what would be right), UNSUPPORTED (the build has no such source, and the error names the feature; a chooser `direct`, which takes no updates)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_updater_new(const peerage_chooser *chooser,
                                   peerage_str uri,
                                   const struct peerage_updater **out,
                                   peerage_error **err);

/**
 * Writes the updater of a chooser to `out`, with a reference to it: of those that anything has, the one that
 * was made last, whether or not it runs.
 *
 * Ownership: `out` is the caller's, for peerage_updater_unref
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, NOT_FOUND (none was made, or all are gone)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_updater(const peerage_chooser *chooser,
                                       const struct peerage_updater **out);

/**
 * Takes one more reference and returns `updater`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_updater *peerage_updater_ref(const struct peerage_updater *updater);

/**
 * Gives one reference back. The last one stops the updater, as peerage_updater_stop does, and lets go
 * of the chooser; its thread, if a source keeps it, does so when that returns.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: the last one as peerage_updater_stop
 * Calls back: release, drop, the policy's unavailable, ready notices, the log
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_updater_unref(const struct peerage_updater *updater);

/**
 * Begins to ask the source, and to feed the chooser with what it answers. `static` answers before this
 * returns, the others later: choices wait until there are peers. Idempotent; not after a stop.
 *
 * When the source fails, or answers with no peers, those that there are stay, and it is asked again
 * after longer and longer pauses: peerage_updater_status counts, and the chooser's log tells of it.
 *
 * Ownership: borrows `updater`
 * Threads: any; until it is stopped, what feeding calls back is called on the updater's thread
 * Blocks: while another thread starts it, unless that one waits for this one
 * Calls back: as peerage_chooser_update
 * Errors: NULL_POINTER, STOPPED, REJECTED (there is no thread to be had, and it may be tried again)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_updater_start(const struct peerage_updater *updater,
                                     peerage_error **err);

/**
 * Asks the source no more, and takes its peers out of the chooser. To keep them until the end, stop
 * the chooser first. Idempotent.
 *
 * Ownership: borrows `updater`
 * Threads: any
 * Blocks: for 50 ms at most, if the callbacks return; while another thread stops it, unless that one waits for this one
 * Calls back: release, the policy's unavailable, ready notices, the log
 * Errors: NULL_POINTER, PANIC
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_updater_stop(const struct peerage_updater *updater,
                                    peerage_error **err);

/**
 * Ends the pause that the source is in, so that it is asked again at once. Does nothing if it is being
 * asked now, or the updater does not run. It does not wait for the answer.
 *
 * Ownership: borrows `updater`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_updater_refresh(const struct peerage_updater *updater);

/**
 * The source of an updater in numbers, since its updater was started.
 */
typedef struct peerage_source_status {
    /**
     * How often it was asked.
     */
    uint64_t attempts;
    /**
     * How often it has answered with peers.
     */
    uint64_t successes;
    /**
     * How often it has not answered.
     */
    uint64_t failures;
    /**
     * How often it has answered with no peers, and those there were have been kept.
     */
    uint64_t empties;
    /**
     * How often its answer has changed the list.
     */
    uint64_t changes;
    /**
     * How many nanoseconds ago its last answer with peers was, or `PEERAGE_AGE_NEVER`.
     */
    int64_t age_ns;
    /**
     * How many peers the chooser has by it.
     */
    size_t peers;
    /**
     * 1 if the updater was started and not stopped, else 0.
     */
    uint32_t running;
    /**
     * 1 if the peers are those of the snapshot file, as the source has not answered yet, else 0.
     */
    uint32_t is_snapshot;
} peerage_source_status;

/**
 * Writes how the source of an updater has been to `out`: as many bytes as `size` says, so that the struct can grow.
 *
 * Ownership: writes `out` on success
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_updater_status(const peerage_updater *updater,
                                      struct peerage_source_status *out,
                                      size_t size);

/**
 * Returns the URI of an updater.
 *
 * Ownership: the text is borrowed from `updater`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; empty for `NULL`
 * Since: 0.1
 */
PEERAGE_API
peerage_str peerage_updater_uri(const peerage_updater *updater);

/**
 * Writes why the source has not answered the last time to `buf`, cut to `buf_len` bytes and always
 * NUL-terminated: one line, or nothing if it has answered.
 *
 * `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
 * may be `NULL` when `buf_len` is 0.
 *
 * Ownership: writes `buf` and `needed` on success
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_updater_last_error(const peerage_updater *updater,
                                          char *buf,
                                          size_t buf_len,
                                          size_t *needed);

/*
 * ---- settings: what a chooser was made with -------------------------------
 */

/**
 * A choice fails at once when no peer is available, instead of waiting.
 */
#define PEERAGE_FAILS_FAST ((uint32_t)1)

/**
 * A choice calls nothing back: the policy is the library's and retains nothing, and the transport
 * does not want to hear of requests.
 */
#define PEERAGE_CALLS_NOTHING ((uint32_t)2)

/**
 * The policy counts requests and looks at nothing else of them, and the transport does not want to hear
 * of their ends. So the end of one may be told late, with any outcome, if it is told before the next choice
 * and before counts are looked at, and at once if its peer was removed.
 */
#define PEERAGE_COUNTS_ENDS ((uint32_t)4)

/**
 * A choice may fail with `PEERAGE_CAUSE_BELOW_THRESHOLD`, which is not to be waited for: `panic=fail`.
 */
#define PEERAGE_FAILS_BELOW ((uint32_t)8)

/**
 * What `PEERAGE_COUNTS_ENDS` says, of requests that have succeeded: the policy learns from others, or
 * the transport does, and the policy goes by no latency and no report. So their ends may be told late,
 * without a latency.
 */
#define PEERAGE_COUNTS_SUCCESSES ((uint32_t)16)

/**
 * What a chooser was made with.
 */
typedef struct peerage_settings {
    /**
     * Its name, in errors and status pages.
     */
    peerage_str name;
    /**
     * How long `PEERAGE_TIMEOUT_DEFAULT` waits: nanoseconds or `PEERAGE_TIMEOUT_FOREVER`.
     */
    int64_t default_timeout_ns;
    /**
     * `PEERAGE_FAILS_FAST`, `PEERAGE_CALLS_NOTHING`, `PEERAGE_COUNTS_ENDS`, `PEERAGE_FAILS_BELOW`,
     * `PEERAGE_COUNTS_SUCCESSES`, added up. Later versions may set others.
     */
    uint32_t flags;
    /**
     * 0.
     */
    uint32_t reserved;
} peerage_settings;

/**
 * Writes what the chooser was made with to `out`: as many bytes as `size` says, so that the struct
 * can grow.
 *
 * Ownership: the name is borrowed from `chooser`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_settings(const peerage_chooser *chooser,
                                        struct peerage_settings *out,
                                        size_t size);

/*
 * ---- pick: a peer, until the request is finished --------------------------
 *
 * The opaque words of a live pick are a mark, an address, when the request
 * began, and the peerage_peer. What the first two mean is told in the last
 * topic, which also says how some picks can be finished without a call. The
 * third is 0 unless the policy asked for latencies, and below 2^56; who keeps a
 * pick in another form has to keep it too, or says with
 * peerage_pick_finish_timed how long the request took.
 */

/** A pick that is finished. */
#define PEERAGE_PICK_INIT { { 0, 0, 0, 0 } }

/**
 * The lower 34 bits of `opaque[0]` of a pick that a binding may finish without a call, as described
 * above; bits 34..53 are those of its slot's word, and the others 0.
 */
#define PEERAGE_PICK_COUNTED ((uint64_t)10475889515)

/**
 * A peer that was chosen for a request, until peerage_pick_finish. Lives in the caller's memory,
 * may be moved, and must not be copied and finished twice. A finished one's first word is
 * 0, so all zeros is one.
 *
 * A copy that is finished a second time changes nothing, and the call returns `PEERAGE_ERR_FINISHED`,
 * if the peer has no other request in flight from its chooser, or has left it. It cannot be told from
 * another request's pick while the peer has such, and then ends one of them too early. After the
 * chooser was freed, a copy is a pointer to memory that is gone.
 */
typedef struct peerage_pick {
    /**
     * Not for you, with the exception above.
     */
    uint64_t opaque[4];
} peerage_pick;

/**
 * Returns the peer that was chosen.
 *
 * Ownership: borrowed until the pick is finished
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` for a finished pick
 * Since: 0.1
 */
PEERAGE_API
const peerage_peer *peerage_pick_peer(const struct peerage_pick *pick);

/**
 * Returns the identifier of the peer that was chosen.
 *
 * Ownership: borrowed until the pick is finished
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; empty for a finished pick
 * Since: 0.1
 */
PEERAGE_API
peerage_str peerage_pick_id(const struct peerage_pick *pick);

/**
 * Returns the pointer that was attached to the peer when it was chosen: the same one until the pick
 * is finished, also when the transport has attached another pointer since.
 *
 * Ownership: borrowed until the pick is finished
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` for a finished pick
 * Since: 0.1
 */
PEERAGE_API
void *peerage_pick_data(const struct peerage_pick *pick);

/** Every field of peerage_finish: abandoned, and nothing more is known. */
#define PEERAGE_FINISH_INIT \
    { sizeof(peerage_finish), PEERAGE_OUTCOME_ABANDONED, PEERAGE_LATENCY_UNKNOWN, -1 }

/**
 * How a request ended, for peerage_pick_finish_with. Begin with `PEERAGE_FINISH_INIT`.
 */
typedef struct peerage_finish {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * How it ended.
     */
    peerage_outcome outcome;
    /**
     * How long it took, in nanoseconds, or `PEERAGE_LATENCY_UNKNOWN`.
     */
    int64_t latency_ns;
    /**
     * How many requests the peer had in flight when it answered, of all clients and as its answer
     * says, or -1: what `least-reported` goes by.
     */
    int64_t in_flight;
} peerage_finish;

/**
 * Ends the request, once, and clears the pick. The chooser may be gone by now. How long it took is
 * measured from the choice on, but only if the policy asked.
 *
 * Ownership: consumes what `pick` held, not its memory
 * Threads: any, one at a time for one pick
 * Blocks: never; with a policy of one's own until it has returned from another thread's call
 * Calls back: finished, the policy's finished; release and drop when this was the last request of a removed peer; drop of data that was replaced; ready notices, if requests on a peer are limited; with `eject=` also the policy's available and unavailable, the log
 * Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned), FINISHED (nothing changes)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_pick_finish(peerage_pick *pick,
                                   peerage_outcome outcome);

/**
 * The same with how long the request took, as its caller has measured it, in nanoseconds: for
 * callers that choose long before they send, or count more than the choice saw.
 * `PEERAGE_LATENCY_UNKNOWN`: as peerage_pick_finish.
 *
 * Ownership: consumes what `pick` held, not its memory
 * Threads: any, one at a time for one pick
 * Blocks: never; with a policy of one's own until it has returned from another thread's call
 * Calls back: as peerage_pick_finish
 * Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned; a latency below -1: the pick is finished as if none was said), FINISHED (nothing changes)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_pick_finish_timed(peerage_pick *pick,
                                         peerage_outcome outcome,
                                         int64_t latency_ns);

/**
 * Ends the request, once, and clears the pick, with all that its caller knows of it.
 *
 * Ownership: consumes what `pick` held, not its memory; borrows `finish`
 * Threads: any, one at a time for one pick
 * Blocks: never; with a policy of one's own until it has returned from another thread's call
 * Calls back: as peerage_pick_finish
 * Errors: NULL_POINTER, INVALID_ARGUMENT (the size of `finish` is not one that it has had: nothing changes; a number out of its range: the pick is finished as if that was not said, an outcome as abandoned), FINISHED (nothing changes)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_pick_finish_with(peerage_pick *pick,
                                        const peerage_finish *finish);

/*
 * ---- cancel: a latch that ends waits --------------------------------------
 */

/**
 * Ends the waits that it was given to. One may serve many.
 */
typedef struct peerage_cancel peerage_cancel;

/**
 * Makes a token that is not triggered.
 *
 * Ownership: the handle is the caller's, for peerage_cancel_unref
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
const struct peerage_cancel *peerage_cancel_new(void);

/**
 * Takes one more reference and returns `cancel`.
 *
 * Ownership: the new reference is the caller's
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` gives `NULL`
 * Since: 0.1
 */
PEERAGE_API
const struct peerage_cancel *peerage_cancel_ref(const struct peerage_cancel *cancel);

/**
 * Gives one reference back.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_cancel_unref(const struct peerage_cancel *cancel);

/**
 * Ends every wait that has the token, now and from now on.
 *
 * Ownership: borrows `cancel`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_cancel_trigger(const struct peerage_cancel *cancel);

/**
 * Makes it a token that is not triggered, for waits that begin from now on: so an event loop, or a
 * thread, needs one for all its requests. Between two waits and not during one, which may miss a
 * trigger that comes just before.
 *
 * Ownership: borrows `cancel`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_cancel_reset(const struct peerage_cancel *cancel);

/**
 * Returns 1 if the token has been triggered, else 0.
 *
 * Ownership: borrows `cancel`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; 0 for `NULL`
 * Since: 0.1
 */
PEERAGE_API
int32_t peerage_cancel_is_triggered(const struct peerage_cancel *cancel);

/*
 * ---- choose: a peer for a request -----------------------------------------
 */

/**
 * Hands out a peer if there is one now. `request` may be `NULL`.
 *
 * Ownership: writes `out` on success: finish it with peerage_pick_finish
 * Threads: any
 * Blocks: never; with a policy of one's own until it has returned from another thread's call
 * Calls back: the policy's choose, started; with `direct` retain and release; with `eject=` the policy's available and unavailable, ready notices, the log
 * Errors: NULL_POINTER, NO_PEER, NOT_RUNNING, STOPPED, INVALID_ARGUMENT (with `direct` also a shard key that is empty, is not UTF-8 or holds a NUL), INVALID_UTF8 (a header's name, an identifier to avoid or prefer), REJECTED (with `direct`), PANIC
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_try_choose(const peerage_chooser *chooser,
                                          const peerage_request *request,
                                          peerage_pick *out);

/**
 * Hands out a peer, and waits for one up to `timeout_ns`: `PEERAGE_TIMEOUT_FOREVER`,
 * `PEERAGE_TIMEOUT_DEFAULT`, or 0 to not wait. `request` and `cancel` may be `NULL`.
 *
 * Ownership: writes `out` on success: finish it with peerage_pick_finish; borrows `cancel`
 * Threads: any
 * Blocks: until a peer can be chosen, the deadline, the cancel token or a stop; with a policy of one's own, whatever the limit, until it has returned from another thread's call
 * Calls back: the policy's choose, started; with `direct` retain and release; the log; ready notices, if requests on a peer are limited; with `eject=` also the policy's available and unavailable
 * Errors: NULL_POINTER, NO_PEER (fail-fast), TIMED_OUT, QUEUE_FULL (`max-waiting`), CANCELLED, STOPPED, NOT_RUNNING, INVALID_ARGUMENT (with `direct` also a shard key that is empty, is not UTF-8 or holds a NUL), INVALID_UTF8 (a header's name, an identifier to avoid or prefer), REJECTED (with `direct`), PANIC
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_choose(const peerage_chooser *chooser,
                                      const peerage_request *request,
                                      int64_t timeout_ns,
                                      const peerage_cancel *cancel,
                                      peerage_pick *out);

/*
 * ---- explain: why a choice found no peer ----------------------------------
 */

/**
 * How long a choice waited that was not to wait: see peerage_chooser_explain.
 */
#define PEERAGE_DID_NOT_WAIT ((int64_t)-1)

/**
 * What kept a choice from finding a peer: one of `PEERAGE_CAUSE_*`. New numbers may appear.
 */
typedef int32_t peerage_cause;

/**
 * Nothing any more: a peer can be chosen by now, or became available too late for the call.
 */
#define PEERAGE_CAUSE_TOO_LATE ((peerage_cause)0)

/**
 * The chooser has no peers.
 */
#define PEERAGE_CAUSE_NO_PEERS ((peerage_cause)1)

/**
 * It has peers, and none of them is connected.
 */
#define PEERAGE_CAUSE_NONE_CONNECTED ((peerage_cause)2)

/**
 * Peers are connected, and all of them are ejected, draining or outside the subset.
 */
#define PEERAGE_CAUSE_SET_ASIDE ((peerage_cause)3)

/**
 * Peers are available, but none for this request.
 */
#define PEERAGE_CAUSE_EXCLUDED ((peerage_cause)4)

/**
 * Fewer peers are available than the request needs.
 */
#define PEERAGE_CAUSE_TOO_FEW ((peerage_cause)5)

/**
 * The peer that the request names is not available.
 */
#define PEERAGE_CAUSE_NOT_THE_NAMED ((peerage_cause)6)

/**
 * The peer that the request names is not in the list.
 */
#define PEERAGE_CAUSE_NOT_IN_LIST ((peerage_cause)7)

/**
 * Every peer that would do has as many requests as it may have.
 */
#define PEERAGE_CAUSE_AT_CAPACITY ((peerage_cause)8)

/**
 * The policy was not ready to choose.
 */
#define PEERAGE_CAUSE_NOT_READY ((peerage_cause)9)

/**
 * The call was cancelled before it began.
 */
#define PEERAGE_CAUSE_CANCELLED_BEFORE ((peerage_cause)10)

/**
 * The call was cancelled while it waited.
 */
#define PEERAGE_CAUSE_CANCELLED ((peerage_cause)11)

/**
 * The chooser was stopped.
 */
#define PEERAGE_CAUSE_STOPPED ((peerage_cause)12)

/**
 * The chooser was not running.
 */
#define PEERAGE_CAUSE_NOT_RUNNING ((peerage_cause)13)

/**
 * The transport did not give the peer that the request names.
 */
#define PEERAGE_CAUSE_NOT_RETAINED ((peerage_cause)14)

/**
 * The request lacks what the chooser needs of it, or has it in a form that cannot be.
 */
#define PEERAGE_CAUSE_INVALID_REQUEST ((peerage_cause)15)

/**
 * The policy, which is the user's own, failed inside.
 */
#define PEERAGE_CAUSE_POLICY_PANICKED ((peerage_cause)16)

/**
 * As many callers waited already as may.
 */
#define PEERAGE_CAUSE_QUEUE_FULL ((peerage_cause)17)

/**
 * Fewer peers are available than the list needs not to fail (`panic=fail`).
 */
#define PEERAGE_CAUSE_BELOW_THRESHOLD ((peerage_cause)18)

/**
 * Explains a choice that found no peer: one sentence for a log, with the chooser's name, what it has
 * and what the call waited for, and the cause as a number. Both are of the chooser as it is now, so
 * call it at once.
 *
 * `status` is what the choice returned; `waited_ns` how long it took by the caller's clock, 0 if it
 * ended before it waited, or `PEERAGE_DID_NOT_WAIT` after peerage_chooser_try_choose or a timeout of
 * 0; `request` that of the choice. `buf` gets the text, cut to `buf_len` bytes and always
 * NUL-terminated, and may be `NULL` when `buf_len` is 0; `needed` gets the length of the whole text,
 * the terminator not counted, and `cause` one of `PEERAGE_CAUSE_*`; both may be `NULL`.
 *
 * Ownership: borrows `request`; writes `buf`, `needed` and `cause` on success
 * Threads: any
 * Blocks: never; with a policy of one's own until it has returned from another thread's call
 * Calls back: the policy's choose, and finished if it finds a peer; with `eject=` the policy's available and unavailable, ready notices, the log
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`status` is none of a choice that found no peer, `waited_ns` is below -1)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_explain(const peerage_chooser *chooser,
                                       peerage_status status,
                                       int64_t waited_ns,
                                       const peerage_request *request,
                                       char *buf,
                                       size_t buf_len,
                                       size_t *needed,
                                       peerage_cause *cause);

/*
 * ---- notify: waiting without a thread -------------------------------------
 */

/**
 * Called once: with `PEERAGE_OK` when it is worth trying again, with `PEERAGE_ERR_STOPPED` when
 * the chooser has stopped, with `PEERAGE_ERR_QUEUE_FULL`, from inside the call that asked, when as many
 * wait as may (the option `max-waiting`): then give the request up. It may call any function, and ask
 * for the next notice.
 */
typedef void (*peerage_ready_fn)(void *ctx,
                                 peerage_status status);

/**
 * Calls `ready` once, when peerage_chooser_try_choose is worth trying: at once if a peer can be
 * chosen for `request` now, otherwise when one becomes available or the chooser starts or stops.
 *
 * It takes no peer with it. `id` (may be `NULL`) gets a number for
 * peerage_chooser_notify_cancel, or 0 if `ready` has been called already, or is about to be: it is
 * not written after `ready` has begun, which may free it.
 *
 * Notices of a chooser are not given one inside another: one that comes due on a thread that is in a
 * `ready` of the chooser is given when that has returned, before the call that gave the first one
 * returns.
 *
 * Ownership: consumes `ctx`, also on failure: `drop` (may be `NULL`) is called once, after `ready` or instead of it
 * Threads: any
 * Blocks: never; with a policy of one's own until it has returned from another thread's call
 * Calls back: ready, drop; the policy's choose, and finished if it finds a peer; with `direct` retain and release; with `eject=` the policy's available and unavailable, other ready notices, the log
 * Errors: NULL_POINTER (`chooser`, `ready`), INVALID_ARGUMENT, INVALID_UTF8 (a header's name, an identifier to avoid or prefer)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_notify_ready(const peerage_chooser *chooser,
                                            const peerage_request *request,
                                            peerage_ready_fn ready,
                                            void *ctx,
                                            peerage_drop_fn drop,
                                            uint64_t *id);

/**
 * Takes a notice back: its `ready` will not be called.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: never
 * Calls back: drop of the notice; another ready notice, if the number is of one that was called already
 * Errors: NULL_POINTER, NOT_FOUND (it was called, or is about to be)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_notify_cancel(const peerage_chooser *chooser,
                                             uint64_t id);

/**
 * Writes to `out` a descriptor that is readable while a peer can be chosen, and for good when the
 * chooser has stopped: for epoll, poll, and event loops that are built on them. It is made by the
 * first call, an eventfd on Linux and the end of a pipe elsewhere, and is the same from then on.
 *
 * It says that a peer is available, not that it will do for every request: one that is avoided, at
 * its capacity, or not the one that a key names. For those there is peerage_chooser_notify_ready.
 * Only look at it: do not read, write or close it. Watch it while there are requests to send, and not
 * while there are none, as it stays readable.
 *
 * Ownership: borrowed from `chooser`, until the last reference is given back
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, UNSUPPORTED (by `direct`, and on Windows), REJECTED (the system has none to give)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_ready_fd(const peerage_chooser *chooser,
                                        int32_t *out,
                                        peerage_error **err);

/**
 * Hands out a peer if there is one now, as peerage_chooser_try_choose does. One that finds none is not
 * counted in the `failures` of peerage_stats: its caller waits by itself, for a notice or by the descriptor,
 * tries again, and tells at the end how that was: peerage_chooser_waited.
 *
 * Ownership: writes `out` on success: finish it with peerage_pick_finish
 * Threads: any
 * Blocks: as peerage_chooser_try_choose
 * Calls back: as peerage_chooser_try_choose
 * Errors: as for peerage_chooser_try_choose
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_try_again(const peerage_chooser *chooser,
                                         const peerage_request *request,
                                         peerage_pick *out);

/**
 * Counts in peerage_stats how a wait of the caller's own has ended. `status` is PEERAGE_OK if it got a peer,
 * else what it is given up for, as for peerage_chooser_explain; `waited_ns` how long it took by the caller's
 * clock, 0 if it ended before it waited, or `PEERAGE_DID_NOT_WAIT` if it was not to wait.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`status` is none of a choice, `waited_ns` is below -1)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_waited(const peerage_chooser *chooser,
                                      peerage_status status,
                                      int64_t waited_ns);

/**
 * Lets peers be tried that were ejected (the option `eject`) and whose time is over, and writes to
 * `next_ns` (may be `NULL`) how long until the next one may be, in nanoseconds, or
 * `PEERAGE_TIMEOUT_FOREVER` if none is out.
 *
 * For event loops that wait for peerage_chooser_notify_ready or a descriptor and for nothing else: call
 * it once and then whenever the time that it has said is over. Every other call that has to do with
 * peers does the same: a choice that finds none, the end of a request, a push, an update; and
 * peerage_chooser_choose wakes in time by itself. What a policy has learnt of peers needs no call: it
 * fades with the first requests that end.
 *
 * Ownership: writes `next_ns` on success
 * Threads: any
 * Blocks: never
 * Calls back: with `eject=` the policy's available and unavailable, ready notices, the log
 * Errors: NULL_POINTER (`chooser`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_tick(const peerage_chooser *chooser,
                                    int64_t *next_ns);

/*
 * ---- introspect: for metrics and status pages -----------------------------
 */

/**
 * Where a chooser is in its life: one of `PEERAGE_STATE_*`.
 */
typedef int32_t peerage_state;

/**
 * Not started yet.
 */
#define PEERAGE_STATE_IDLE ((peerage_state)0)

/**
 * A start is under way.
 */
#define PEERAGE_STATE_STARTING ((peerage_state)1)

/**
 * Started, and not stopped.
 */
#define PEERAGE_STATE_RUNNING ((peerage_state)2)

/**
 * A stop is under way.
 */
#define PEERAGE_STATE_STOPPING ((peerage_state)3)

/**
 * Stopped, for good.
 */
#define PEERAGE_STATE_STOPPED ((peerage_state)4)

/**
 * Writes a description for people, several lines, to `buf`, cut to `buf_len` bytes and always
 * NUL-terminated.
 *
 * `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
 * may be `NULL` when `buf_len` is 0.
 *
 * Ownership: writes `buf` and `needed` on success
 * Threads: any
 * Blocks: never
 * Calls back: as peerage_chooser_snapshot
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_describe(const peerage_chooser *chooser,
                                        char *buf,
                                        size_t buf_len,
                                        size_t *needed);

/**
 * How many places counts by `PEERAGE_OUTCOME_*` have.
 */
#define PEERAGE_OUTCOME_PLACES ((size_t)8)

/**
 * How many places counts by `PEERAGE_CONNECTION_*` have.
 */
#define PEERAGE_CONNECTION_PLACES ((size_t)4)

/**
 * How many places counts by `PEERAGE_FAILURE_*` have.
 */
#define PEERAGE_FAILURE_PLACES ((size_t)16)

/**
 * How many places a peerage_histogram has.
 */
#define PEERAGE_HISTOGRAM_PLACES ((size_t)16)

/**
 * It has never happened.
 */
#define PEERAGE_AGE_NEVER ((int64_t)-1)

/**
 * The bound of the last place of a peerage_histogram: there is none.
 */
#define PEERAGE_BOUND_NONE ((int64_t)9223372036854775807)

/**
 * How long something took, by how often. Those that took at most `bounds_ns[i]`, and longer than
 * `bounds_ns[i - 1]`, are in `counts[i]`: of each place its own, not those of the places before as well.
 */
typedef struct peerage_histogram {
    /**
     * How many places are in use: at least 1, and `PEERAGE_HISTOGRAM_PLACES` at most.
     */
    uint64_t len;
    /**
     * All of them together, in nanoseconds.
     */
    int64_t sum_ns;
    /**
     * How many there were, by place.
     */
    uint64_t counts[PEERAGE_HISTOGRAM_PLACES];
    /**
     * The upper bounds in nanoseconds, in ascending order. The last in use is `PEERAGE_BOUND_NONE`.
     */
    int64_t bounds_ns[PEERAGE_HISTOGRAM_PLACES];
} peerage_histogram;

/**
 * A chooser in numbers at one moment. What is counted since the chooser was made never goes down, but for
 * `requests`.
 *
 * `requests` is the sum of `outcomes`, `pending` and `departing_pending`: exactly when no request begins
 * or ends during the call, else within those that do. `requests` may go down: a choice that is taken back, for
 * a notice or a cancel, is counted for a moment.
 */
typedef struct peerage_stats {
    /**
     * One of `PEERAGE_STATE_*`.
     */
    peerage_state state;
    /**
     * 0.
     */
    int32_t reserved;
    /**
     * Peers that it has retained.
     */
    size_t peers;
    /**
     * Those of them that can be chosen, with a place for another request or without.
     */
    size_t available;
    /**
     * Those of them that are connecting.
     */
    size_t connecting;
    /**
     * Those of them that are unavailable.
     */
    size_t unavailable;
    /**
     * Those of them that are connected, and ejected, draining, outside the subset or in a later tier than those
     * that serve.
     */
    size_t set_aside;
    /**
     * Peers that it knows and has not retained, because it does not run or uses a subset.
     */
    size_t uninitialized;
    /**
     * Callers that wait for a peer, ready notices included.
     */
    size_t waiting;
    /**
     * Peers that have left and are not released yet, mostly because of requests in flight; they are
     * in none of the other counts. peerage_chooser_drain waits for them.
     */
    size_t departing;
    /**
     * Requests in flight, from this chooser, on the peers that it has retained.
     */
    uint64_t pending;
    /**
     * Requests in flight on the peers that are departing.
     */
    uint64_t departing_pending;
    /**
     * Requests that were given to a peer since the chooser was made, those in flight included.
     */
    uint64_t requests;
    /**
     * How they have ended, by `PEERAGE_OUTCOME_*`.
     */
    uint64_t outcomes[PEERAGE_OUTCOME_PLACES];
    /**
     * Choices that found no peer, by `PEERAGE_FAILURE_*`.
     */
    uint64_t failures[PEERAGE_FAILURE_PLACES];
    /**
     * How often peers have changed to a connection status, by `PEERAGE_CONNECTION_*`. One that is retained
     * begins as unavailable, which is no change.
     */
    uint64_t status_changes[PEERAGE_CONNECTION_PLACES];
    /**
     * How often a peer was ejected (`eject=`).
     */
    uint64_t ejections;
    /**
     * Updates of the members that went well as a whole.
     */
    uint64_t updates_applied;
    /**
     * Updates of the members of which a part failed.
     */
    uint64_t updates_failed;
    /**
     * How many nanoseconds ago the last update was, whether or not it went well, or `PEERAGE_AGE_NEVER`.
     */
    int64_t update_age_ns;
    /**
     * How long callers have waited for a peer, in vain or not: those that got one at once are not here.
     */
    struct peerage_histogram waits;
} peerage_stats;

/**
 * Why a choice found no peer, as peerage_stats counts it: one of `PEERAGE_FAILURE_*`. It is how the call
 * ended; what the chooser lacked is the peerage_cause of peerage_chooser_explain. New numbers may appear.
 */
typedef int32_t peerage_failure;

/**
 * Nothing could be chosen, and the call was one that does not wait.
 */
#define PEERAGE_FAILURE_NO_PEER ((peerage_failure)0)

/**
 * Nothing could be chosen, and the chooser is set to fail fast.
 */
#define PEERAGE_FAILURE_FAIL_FAST ((peerage_failure)1)

/**
 * Nothing could be chosen in time.
 */
#define PEERAGE_FAILURE_TIMED_OUT ((peerage_failure)2)

/**
 * As many callers waited already as may.
 */
#define PEERAGE_FAILURE_QUEUE_FULL ((peerage_failure)3)

/**
 * The call was cancelled.
 */
#define PEERAGE_FAILURE_CANCELLED ((peerage_failure)4)

/**
 * The chooser was stopped, before or during the wait.
 */
#define PEERAGE_FAILURE_STOPPED ((peerage_failure)5)

/**
 * The chooser was not started in time.
 */
#define PEERAGE_FAILURE_NOT_RUNNING ((peerage_failure)6)

/**
 * The transport did not give the peer that the request names.
 */
#define PEERAGE_FAILURE_NOT_RETAINED ((peerage_failure)7)

/**
 * The policy, which is the user's own, failed inside.
 */
#define PEERAGE_FAILURE_POLICY_PANICKED ((peerage_failure)8)

/**
 * The request lacks what the chooser needs of it, or has it in a form that cannot be.
 */
#define PEERAGE_FAILURE_INVALID_REQUEST ((peerage_failure)9)

/**
 * Writes the chooser in numbers to `out`: as many bytes as `size` says, so that the struct can grow.
 *
 * Ownership: writes `out` on success
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_stats(const peerage_chooser *chooser,
                                     struct peerage_stats *out,
                                     size_t size);

/**
 * What the checks of a peer have shown, as its transport tells.
 */
typedef struct peerage_check {
    /**
     * How many have passed.
     */
    uint64_t passed;
    /**
     * How many have failed.
     */
    uint64_t failed;
    /**
     * How the last one ended, in words; empty if that was not told.
     */
    peerage_str last;
} peerage_check;

/**
 * A peer of a snapshot. The texts end in NUL; they, `peer` and `check` are borrowed from the snapshot.
 */
typedef struct peerage_snapshot_peer {
    /**
     * Its identifier.
     */
    peerage_str id;
    /**
     * The name under which a hash ring places it; empty: its identifier.
     */
    peerage_str shard;
    /**
     * Where it is; empty: unknown.
     */
    peerage_str zone;
    /**
     * How much it can take beside others, at least 1.
     */
    uint32_t weight;
    /**
     * Which tier it belongs to.
     */
    uint32_t tier;
    /**
     * Its status, one of `PEERAGE_CONNECTION_UNAVAILABLE`, `PEERAGE_CONNECTION_CONNECTING` and `PEERAGE_CONNECTION_AVAILABLE`, as the
     * chooser last heard it.
     */
    peerage_connection status;
    /**
     * Its requests in flight from this chooser.
     */
    uint32_t pending;
    /**
     * Why it cannot be chosen: `PEERAGE_REASON_*`, or 0 if it can.
     */
    peerage_reasons reasons;
    /**
     * The share of its requests that have failed lately, in thousandths, if the policy prices peers.
     */
    uint32_t failures;
    /**
     * The requests in flight that it has reported, on average, if the policy goes by that.
     */
    uint32_t reported;
    /**
     * 0.
     */
    uint32_t reserved;
    /**
     * The reasons in words, such as `not connected, draining`; empty if there is none.
     */
    peerage_str reasons_text;
    /**
     * The peer itself, for its data or to report on it. The snapshot keeps it, also when it has been
     * released since: peerage_peer_ref keeps it longer.
     */
    const peerage_peer *peer;
    /**
     * What its transport has found out about it by checks; `NULL` if it tells nothing of that.
     */
    const struct peerage_check *check;
    /**
     * How many nanoseconds its status has been what it is; since it was retained, if it has had no other. In
     * steps of 100 ms.
     */
    int64_t since_ns;
    /**
     * How many nanoseconds until it is tried again, if the list has ejected it (`eject=`); else 0.
     */
    int64_t ejected_for_ns;
    /**
     * Requests that were given to it since it was retained, those in flight included.
     */
    uint64_t requests;
    /**
     * How they have ended, by `PEERAGE_OUTCOME_*`.
     */
    uint64_t outcomes[PEERAGE_OUTCOME_PLACES];
    /**
     * How often its status has changed since it was retained.
     */
    uint64_t status_changes;
    /**
     * How often it was ejected (`eject=`).
     */
    uint64_t ejections;
    /**
     * What one more request costs there, in thousandths of one on an idle peer that is like most, if
     * the policy prices peers; else 0.
     */
    uint64_t price;
    /**
     * Its mean latency, in nanoseconds, or `PEERAGE_LATENCY_UNKNOWN`: also if the policy does not go
     * by it.
     */
    int64_t latency_ns;
} peerage_snapshot_peer;

/**
 * A chooser at one moment, in the order of the identifiers.
 */
typedef struct peerage_snapshot peerage_snapshot;

/**
 * Writes a snapshot of the chooser's peers to `out`.
 *
 * Ownership: `out` is the caller's, for peerage_snapshot_free
 * Threads: any
 * Blocks: never
 * Calls back: drop of the data of a peer that is being released and that nothing else keeps
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_snapshot(const peerage_chooser *chooser,
                                        struct peerage_snapshot **out);

/**
 * Returns how many peers a snapshot has.
 *
 * Ownership: borrows `snapshot`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; 0 for `NULL`
 * Since: 0.1
 */
PEERAGE_API
size_t peerage_snapshot_len(const struct peerage_snapshot *snapshot);

/**
 * Returns the state that the chooser was in, one of `PEERAGE_STATE_*`.
 *
 * Ownership: borrows `snapshot`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `PEERAGE_STATE_IDLE` for `NULL`
 * Since: 0.1
 */
PEERAGE_API
peerage_state peerage_snapshot_state(const struct peerage_snapshot *snapshot);

/**
 * Writes the peer at `index` of a snapshot to `out`: as many bytes as `size` says, so that the
 * struct can grow.
 *
 * Ownership: the texts and the peer are borrowed from `snapshot`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, NOT_FOUND (`index` is beyond the last), INVALID_ARGUMENT (`size` is 0 or absurd)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_snapshot_get(const struct peerage_snapshot *snapshot,
                                    size_t index,
                                    peerage_snapshot_peer *out,
                                    size_t size);

/**
 * Frees a snapshot. `NULL` does nothing.
 *
 * Ownership: consumes `snapshot`
 * Threads: any
 * Blocks: never
 * Calls back: drop of the data of a peer that was released and that nothing else keeps
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
void peerage_snapshot_free(struct peerage_snapshot *snapshot);

/**
 * Looks a peer up by its identifier, and writes a new reference to it to `out`: to read its data or
 * to report on it without a table of one's own.
 *
 * It takes a lock that updates take too, so not for each request: a pick has its peer.
 *
 * Ownership: `id` is borrowed for the call; `out` is the caller's, for peerage_peer_unref
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_UTF8, INVALID_ARGUMENT (`id` has a NUL), NOT_IN_LIST (it is not in the list, or the chooser does not run)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_peer(const peerage_chooser *chooser,
                                    peerage_str id,
                                    const peerage_peer **out);

/*
 * ---- metrics: choosers as text for Prometheus -----------------------------
 */

/** Every field of peerage_metrics_opts: Prometheus' text, without peers. */
#define PEERAGE_METRICS_OPTS_INIT { sizeof(peerage_metrics_opts), PEERAGE_METRICS_PROMETHEUS, 0 }

/**
 * How metrics are written: one of `PEERAGE_METRICS_*`.
 */
typedef int32_t peerage_metrics_format;

/**
 * What is written of choosers, and how.
 */
typedef struct peerage_metrics_opts {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * One of `PEERAGE_METRICS_*`.
     */
    peerage_metrics_format format;
    /**
     * Not 0: each peer has series of its own, some ten of them. A server of metrics keeps every series
     * that it has ever seen, so this is for choosers whose peers are few and stay.
     */
    int32_t peers;
} peerage_metrics_opts;

/**
 * Prometheus' text, version 0.0.4. An HTTP server calls it
 * `text/plain; version=0.0.4; charset=utf-8`.
 */
#define PEERAGE_METRICS_PROMETHEUS ((peerage_metrics_format)0)

/**
 * OpenMetrics, version 1.0.0, for clients whose `Accept` has it. An HTTP server calls it
 * `application/openmetrics-text; version=1.0.0; charset=utf-8`.
 */
#define PEERAGE_METRICS_OPENMETRICS ((peerage_metrics_format)1)

/**
 * Writes choosers as one text that Prometheus scrapes, what an HTTP server answers to `GET /metrics`, to
 * `buf`, cut to `buf_len` bytes and always NUL-terminated. docs/metrics.md lists the metrics.
 *
 * Each has the chooser's name as its label `chooser`; of two choosers of one name the second is
 * `users (2)`, by their order here. An updater's source is told with its chooser. `opts` may be `NULL`:
 * Prometheus' text without peers. `needed` (may be `NULL`) gets the length of the whole text, the
 * terminator not counted; the numbers in it grow, so leave room for some more bytes before the second
 * call. `buf` may be `NULL` when `buf_len` is 0.
 *
 * Ownership: borrows `choosers` and `opts`; writes `buf` and `needed` on success
 * Threads: any
 * Blocks: never
 * Calls back: none; with peers as peerage_chooser_snapshot
 * Errors: NULL_POINTER (`choosers`, or one of them), INVALID_ARGUMENT (`opts`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_metrics_text(const peerage_chooser *const *choosers,
                                    size_t choosers_len,
                                    const struct peerage_metrics_opts *opts,
                                    char *buf,
                                    size_t buf_len,
                                    size_t *needed);

/*
 * ---- page: a status page --------------------------------------------------
 *
 * Texts for an HTTP server of the program's own. They grow and shrink from one
 * call to the next: give the second call some more room than the first asked
 * for.
 */

/**
 * Writes a status page of choosers, in the order given, to `buf`, cut to `buf_len` bytes and always
 * NUL-terminated: an HTML document of one file, in UTF-8, without a script. An HTTP server calls it
 * `text/html; charset=utf-8`. docs/status-page.md says what is on it.
 *
 * Names and texts of errors may be anything: they are escaped. `options` is `key=value,...` with the keys
 * `title`, `refresh` (how often the browser asks again, such as `5s`) and `peers` (of how many peers of a
 * chooser there is a row, 1000); empty: the defaults. `needed` (may be `NULL`) gets the length of the
 * whole text, the terminator not counted. `buf` may be `NULL` when `buf_len` is 0.
 *
 * Ownership: borrows `choosers` and `options`; writes `buf` and `needed` on success
 * Threads: any
 * Blocks: never
 * Calls back: as peerage_chooser_snapshot
 * Errors: NULL_POINTER (`choosers`, one of them, `buf`), INVALID_UTF8, INVALID_ARGUMENT (`options`: the error says which key, and what would be right)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_status_html(const peerage_chooser *const *choosers,
                                   size_t choosers_len,
                                   peerage_str options,
                                   char *buf,
                                   size_t buf_len,
                                   size_t *needed,
                                   peerage_error **err);

/**
 * Writes the same for programs to `buf`: as JSON, in UTF-8, without line ends, cut to `buf_len` bytes and
 * always NUL-terminated. An HTTP server calls it `application/json`. docs/status-page.md has the fields.
 *
 * `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf` may be
 * `NULL` when `buf_len` is 0.
 *
 * Ownership: borrows `choosers`; writes `buf` and `needed` on success
 * Threads: any
 * Blocks: never
 * Calls back: as peerage_chooser_snapshot
 * Errors: NULL_POINTER (`choosers`, one of them, `buf`), UNSUPPORTED (the build has no feature `json`: peerage_has)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_status_json(const peerage_chooser *const *choosers,
                                   size_t choosers_len,
                                   char *buf,
                                   size_t buf_len,
                                   size_t *needed);

/*
 * ---- names: the numbers in words ------------------------------------------
 *
 * For logs and metrics: a name is that of the constant, without its prefix.
 */

/**
 * Returns the name of an outcome, such as `NOT_SENT`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_outcome_name(peerage_outcome outcome);

/**
 * Returns the name of a connection status, such as `AVAILABLE`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_connection_name(peerage_connection connection);

/**
 * Returns the name of a chooser's state, such as `RUNNING`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_state_name(peerage_state state);

/**
 * Returns the name of what kept a choice from finding a peer, such as `NONE_CONNECTED`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_cause_name(peerage_cause cause);

/**
 * Returns the name of what a policy has answered, such as `AT_CAPACITY`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_choice_name(peerage_choice choice);

/**
 * Returns the name of why a choice found no peer, such as `TIMED_OUT`. Never `NULL`.
 *
 * Ownership: static
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; an unknown number has a text too
 * Since: 0.1
 */
PEERAGE_API
const char *peerage_failure_name(peerage_failure failure);

/*
 * ---- memory: for bindings to which a call is dear ---------------------------
 *
 * Calls are always right; this is for languages from which one costs more than
 * a whole choice. Everything named here is read and written by other threads,
 * so use atomic operations only, as strong as acquire and release. All of it
 * is part of the ABI; PEERAGE_MEMORY_LAYOUT counts its versions. Only on
 * machines with 64-bit addresses.
 *
 * A slot is 64 bytes:
 *
 *     bytes  0.. 7  its word
 *     bytes 12..15  PEERAGE_SLOT_WATCHED: a number of 32 bits; if its lowest 8
 *                   bits are not 0, the library has to hear when requests
 *                   begin or end. It changes while data that was replaced is
 *                   in use
 *     bytes 48..55  PEERAGE_SLOT_PEER: the address of the peerage_peer
 *     bytes 56..63  PEERAGE_SLOT_DATA: its data, as it was attached last
 *
 * and its word is
 *
 *     bits   0..30  requests in flight, above a number that is the same for all
 *                   slots of a chooser: 0, unless it has the option max-pending
 *     bit       31  as many of them as there may be, or the word is about to
 *                   change: do not choose it
 *     bits  32..33  the state, one of PEERAGE_WORD_*
 *     bits  34..53  a number that tells the slot's tenants apart
 *     bits  54..63  how often the peer was chosen, without the higher bits
 *
 * To finish a pick, with PEERAGE_OUTCOME_SUCCESS and no other, of which the
 * lower 34 bits of opaque[0] are PEERAGE_PICK_COUNTED: opaque[1] is the address
 * of its slot. If those 8 bits are 0, the state is not PEERAGE_WORD_REMOVED,
 * bits 0..30 of the word are not 0 and bit 31 is, and bits 34..53 are those of
 * opaque[0], compare-exchange the word to itself minus 1. Once that has succeeded nothing of the pick may be used again, not
 * even to read. In all other cases call peerage_pick_finish.
 *
 * To choose: peerage_chooser_memory says where to look. If `*open` is not 0,
 * load `*len`, then `*entries`, the address of so many entries, and draw one.
 * If bit 31 of the slot's word is 0 and the state is PEERAGE_WORD_AVAILABLE,
 * compare-exchange the word to itself plus 1 plus 2^54, without what is above 64
 * bits: that is a pick of
 * { PEERAGE_PICK_COUNTED | bits 34..53 of the word, the slot, 0, the data }.
 * If bit 63 has changed, call peerage_memory_half with the address of the slot.
 * Draw again when it fails; after 8 times, and whenever there is nothing to
 * draw, call peerage_chooser_try_choose.
 *
 * Of such a pick load the data, and then the 8 bits. If they are not 0, data of
 * the peer that was replaced is in use, and picks are recorded: do not use this
 * one, but finish it with peerage_pick_finish as PEERAGE_OUTCOME_NOT_SENT, and
 * call peerage_chooser_try_choose. A binding whose transports never replace data
 * (peerage_peer_set_data once for a peer, within `retain`) need not look.
 *
 * Random numbers: scale(r, n) is the upper half of the 64-bit product of n and
 * the lower 32 bits of r. For a chooser with a seed, r is the next of its
 * numbers: add 0xa0761d6478bd642f to `*random`; with w for the sum, r is the
 * exclusive or of the two halves of the 128-bit product of w and
 * (w ^ 0xe7037ed1a0b428db).
 */

/**
 * The layout that this header describes.
 */
#define PEERAGE_MEMORY_LAYOUT ((uint32_t)5)

/**
 * The offset in a slot, in bytes, of the number whose lowest 8 bits say who wants to hear.
 */
#define PEERAGE_SLOT_WATCHED ((uint32_t)12)

/**
 * The offset in a slot, in bytes, of the address of the `peerage_peer`.
 */
#define PEERAGE_SLOT_PEER ((uint32_t)48)

/**
 * The offset in a slot, in bytes, of the peer's data, as it was attached last.
 */
#define PEERAGE_SLOT_DATA ((uint32_t)56)

/**
 * The state of a word whose peer has left its list.
 */
#define PEERAGE_WORD_REMOVED ((uint64_t)3)

/**
 * The state of a word whose peer can be chosen.
 */
#define PEERAGE_WORD_AVAILABLE ((uint64_t)1)

/**
 * How a policy picks an entry: one of `PEERAGE_DRAW_*`.
 */
typedef int32_t peerage_draw;

/**
 * Where a chooser keeps what its choices read. Valid as long as the chooser's handle.
 */
typedef struct peerage_memory {
    /**
     * `PEERAGE_MEMORY_LAYOUT` of the library.
     */
    uint32_t layout;
    /**
     * One of `PEERAGE_DRAW_*`: how this chooser's policy picks an entry.
     */
    peerage_draw draw;
    /**
     * 1 while the chooser hands out peers, else 0.
     */
    const uint32_t *open;
    /**
     * How many entries there are. Read it before `entries`.
     */
    const uint64_t *len;
    /**
     * Where the address of the first entry is kept: load it anew for each choice, as the entries
     * move. Each entry is the address of a slot, or 0.
     */
    const uint64_t *entries;
    /**
     * The next turn; `NULL` unless `draw` is `PEERAGE_DRAW_IN_TURN`.
     */
    uint64_t *turn;
    /**
     * The word of a chooser with a seed; `NULL`: draw numbers of your own.
     */
    uint64_t *random;
} peerage_memory;

/**
 * Take one entry at random: that at `scale(r, n)`.
 */
#define PEERAGE_DRAW_RANDOM ((peerage_draw)1)

/**
 * Take two different entries at random, those at `i = scale(r, n)` and
 * `j = scale(r >> 32, n - 1)`, where `j` becomes `j + 1` if it is not below `i`, and of them the
 * one with fewer requests in flight, or else the first; of a single entry, that, and no number is
 * drawn for it.
 */
#define PEERAGE_DRAW_TWO_RANDOM ((peerage_draw)2)

/**
 * Take the entry whose turn it is: add 1 to `*turn`; the value before, modulo `*len`, is its
 * position. An entry may be 0: then take the next turn.
 */
#define PEERAGE_DRAW_IN_TURN ((peerage_draw)3)

/**
 * Take the first entry.
 */
#define PEERAGE_DRAW_FIRST ((peerage_draw)4)

/**
 * Writes to `out` where the chooser's memory is: as many bytes as `size` says.
 *
 * Ownership: the addresses are valid as long as the caller holds a reference to `chooser`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is less than the struct's), UNSUPPORTED (by the policy, by a transport that wants to hear of requests, or on a machine without 64-bit addresses)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_memory(const peerage_chooser *chooser,
                                      struct peerage_memory *out,
                                      size_t size);

/**
 * Notes that a pick which the caller has made in that memory, and has not finished, has changed bit 63 of
 * its slot's word: one of 512 does. Without it that many requests are missing from the peer's numbers.
 *
 * Ownership: none
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none (0 is no slot: nothing happens)
 * Since: 0.1
 */
PEERAGE_API
void peerage_memory_half(uint64_t slot);

#ifdef __cplusplus
}
#endif

#endif /* PEERAGE_H */
