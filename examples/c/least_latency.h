/* A policy in C: of the available peers the one whose next answer is expected first, which is its
 * average latency times its requests, the new one included. A peer that was never tried is first.
 * Use it as `opts.custom_policy = least_latency();` */
#include <peerage.h>
#include <stdlib.h>

typedef struct { uint64_t key; double latency; uint32_t pending; int available; } record;
typedef struct { record *at; size_t len; } table; /* by peerage_key_index */

static record *find(table *peers, uint64_t key)
{
    size_t n = peerage_key_index(key);
    return n < peers->len && peers->at[n].key == key ? &peers->at[n] : NULL;
}
static void on_available(void *ctx, const peerage_peer_info *peer)
{
    table *peers = ctx;
    size_t n = peerage_key_index(peer->key), len = 2 * (n + 1);
    if (n >= peers->len) {
        record *more = realloc(peers->at, len * sizeof *more);
        if (!more)
            return; /* it is never chosen */
        memset(more + peers->len, 0, (len - peers->len) * sizeof *more);
        peers->at = more, peers->len = len;
    }
    if (peers->at[n].key != peer->key) /* the number was another peer's */
        peers->at[n].key = peer->key, peers->at[n].latency = 0;
    peers->at[n].pending = peer->pending, peers->at[n].available = 1;
}
static void on_unavailable(void *ctx, uint64_t key)
{
    record *peer = find(ctx, key);
    if (peer) peer->available = 0;
}
static double cost(const record *peer) { return peer->latency * (peer->pending + 1); }
static int32_t on_choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    record *best = NULL, *peer = ((table *)ctx)->at;
    size_t left = ((table *)ctx)->len;
    for ((void)request; left > 0; left--, peer++)
        if (peer->available && (!best || cost(peer) < cost(best)))
            best = peer;
    return best ? best->pending++, *out = best->key, PEERAGE_CHOICE_MADE : PEERAGE_CHOICE_UNAVAILABLE;
}
static void on_finished(void *ctx, uint64_t key, int32_t outcome, int64_t ns)
{
    record *peer = find(ctx, key);
    if (peer && peer->pending > 0) peer->pending--;
    if (peer && ns >= 0 && outcome == PEERAGE_OUTCOME_SUCCESS)
        peer->latency = peer->latency == 0 ? ns : 0.9 * peer->latency + 0.1 * ns;
}
static void on_drop(void *ctx) { free(((table *)ctx)->at), free(ctx); }
static const peerage_policy *least_latency(void)
{
    const peerage_policy_ops ops = { sizeof ops,  on_available, on_unavailable, on_choose,
                                     on_finished, NULL, on_drop, PEERAGE_WATCH_LATENCY };
    const peerage_policy *policy = NULL;
    table *peers = calloc(1, sizeof *peers);
    return peers && peerage_policy_new(&ops, peers, &policy, NULL) == PEERAGE_OK ? policy : NULL;
}
