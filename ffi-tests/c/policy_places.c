/*
 * A policy in C that gives its peer one request at a time, and more threads than that: each gets its
 * turn, and waits for it without asking in between.
 */
#include "fake.h"
#include <pthread.h>

enum { THREADS = 9, TURNS = 20 };
typedef struct limited {
    uint64_t key;
    int available, pending, asked;
} limited;

static void available(void *ctx, const peerage_peer_info *peer)
{
    limited *self = ctx;
    self->key = peer->key;
    self->available = 1;
}

static void unavailable(void *ctx, uint64_t key)
{
    CHECK(((limited *)ctx)->key == key);
    ((limited *)ctx)->available = 0;
}

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    limited *self = ctx;
    (void)request;
    self->asked++;
    if (!self->available)
        return PEERAGE_CHOICE_UNAVAILABLE;
    if (self->pending)
        return PEERAGE_CHOICE_AT_CAPACITY;
    self->pending++;
    *out = self->key;
    return PEERAGE_CHOICE_MADE;
}

static void finished(void *ctx, uint64_t key, int32_t outcome, int64_t latency_ns)
{
    limited *self = ctx;
    (void)outcome, (void)latency_ns;
    CHECK(self->key == key && self->pending == 1);
    self->pending--;
}

static void *takes_turns(void *ctx)
{
    const peerage_chooser *chooser = ctx;
    int i;
    for (i = 0; i < TURNS; i++) {
        peerage_pick pick;
        IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    }
    return NULL;
}

int main(void)
{
    fake transport = FAKE_PUSHES;
    limited self = { 0, 0, 0, 0 };
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    pthread_t threads[THREADS];
    int i;
    watchdog(60);
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    ops.finished = finished;
    ops.watches = PEERAGE_WATCH_PLACES;
    IS(peerage_policy_new(&ops, &self, &opts.custom_policy, NULL), PEERAGE_OK);
    chooser = chooser_with(&transport, opts);
    peerage_policy_unref(opts.custom_policy);
    add(chooser, "a:1");
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, takes_turns, (void *)(uintptr_t)chooser) == 0);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(self.pending == 0 && self.asked >= THREADS * TURNS);
    end(chooser, &transport);
    return 0;
}
