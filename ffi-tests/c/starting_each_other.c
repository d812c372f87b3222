/*
 * Choosers that start and stop each other from callbacks, on threads of their own that meet. A call
 * waits for a start that another thread has begun, but not for one that waits for the caller: each of
 * two callbacks starts the other's chooser, and both choosers run when both starts have returned.
 */
#include "fake.h"
#include <pthread.h>

typedef struct half {
    fake peers; /* first, so that a `fake` is what the callbacks are given */
    const peerage_chooser *own, *others;
    int meets, started, stopped;
    pthread_barrier_t *both;
} half;

static int32_t starts_the_other(void *ctx, const peerage_peer *peer, peerage_str id)
{
    half *self = ctx;
    if (self->meets) {
        pthread_barrier_wait(self->both);
        IS(peerage_chooser_start(self->others, NULL), PEERAGE_OK);
        self->started++;
    }
    return fake_retain(ctx, peer, id);
}

static void stops_the_other(void *ctx, const peerage_peer *peer)
{
    half *self = ctx;
    if (self->meets) {
        pthread_barrier_wait(self->both);
        IS(peerage_chooser_stop(self->others, NULL), PEERAGE_OK);
        self->stopped++;
    }
    fake_release(ctx, peer);
}

static void make(half *self)
{
    const fake pushes = FAKE_PUSHES;
    peerage_transport_ops ops = fake_ops();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    self->peers = pushes;
    ops.retain = starts_the_other;
    ops.release = stops_the_other;
    opts.policy = text("random");
    self->own = idle_over(&self->peers, ops, opts);
    add(self->own, "a:1");
}

static void *starts(void *ctx)
{
    IS(peerage_chooser_start(((half *)ctx)->own, NULL), PEERAGE_OK);
    return NULL;
}

static void *stops(void *ctx)
{
    IS(peerage_chooser_stop(((half *)ctx)->own, NULL), PEERAGE_OK);
    return NULL;
}

static void on_two_threads(void *(*work)(void *), half *halves)
{
    pthread_t threads[2];
    int i;
    for (i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, work, &halves[i]) == 0);
    for (i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

int main(void)
{
    half halves[2];
    pthread_barrier_t both;
    peerage_pick pick;
    int i;
    watchdog(60);
    CHECK(pthread_barrier_init(&both, NULL, 2) == 0);
    memset(halves, 0, sizeof halves);
    for (i = 0; i < 2; i++) {
        make(&halves[i]);
        halves[i].both = &both;
        halves[i].meets = 1;
    }
    halves[0].others = halves[1].own;
    halves[1].others = halves[0].own;

    on_two_threads(starts, halves);
    for (i = 0; i < 2; i++) {
        CHECK(halves[i].started == 1 && peerage_chooser_is_running(halves[i].own));
        CHECK(strcmp(chosen(halves[i].own, NULL), "a:1") == 0);
    }
    on_two_threads(stops, halves);
    for (i = 0; i < 2; i++) {
        CHECK(halves[i].stopped == 1 && !peerage_chooser_is_running(halves[i].own));
        IS(peerage_chooser_try_choose(halves[i].own, NULL, &pick), PEERAGE_ERR_STOPPED);
        end(halves[i].own, &halves[i].peers);
    }
    CHECK(pthread_barrier_destroy(&both) == 0);
    return 0;
}
