/* 8 threads choose while 4 push statuses and 1 updates; the counts are exact at the end. */
#include "fake.h"
#include <pthread.h>

enum { ROUNDS = 2000 };
static const peerage_chooser *chooser;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)id;
    __atomic_add_fetch((int *)ctx, 1, __ATOMIC_SEQ_CST);
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return 0;
}

static void release(void *ctx, const peerage_peer *peer)
{
    (void)peer;
    __atomic_sub_fetch((int *)ctx, 1, __ATOMIC_SEQ_CST);
}

static void *chooses(void *arg)
{
    int i;
    (void)arg;
    for (i = 0; i < ROUNDS; i++) {
        peerage_pick pick;
        IS(peerage_chooser_choose(chooser, NULL, 10000000000, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    }
    return NULL;
}

static void *pushes(void *arg)
{
    int i;
    for (i = 0; i < ROUNDS; i++)
        IS(peerage_peer_set_status(arg, i % 2 ? PEERAGE_CONNECTION_AVAILABLE : PEERAGE_CONNECTION_CONNECTING),
           PEERAGE_OK);
    return NULL;
}

static void *updates(void *arg)
{
    peerage_str id = text("guest:1");
    int i;
    (void)arg;
    for (i = 0; i < ROUNDS; i++) {
        IS(update(chooser, &id, 1, NULL, 0, NULL), PEERAGE_OK);
        IS(update(chooser, NULL, 0, &id, 1, NULL), PEERAGE_OK);
    }
    return NULL;
}

int main(void)
{
    int held = 0, i;
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    pthread_t threads[13];
    const peerage_peer *peers[4];
    peerage_stats stats;
    watchdog(120);
    ops.retain = retain;
    ops.release = release;
    IS(peerage_transport_new(&ops, &held, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text("fewest-pending-requests");
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    for (i = 0; i < 4; i++) {
        char name[] = "a:1";
        peerage_pick pick;
        name[0] = (char)('a' + i);
        add(chooser, name);
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        peers[i] = peerage_peer_ref(peerage_pick_peer(&pick));
        IS(peerage_peer_set_status(peers[i], PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    }
    for (i = 0; i < 13; i++)
        CHECK(pthread_create(&threads[i], NULL, i < 8 ? chooses : i < 12 ? pushes : updates,
                             i >= 8 && i < 12 ? (void *)peers[i - 8] : NULL) == 0);
    for (i = 0; i < 13; i++)
        pthread_join(threads[i], NULL);
    stats = stats_of(chooser);
    CHECK(stats.peers == 4 && stats.available == 4 && stats.pending == 0 && stats.waiting == 0);
    CHECK(held == 4);
    peerage_chooser_unref(chooser);
    CHECK(held == 0);
    for (i = 0; i < 4; i++)
        peerage_peer_unref(peers[i]);
    return 0;
}
