/*
 * peerage.h - which peer gets this request?
 *
 * Generated from src/ffi; update it with
 *   PEERAGE_BLESS=1 cargo test --features capi --test header
 */
#ifndef PEERAGE_H
#define PEERAGE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A transport (your code) makes peers and reports their status. A chooser
 * hands out one of its available peers for each request, by a policy.
 *
 *   1. Fill a peerage_transport_ops and call peerage_transport_new. In
 *      `retain` begin to connect; report with peerage_peer_set_status, from
 *      any thread, whenever you know more.
 *   2. Fill a peerage_chooser_opts from PEERAGE_CHOOSER_OPTS_INIT, name the
 *      policy and the transport, call peerage_chooser_new, then
 *      peerage_chooser_start, then peerage_chooser_update with identifiers.
 *   3. For each request: peerage_chooser_choose, send it to
 *      peerage_pick_peer or peerage_pick_data, then peerage_pick_finish.
 *   4. peerage_chooser_stop, then give every reference back with its _unref.
 *
 * Ownership. `_free` ends what has one owner; `_ref` and `_unref` count. A
 * `const` handle is no less alive: all of them may be shared by threads.
 * Whoever calls a function holds a reference to what it names while the call
 * lasts; only inside a callback may the last one be given back. Each `ctx` is
 * dropped exactly once, when the last callback that gets it has returned,
 * also when the call that took it fails.
 *
 * Threads. Any function may be called from any thread, unless it says
 * otherwise. Nothing is global and nothing belongs to a thread. No lock of a
 * chooser is held while a callback runs, so a callback may call any function
 * of this header. Only a policy's callbacks are called one at a time.
 *
 * Errors. Functions return a status: 0, or a negative number. Outputs are
 * written on success only. Cold functions take a `peerage_error **` that may
 * be NULL: on failure it gets an error to read and to free. A C++ exception
 * that leaves a callback ends the process, and so does running out of memory.
 *
 * Structs that begin with `size` grow at their end: a shorter one is read as
 * if zeros followed, a longer one is accepted if what follows is zero. Fill
 * them from their _INIT and set what you need.
 *
 * Topics, in this order: types, status, error, peer, transport, request,
 * policy, log, options, chooser, pick, cancel, choose, notify, introspect,
 * memory.
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

/* Before a function whose result says whether its output can be used. */
#ifndef PEERAGE_MUST_USE
#if defined(__GNUC__) || defined(__clang__)
#define PEERAGE_MUST_USE __attribute__((warn_unused_result))
#else
#define PEERAGE_MUST_USE
#endif
#endif

/*
 * ---- types: what crosses the boundary by value ----------------------------
 */

/**
 * Text: `len` bytes of UTF-8 at `ptr`. Text that the library gives out is NUL-terminated too.
 * As an input, `ptr` may be `NULL` when `len` is 0.
 *
 * The keys of a request and the values of its headers are of this type too, but are any bytes, NUL
 * among them; a policy is given them as the caller has them.
 */
typedef struct {
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
 * The peer is in the list already.
 */
#define PEERAGE_ERR_DUPLICATE ((peerage_status)-40)

/**
 * There is no such peer, or nothing with this number.
 */
#define PEERAGE_ERR_NOT_FOUND ((peerage_status)-41)

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
peerage_status peerage_error_status(const peerage_error *error);

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
peerage_str peerage_error_message(const peerage_error *error);

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
void peerage_error_free(peerage_error *error);

/*
 * ---- peer: where a transport reports --------------------------------------
 */

/**
 * Not connected, and nobody is trying just now: what a peer is at first.
 */
#define PEERAGE_UNAVAILABLE ((int32_t)0)

/**
 * A connection attempt is under way.
 */
#define PEERAGE_CONNECTING ((int32_t)1)

/**
 * Ready for requests: the only status in which a peer is chosen.
 */
#define PEERAGE_AVAILABLE ((int32_t)2)

/**
 * One remote endpoint of a transport.
 */
typedef struct peerage_peer peerage_peer;

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
const peerage_peer *peerage_peer_ref(const peerage_peer *peer);

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
void peerage_peer_unref(const peerage_peer *peer);

/**
 * Reports the status of a peer: one of `PEERAGE_UNAVAILABLE`, `PEERAGE_CONNECTING` and
 * `PEERAGE_AVAILABLE`.
 *
 * Ownership: borrows `peer`
 * Threads: any, also inside `retain`
 * Blocks: never
 * Calls back: ready notices, the log; drop, if this was the last use of a transport
 * Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown status), GONE (after `release`)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_peer_set_status(const peerage_peer *peer,
                                       int32_t status);

/**
 * Returns the status that was reported last.
 *
 * Ownership: borrows `peer`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, which is negative as no status is
 * Since: 0.1
 */
PEERAGE_API
int32_t peerage_peer_status(const peerage_peer *peer);

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
peerage_str peerage_peer_id(const peerage_peer *peer);

/**
 * Attaches a pointer of the transport's own to a peer; the one before is dropped.
 *
 * Ownership: consumes `data`, also on failure; `drop` (which may be `NULL`) is called once for it
 * Threads: any
 * Blocks: never
 * Calls back: drop of the data before, or of this one on failure
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_peer_set_data(const peerage_peer *peer,
                                     void *data,
                                     peerage_drop_fn drop);

/**
 * Returns the pointer that was attached to a peer, or `NULL`.
 *
 * Ownership: borrowed from `peer`, until another is set
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` for `NULL`
 * Since: 0.1
 */
PEERAGE_API
void *peerage_peer_data(const peerage_peer *peer);

/*
 * ---- transport: your code, which makes peers ------------------------------
 *
 * A transport outlives its choosers: each holds a reference. After the last
 * `release` has returned, and when nobody holds a reference, `drop` is called.
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
typedef struct {
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
                     int32_t outcome);
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
peerage_status peerage_transport_new(const peerage_transport_ops *ops,
                                     void *ctx,
                                     const peerage_transport **out,
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
const peerage_transport *peerage_transport_ref(const peerage_transport *transport);

/**
 * Gives one reference back. Choosers that use the transport keep it alive.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never
 * Calls back: drop
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_transport_unref(const peerage_transport *transport);

/*
 * ---- request: what a policy may look at -----------------------------------
 */

/** Every field of peerage_request: nothing is known. */
#define PEERAGE_REQUEST_INIT \
    { sizeof(peerage_request), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0, NULL, 0 }

/**
 * A header of a request.
 */
typedef struct {
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
typedef struct {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * What hash rings place: any bytes. For `direct` the peer's name: text, of which an empty one
     * and what is not UTF-8 are an `INVALID_ARGUMENT`.
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
     * The headers; `NULL` if there are none.
     */
    const peerage_header *headers;
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
} peerage_request;

/*
 * ---- policy: one of your own ----------------------------------------------
 *
 * Most programs name one of the library's in peerage_chooser_opts and skip
 * this topic. A policy's callbacks are called one at a time, so one that waits
 * makes everybody wait who chooses; and two policies that choose from each
 * other's choosers can wait for each other for ever, as with any two locks.
 */

/** Every field of peerage_policy_ops: the size, then nothing. */
#define PEERAGE_POLICY_OPS_INIT \
    { sizeof(peerage_policy_ops), NULL, NULL, NULL, NULL, NULL }

/**
 * A policy of the user's own, for one chooser.
 */
typedef struct peerage_policy peerage_policy;

/**
 * The callbacks of a policy. They are called one at a time, by whichever thread chooses, finishes
 * or reports a status, and should only compute. Set `size` to `sizeof(peerage_policy_ops)`.
 */
typedef struct {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * Required: a peer can be chosen from now on; it may have `pending` requests from before.
     */
    void (*added)(void *ctx,
                  uint64_t key,
                  peerage_str id,
                  uint32_t pending);
    /**
     * Required: the peer cannot be chosen any more. It may be added again.
     */
    void (*removed)(void *ctx,
                    uint64_t key);
    /**
     * Required: write the key of a peer that is added to `out` and return 0, or return another
     * number for none. The request's keys are those of the caller who chooses: any bytes, which
     * need not end in NUL. Its headers and the peers to avoid are not passed on (a choice of a peer
     * to avoid is taken back, and this is called again a few times). The request counts as pending
     * when this returns.
     */
    int32_t (*choose)(void *ctx,
                      const peerage_request *request,
                      uint64_t *out);
    /**
     * Optional: a request on the peer, which may have been removed meanwhile, has ended.
     */
    void (*finished)(void *ctx,
                     uint64_t key,
                     int32_t outcome);
    /**
     * Optional: the last call ever for `ctx`.
     */
    peerage_drop_fn drop;
} peerage_policy_ops;

/**
 * Makes a policy of callbacks, for `policy_custom` of one chooser's options.
 *
 * Ownership: consumes `ctx`, also on failure (of `ops` without a `drop` nothing can be called); `out` is the caller's, for peerage_policy_unref
 * Threads: any
 * Blocks: never
 * Calls back: drop, on failure
 * Errors: NULL_POINTER (`ops`, `out` or a required callback), INVALID_ARGUMENT (`size`)
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_policy_new(const peerage_policy_ops *ops,
                                  void *ctx,
                                  const peerage_policy **out,
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
const peerage_policy *peerage_policy_ref(const peerage_policy *policy);

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
void peerage_policy_unref(const peerage_policy *policy);

/*
 * ---- log: what a chooser reports unasked ----------------------------------
 */

/** Every field of peerage_log_opts: the size, and failures only. */
#define PEERAGE_LOG_OPTS_INIT \
    { sizeof(peerage_log_opts), PEERAGE_LOG_ERROR, NULL, NULL, NULL }

/**
 * What a chooser logs, and how much of it.
 */
#define PEERAGE_LOG_OFF ((int32_t)0)

/**
 * Failures that nobody was there to hear of.
 */
#define PEERAGE_LOG_ERROR ((int32_t)1)

/**
 * Updates and changes of status too.
 */
#define PEERAGE_LOG_INFO ((int32_t)2)

/**
 * Waits too.
 */
#define PEERAGE_LOG_DEBUG ((int32_t)3)

/**
 * Where a chooser logs to.
 */
typedef struct {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * The most detailed level that is emitted.
     */
    int32_t level;
    /**
     * Required: one line. It may call any function.
     */
    void (*emit)(void *ctx,
                 int32_t level,
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

/*
 * ---- options: the settings of a chooser -----------------------------------
 */

/** Every field of peerage_chooser_opts: all defaults. */
#define PEERAGE_CHOOSER_OPTS_INIT \
    { sizeof(peerage_chooser_opts), { NULL, 0 }, NULL, NULL, { NULL, 0 }, \
      PEERAGE_DEFAULT_TIMEOUT, 0, 0, 0, 0, { 0, 0, 0, 0, 0 }, NULL }

/**
 * The default of a chooser; for `default_timeout_ns` itself, 500 ms.
 */
#define PEERAGE_DEFAULT_TIMEOUT ((int64_t)-2)

/**
 * No limit.
 */
#define PEERAGE_FOREVER ((int64_t)-1)

/**
 * The settings of a chooser. `PEERAGE_CHOOSER_OPTS_INIT` has the defaults.
 */
typedef struct {
    /**
     * The size of this struct.
     */
    size_t size;
    /**
     * `name[:key=value[,key=value]...]`: round-robin, random, two-random-choices,
     * fewest-pending-requests, hashring32 (replicas, delimiter, ...), single or direct.
     */
    peerage_str policy;
    /**
     * A policy of one's own, instead of `policy`; each serves one chooser.
     */
    const peerage_policy *policy_custom;
    /**
     * Required. Borrowed: the chooser takes a reference.
     */
    const peerage_transport *transport;
    /**
     * The name in errors and status pages; empty: the policy's.
     */
    peerage_str name;
    /**
     * How long `PEERAGE_DEFAULT_TIMEOUT` waits; 0 or `PEERAGE_DEFAULT_TIMEOUT`: 500 ms.
     */
    int64_t default_timeout_ns;
    /**
     * Makes shuffle and policy repeatable, if `has_seed` is not 0.
     */
    uint64_t seed;
    /**
     * Whether `seed` counts.
     */
    uint8_t has_seed;
    /**
     * Not 0: a choice fails at once when no peer is available, instead of waiting.
     */
    uint8_t fail_fast;
    /**
     * Not 0: additions keep their order, instead of being shuffled.
     */
    uint8_t no_shuffle;
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
 * ---- chooser: its life and its peers --------------------------------------
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
 * Calls back: drop of the log, on failure
 * Errors: NULL_POINTER (`opts`, `out`, the transport), INVALID_ARGUMENT (the policy, a setting), INVALID_UTF8
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_new(const peerage_chooser_opts *opts,
                                   const peerage_chooser **out,
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
const peerage_chooser *peerage_chooser_ref(const peerage_chooser *chooser);

/**
 * Gives one reference back. The last one stops the chooser and releases its peers.
 *
 * Ownership: consumes one reference
 * Threads: any
 * Blocks: never
 * Calls back: release, drop, ready notices
 * Errors: none; `NULL` does nothing
 * Since: 0.1
 */
PEERAGE_API
void peerage_chooser_unref(const peerage_chooser *chooser);

/**
 * Retains the peers added so far and begins to hand them out. Idempotent; not after a stop.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: while another thread starts it
 * Calls back: retain, release, ready notices, the log
 * Errors: NULL_POINTER, STOPPED, REJECTED (by the transport: nothing is retained, and it may be tried again)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_start(const peerage_chooser *chooser,
                                     peerage_error **err);

/**
 * Ends every wait with `STOPPED` and releases the peers; one with requests in flight when the
 * last of them finishes. Idempotent. Never waits for callbacks.
 *
 * Ownership: borrows `chooser`
 * Threads: any
 * Blocks: while another thread stops it; never inside a callback of the stop
 * Calls back: release, ready notices, the log
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_stop(const peerage_chooser *chooser,
                                    peerage_error **err);

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
int32_t peerage_chooser_is_running(const peerage_chooser *chooser);

/**
 * Removes and adds peers, in this order. What can be done is done; what cannot is reported
 * together, with the status of the first.
 *
 * Ownership: the texts are borrowed for the call
 * Threads: any
 * Blocks: never
 * Calls back: retain, release, drop, ready notices, the log
 * Errors: NULL_POINTER, INVALID_UTF8, UNSUPPORTED (by `direct`), DUPLICATE, NOT_FOUND, REJECTED (by the transport)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_update(const peerage_chooser *chooser,
                                      const peerage_str *add,
                                      size_t add_len,
                                      const peerage_str *remove,
                                      size_t remove_len,
                                      peerage_error **err);

/*
 * ---- pick: a peer, until the request is finished --------------------------
 *
 * The opaque words of a live pick are a mark, an address, 0, and the
 * peerage_peer; what the first two mean is told in the last topic, which also
 * says how some picks can be finished without a call.
 */

/** A pick that is finished. */
#define PEERAGE_PICK_INIT { { 0, 0, 0, 0 } }

/**
 * The peer answered.
 */
#define PEERAGE_SUCCESS ((int32_t)0)

/**
 * The peer failed.
 */
#define PEERAGE_FAILURE ((int32_t)1)

/**
 * The peer refused because it has too much to do.
 */
#define PEERAGE_OVERLOADED ((int32_t)2)

/**
 * The caller gave up, which says nothing about the peer.
 */
#define PEERAGE_CANCELLED ((int32_t)3)

/**
 * The request was never sent.
 */
#define PEERAGE_NOT_SENT ((int32_t)4)

/**
 * The pick was given up without an outcome.
 */
#define PEERAGE_ABANDONED ((int32_t)5)

/**
 * `opaque[0]` of a pick that a binding may finish without a call, as described above.
 */
#define PEERAGE_PICK_COUNTED ((uint64_t)8098991047082337131)

/**
 * A peer that was chosen for a request, until peerage_pick_finish. Lives in the caller's memory,
 * may be moved, and must not be copied and finished twice. All zeros is a finished one.
 */
typedef struct {
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
const peerage_peer *peerage_pick_peer(const peerage_pick *pick);

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
peerage_str peerage_pick_id(const peerage_pick *pick);

/**
 * Returns the pointer that the transport attached to the peer that was chosen.
 *
 * Ownership: borrowed until the pick is finished, or another is attached
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none; `NULL` for a finished pick
 * Since: 0.1
 */
PEERAGE_API
void *peerage_pick_data(const peerage_pick *pick);

/**
 * Ends the request, once, and clears the pick. The chooser may be gone by now.
 *
 * Ownership: consumes what `pick` held, not its memory
 * Threads: any, one at a time for one pick
 * Blocks: never
 * Calls back: finished, the policy's finished; release and drop when this was the last request of a removed peer
 * Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned), FINISHED (nothing changes)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_pick_finish(peerage_pick *pick,
                                   int32_t outcome);

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
const peerage_cancel *peerage_cancel_new(void);

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
const peerage_cancel *peerage_cancel_ref(const peerage_cancel *cancel);

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
void peerage_cancel_unref(const peerage_cancel *cancel);

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
peerage_status peerage_cancel_trigger(const peerage_cancel *cancel);

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
int32_t peerage_cancel_is_set(const peerage_cancel *cancel);

/*
 * ---- choose: a peer for a request -----------------------------------------
 */

/**
 * Hands out a peer if there is one now. `request` may be `NULL`.
 *
 * Ownership: writes `out` on success: finish it with peerage_pick_finish
 * Threads: any
 * Blocks: never
 * Calls back: the policy's choose, started; with `direct` retain and release
 * Errors: NULL_POINTER, NO_PEER, NOT_RUNNING, STOPPED, INVALID_ARGUMENT (with `direct` also a shard key that is empty or not UTF-8), INVALID_UTF8 (a header's name, an identifier to avoid), REJECTED (with `direct`), PANIC
 * Since: 0.1
 */
PEERAGE_API
PEERAGE_MUST_USE
peerage_status peerage_chooser_try_choose(const peerage_chooser *chooser,
                                          const peerage_request *request,
                                          peerage_pick *out);

/**
 * Hands out a peer, and waits for one up to `timeout_ns`: `PEERAGE_FOREVER`,
 * `PEERAGE_DEFAULT_TIMEOUT`, or 0 to not wait. `request` and `cancel` may be `NULL`.
 *
 * Ownership: writes `out` on success: finish it with peerage_pick_finish; borrows `cancel`
 * Threads: any
 * Blocks: until a peer can be chosen, the deadline, the cancel token or a stop
 * Calls back: the policy's choose, started; with `direct` retain and release; the log
 * Errors: NULL_POINTER, NO_PEER (fail-fast), TIMED_OUT, CANCELLED, STOPPED, NOT_RUNNING, INVALID_ARGUMENT (with `direct` also a shard key that is empty or not UTF-8), INVALID_UTF8 (a header's name, an identifier to avoid), REJECTED (with `direct`), PANIC
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
 * ---- notify: waiting without a thread -------------------------------------
 */

/**
 * Called once: with `PEERAGE_OK` when it is worth trying again, with `PEERAGE_ERR_STOPPED` when
 * the chooser has stopped. It may call any function.
 */
typedef void (*peerage_ready_fn)(void *ctx,
                                 int32_t status);

/**
 * Calls `ready` once, when peerage_chooser_try_choose is worth trying: at once if a peer can be
 * chosen for `request` now, otherwise when one becomes available or the chooser starts or stops.
 *
 * It takes no peer with it. `id` (may be `NULL`) gets a number for
 * peerage_chooser_notify_cancel, or 0 if `ready` has been called already.
 *
 * Ownership: consumes `ctx`, also on failure: `drop` (may be `NULL`) is called once, after `ready` or instead of it
 * Threads: any
 * Blocks: never
 * Calls back: ready, drop; the policy's choose
 * Errors: NULL_POINTER (`chooser`, `ready`), INVALID_ARGUMENT, INVALID_UTF8 (a header's name, an identifier to avoid)
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
 * Calls back: drop of the notice
 * Errors: NULL_POINTER, NOT_FOUND (it was called, or is being called now)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_notify_cancel(const peerage_chooser *chooser,
                                             uint64_t id);

/*
 * ---- introspect: for metrics and status pages -----------------------------
 */

/**
 * A chooser at one moment, in the order of the identifiers.
 */
typedef struct peerage_snapshot peerage_snapshot;

/**
 * Counts of a chooser at one moment.
 */
typedef struct {
    /**
     * Peers it has retained.
     */
    size_t peers;
    /**
     * Those of them that can be chosen.
     */
    size_t available;
    /**
     * Requests in flight, all peers together.
     */
    uint64_t pending;
    /**
     * Callers that wait for a peer, ready notices included.
     */
    size_t waiting;
    /**
     * 1 if it is running, else 0.
     */
    int32_t running;
    /**
     * 0.
     */
    int32_t reserved;
} peerage_stats;

/**
 * A peer of a snapshot.
 */
typedef struct {
    /**
     * Its identifier.
     */
    peerage_str id;
    /**
     * Its status.
     */
    int32_t status;
    /**
     * Its requests in flight from this chooser.
     */
    uint32_t pending;
} peerage_peer_info;

/**
 * Writes counts to `out`: as many bytes as `size` says, so that the struct can grow.
 *
 * Ownership: writes `out` on success
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_stats(const peerage_chooser *chooser,
                                     peerage_stats *out,
                                     size_t size);

/**
 * Writes a snapshot of the chooser's peers to `out`.
 *
 * Ownership: `out` is the caller's, for peerage_snapshot_free
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_snapshot(const peerage_chooser *chooser,
                                        peerage_snapshot **out);

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
size_t peerage_snapshot_len(const peerage_snapshot *snapshot);

/**
 * Writes the peer at `index` of a snapshot to `out`.
 *
 * Ownership: the text is borrowed from `snapshot`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: NULL_POINTER, NOT_FOUND (`index` is beyond the last)
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_snapshot_get(const peerage_snapshot *snapshot,
                                    size_t index,
                                    peerage_peer_info *out);

/**
 * Frees a snapshot. `NULL` does nothing.
 *
 * Ownership: consumes `snapshot`
 * Threads: any
 * Blocks: never
 * Calls back: none
 * Errors: none
 * Since: 0.1
 */
PEERAGE_API
void peerage_snapshot_free(peerage_snapshot *snapshot);

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
 * Calls back: none
 * Errors: NULL_POINTER
 * Since: 0.1
 */
PEERAGE_API
peerage_status peerage_chooser_describe(const peerage_chooser *chooser,
                                        char *buf,
                                        size_t buf_len,
                                        size_t *needed);

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
 *     bytes 12..15  a number of 32 bits; if its lowest 8 bits are not 0, the peer
 *                   or the policy wants to hear when requests begin or end
 *     bytes 48..55  the address of the peerage_peer
 *     bytes 56..63  its data, as it was when `retain` returned
 *
 * and its word is
 *
 *     bits   0..30  requests in flight
 *     bit       31  too many of them: do not choose it
 *     bits  32..33  the state, one of PEERAGE_WORD_*
 *     bits  34..63  a number that tells the slot's tenants apart
 *
 * To finish a pick whose opaque[0] is PEERAGE_PICK_COUNTED: opaque[1] is the
 * address of its slot. If those 8 bits are 0 and the state is not
 * PEERAGE_WORD_REMOVED, compare-exchange the word to itself minus 1. Once that
 * has succeeded nothing of the pick may be used again, not even to read. In
 * all other cases call peerage_pick_finish.
 *
 * To choose: peerage_chooser_memory says where to look. If `*open` is not 0,
 * load `*len`, then `*entries`, the address of so many entries, and draw one.
 * If bit 31 of the slot's word is 0 and the state is PEERAGE_WORD_AVAILABLE,
 * compare-exchange the word to itself plus 1: that is a pick of
 * { PEERAGE_PICK_COUNTED, the slot, 0, the peer }. Draw again when it fails;
 * after 8 times, and whenever there is nothing to draw, call
 * peerage_chooser_try_choose.
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
#define PEERAGE_MEMORY_LAYOUT ((uint32_t)2)

/**
 * Take one entry at random: that at `scale(r, n)`.
 */
#define PEERAGE_DRAW_RANDOM ((int32_t)1)

/**
 * Take two different entries at random, those at `i = scale(r, n)` and
 * `j = scale(r >> 32, n - 1)`, where `j` becomes `j + 1` if it is not below `i`, and of them the
 * one with fewer requests in flight, or else the first; of a single entry, that.
 */
#define PEERAGE_DRAW_TWO_RANDOM ((int32_t)2)

/**
 * Take the entry whose turn it is: add 1 to `*turn`; the value before, modulo `*len`, is its
 * position. An entry may be 0: then take the next turn.
 */
#define PEERAGE_DRAW_IN_TURN ((int32_t)3)

/**
 * The state of a word whose peer has left its list.
 */
#define PEERAGE_WORD_REMOVED ((uint64_t)3)

/**
 * The state of a word whose peer can be chosen.
 */
#define PEERAGE_WORD_AVAILABLE ((uint64_t)1)

/**
 * Where a chooser keeps what its choices read. Valid as long as the chooser's handle.
 */
typedef struct {
    /**
     * `PEERAGE_MEMORY_LAYOUT` of the library.
     */
    uint32_t layout;
    /**
     * One of `PEERAGE_DRAW_*`: how this chooser's policy picks an entry.
     */
    int32_t draw;
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
peerage_status peerage_chooser_memory(const peerage_chooser *chooser,
                                      peerage_memory *out,
                                      size_t size);

#ifdef __cplusplus
}
#endif

#endif /* PEERAGE_H */
