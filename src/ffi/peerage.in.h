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

@types@
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

@status@
/*
 * ---- error: what was wrong with one call ----------------------------------
 */

@error@
/*
 * ---- peer: where a transport reports --------------------------------------
 */

@peer@
@check@
/*
 * ---- transport: your code, which makes peers ------------------------------
 *
 * A transport outlives its choosers: each holds a reference. After the last
 * `release` has returned, and when there is no reference any more, `drop` is called.
 */

/** Every field of peerage_transport_ops: the size, then nothing. */
#define PEERAGE_TRANSPORT_OPS_INIT \
    { sizeof(peerage_transport_ops), NULL, NULL, NULL, NULL, NULL }

@transport@
@probing@
/*
 * ---- request: what a policy may look at -----------------------------------
 */

/** Every field of peerage_request: nothing is known. */
#define PEERAGE_REQUEST_INIT \
    { sizeof(peerage_request), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0, NULL, 0, \
      NULL, { NULL, 0 } }

@request@
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

@ask_again@
@policy@
/*
 * ---- log: the events of a chooser, a line each ----------------------------
 */

/** Every field of peerage_log_opts: the size, and failures only. */
#define PEERAGE_LOG_OPTS_INIT \
    { sizeof(peerage_log_opts), PEERAGE_LOG_ERROR, NULL, NULL, NULL }

@log@
/*
 * ---- options: the settings of a chooser -----------------------------------
 */

/** Every field of peerage_chooser_opts: nothing is set. */
#define PEERAGE_CHOOSER_OPTS_INIT \
    { sizeof(peerage_chooser_opts), { NULL, 0 }, { NULL, 0 }, NULL, NULL, { NULL, 0 }, \
      PEERAGE_TIMEOUT_DEFAULT, 0, 0, 0, 0, { 0, 0, 0, 0, 0 }, NULL }

@options@
/*
 * ---- catalogue: what may be written in the texts of the options -----------
 *
 * Each function answers for an index from 0 on, and NOT_FOUND after the last.
 */

@catalogue@
@schemes@
/*
 * ---- chooser: its life ----------------------------------------------------
 */

@chooser@
/*
 * ---- update: which peers there are ----------------------------------------
 */

/** Every field of peerage_member: no name yet, of weight 1. */
#define PEERAGE_MEMBER_INIT \
    { sizeof(peerage_member), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, 1, 0 }

@update@
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

@updater@
@updater_status@
/*
 * ---- settings: what a chooser was made with -------------------------------
 */

@settings@
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

@pick@
/** Every field of peerage_finish: abandoned, and nothing more is known. */
#define PEERAGE_FINISH_INIT \
    { sizeof(peerage_finish), PEERAGE_OUTCOME_ABANDONED, PEERAGE_LATENCY_UNKNOWN, -1 }

@finish_with@
@finish@
/*
 * ---- cancel: a latch that ends waits --------------------------------------
 */

@cancel@
/*
 * ---- choose: a peer for a request -----------------------------------------
 */

@choose@
/*
 * ---- explain: why a choice found no peer ----------------------------------
 */

@explain@
/*
 * ---- notify: waiting without a thread -------------------------------------
 */

@notify@
@own_wait@
@tick@
/*
 * ---- introspect: for metrics and status pages -----------------------------
 */

@introspect@
@stats@
@snapshot_peer@
@snapshot@
@lookup@
/*
 * ---- metrics: choosers as text for Prometheus -----------------------------
 */

/** Every field of peerage_metrics_opts: Prometheus' text, without peers. */
#define PEERAGE_METRICS_OPTS_INIT { sizeof(peerage_metrics_opts), PEERAGE_METRICS_PROMETHEUS, 0 }

@metrics@
/*
 * ---- page: a status page --------------------------------------------------
 *
 * Texts for an HTTP server of the program's own. They grow and shrink from one
 * call to the next: give the second call some more room than the first asked
 * for.
 */

@page@
/*
 * ---- names: the numbers in words ------------------------------------------
 *
 * For logs and metrics: a name is that of the constant, without its prefix.
 */

@names@
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

@memory@
#ifdef __cplusplus
}
#endif

#endif /* PEERAGE_H */
