
/**
 * @mainpage peerage
 *
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
 * that leaves a callback ends the process.
 *
 * Structs that begin with `size` grow at their end: a shorter one is read as
 * if zeros followed, a longer one is accepted if what follows is zero.
 */

@VERSION@

#ifndef PEERAGE_API
#define PEERAGE_API
#endif

/** Every field of peerage_transport_ops: the size, then nothing. */
#define PEERAGE_TRANSPORT_OPS_INIT \
    { sizeof(peerage_transport_ops), NULL, NULL, NULL, NULL, NULL }
/** Every field of peerage_policy_ops: the size, then nothing. */
#define PEERAGE_POLICY_OPS_INIT \
    { sizeof(peerage_policy_ops), NULL, NULL, NULL, NULL, NULL }
/** Every field of peerage_log_opts: no log. */
#define PEERAGE_LOG_OPTS_INIT { 0, 0, NULL, NULL, NULL }
/** Every field of peerage_chooser_opts: all defaults. */
#define PEERAGE_CHOOSER_OPTS_INIT \
    { sizeof(peerage_chooser_opts), { NULL, 0 }, NULL, NULL, { NULL, 0 }, \
      PEERAGE_DEFAULT_TIMEOUT, 0, 0, 0, 0, { 0, 0, 0, 0, 0 }, \
      PEERAGE_LOG_OPTS_INIT }
/** Every field of peerage_request: nothing is known. */
#define PEERAGE_REQUEST_INIT \
    { sizeof(peerage_request), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0 }
/** A pick that is finished. */
#define PEERAGE_PICK_INIT { { 0, 0, 0, 0 } }
