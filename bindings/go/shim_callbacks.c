/* The tables of callbacks, and the failures of those that run on this thread. */

#include "shim_internal.h"

#include "_cgo_export.h"

__thread uintptr_t peerage_go_failures;
__thread unsigned peerage_go_calls;

/* Leaves failures with the call that has led here. A thread of the library's, an updater's or one that
 * probes, has none: there they are logged. */
static void leave(uintptr_t failures)
{
    if (failures && !peerage_go_calls) {
        peerageGoStray(failures);
        failures = 0;
    }
    peerage_go_failures = failures;
}

/* The address of an empty text may be any number, which Go would take for a broken pointer. */
static char *chars(peerage_str text) { return text.len ? (char *)text.ptr : NULL; }

/* The reference and the number are taken here: from Go each would be a call. */
static int32_t on_retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    struct peerageGoRetain_return answer =
        peerageGoRetain((uintptr_t)ctx, peerage_go_failures,
                        (peerage_peer *)peerage_peer_ref(peer), chars(id), id.len);
    leave(answer.r1);
    if (!answer.r0)
        return 1;
    /* Its picks and its slots have it. */
    (void)peerage_peer_set_data(peer, (void *)(uintptr_t)answer.r0, NULL);
    return 0;
}

static void on_release(void *ctx, const peerage_peer *peer)
{
    uint32_t number = (uint32_t)(uintptr_t)peerage_peer_data(peer);
    leave(peerageGoRelease((uintptr_t)ctx, peerage_go_failures, number));
}

static void on_available(void *ctx, const peerage_peer_info *peer)
{
    leave(peerageGoPolicyAvailable((uintptr_t)ctx, peerage_go_failures,
          (peerage_peer_info *)peer));
}

static void on_unavailable(void *ctx, uint64_t key)
{
    leave(peerageGoPolicyUnavailable((uintptr_t)ctx, peerage_go_failures, key));
}

static int32_t on_choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    struct peerageGoPolicyChoose_return answer = peerageGoPolicyChoose(
        (uintptr_t)ctx, peerage_go_failures, (peerage_request *)request);
    leave(answer.r2);
    *out = answer.r0;
    return answer.r1;
}

static void on_finished(void *ctx, uint64_t key, int32_t outcome, int64_t latency_ns)
{
    leave(peerageGoPolicyFinished((uintptr_t)ctx, peerage_go_failures, key, outcome, latency_ns));
}

static void on_attached(void *ctx, const peerage_ask_again *ask_again)
{
    leave(peerageGoPolicyAttached((uintptr_t)ctx, peerage_go_failures,
          (peerage_ask_again *)ask_again));
}

static void on_log(void *ctx, int32_t level, peerage_str message)
{
    leave(peerageGoLog((uintptr_t)ctx, peerage_go_failures, level,
          chars(message), message.len));
}

static void on_ready(void *ctx, int32_t status) { peerageGoReady((uintptr_t)ctx, status); }

static void on_drop(void *ctx) { peerageGoDrop((uintptr_t)ctx); }

const peerage_transport_ops peerage_go_transport_ops = {
    sizeof(peerage_transport_ops), on_retain, on_release, NULL, NULL, on_drop,
};

const peerage_policy_ops peerage_go_policy_ops = {
    sizeof(peerage_policy_ops), on_available, on_unavailable, on_choose,
    on_finished,                on_attached,  on_drop,        0,
};

const peerage_log_opts peerage_go_log_opts = {
    sizeof(peerage_log_opts), PEERAGE_LOG_OFF, on_log, on_drop, NULL,
};

const peerage_ready_fn peerage_go_on_ready = on_ready;
const peerage_drop_fn peerage_go_on_drop = on_drop;
