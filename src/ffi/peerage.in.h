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

#define PEERAGE_VERSION_MAJOR @MAJOR@
#define PEERAGE_VERSION_MINOR @MINOR@
#define PEERAGE_VERSION_PATCH @PATCH@
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

@types@
/*
 * ---- status: what a call returns ------------------------------------------
 *
 * The numbers are grouped with gaps and are never used again for something
 * else: arguments from -1, choosing from -20, peers from -40, picks from -60.
 */

@status@
/*
 * ---- error: what was wrong with one call ----------------------------------
 */

@error@
/*
 * ---- peer: where a transport reports --------------------------------------
 */

@peer@
/*
 * ---- transport: your code, which makes peers ------------------------------
 *
 * A transport outlives its choosers: each holds a reference. After the last
 * `release` has returned, and when nobody holds a reference, `drop` is called.
 */

/** Every field of peerage_transport_ops: the size, then nothing. */
#define PEERAGE_TRANSPORT_OPS_INIT \
    { sizeof(peerage_transport_ops), NULL, NULL, NULL, NULL, NULL }

@transport@
/*
 * ---- request: what a policy may look at -----------------------------------
 */

/** Every field of peerage_request: nothing is known. */
#define PEERAGE_REQUEST_INIT \
    { sizeof(peerage_request), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0, NULL, 0 }

@request@
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

@policy@
/*
 * ---- log: what a chooser reports unasked ----------------------------------
 */

/** Every field of peerage_log_opts: the size, and failures only. */
#define PEERAGE_LOG_OPTS_INIT \
    { sizeof(peerage_log_opts), PEERAGE_LOG_ERROR, NULL, NULL, NULL }

@log@
/*
 * ---- options: the settings of a chooser -----------------------------------
 */

/** Every field of peerage_chooser_opts: all defaults. */
#define PEERAGE_CHOOSER_OPTS_INIT \
    { sizeof(peerage_chooser_opts), { NULL, 0 }, NULL, NULL, { NULL, 0 }, \
      PEERAGE_DEFAULT_TIMEOUT, 0, 0, 0, 0, { 0, 0, 0, 0, 0 }, NULL }

@options@
/*
 * ---- chooser: its life and its peers --------------------------------------
 */

@chooser@
/*
 * ---- pick: a peer, until the request is finished --------------------------
 *
 * The opaque words of a live pick are a mark, an address, 0, and the
 * peerage_peer; what the first two mean is told in the last topic, which also
 * says how some picks can be finished without a call.
 */

/** A pick that is finished. */
#define PEERAGE_PICK_INIT { { 0, 0, 0, 0 } }

@pick@
/*
 * ---- cancel: a latch that ends waits --------------------------------------
 */

@cancel@
/*
 * ---- choose: a peer for a request -----------------------------------------
 */

@choose@
/*
 * ---- notify: waiting without a thread -------------------------------------
 */

@notify@
/*
 * ---- introspect: for metrics and status pages -----------------------------
 */

@introspect@
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

@memory@
#ifdef __cplusplus
}
#endif

#endif /* PEERAGE_H */
