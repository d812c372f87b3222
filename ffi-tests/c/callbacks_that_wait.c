/*
 * What a callback that takes its time keeps, and what it may wait for: a push of another thread, and
 * not the end of what its own thread is doing. A policy's keeps those who choose and finish, and no others.
 */
#include "fake.h"
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

enum { MS = 1000000 };

static fake transport = FAKE_SILENT;
static const peerage_chooser *chooser;
static sem_t inside, go_on;

static void *becomes_available(void *peer)
{
    while (stats_of(chooser).waiting == 0)
        ;
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return NULL;
}

/* Its only peer goes away again: it waits in the notice until another thread brings it back. */
static void chooses(void *ctx, int32_t status)
{
    pthread_t other;
    peerage_pick pick;
    IS(status, PEERAGE_OK);
    IS(peerage_peer_set_status(transport.last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    CHECK(pthread_create(&other, NULL, becomes_available, (void *)transport.last) == 0);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(pthread_join(other, NULL) == 0);
    ++*(int *)ctx;
}

static void a_choice_in_a_notice(void)
{
    int called = 0;
    chooser = chooser_of(&transport, "random");
    add(chooser, "a:1");
    IS(peerage_chooser_notify_ready(chooser, NULL, chooses, &called, NULL, NULL), PEERAGE_OK);
    IS(peerage_peer_set_status(transport.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(called == 1);
    end(chooser, &transport);
}

static int drains;

static void drains_in_release(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer;
    IS(peerage_chooser_drain(chooser, 10 * MS), PEERAGE_ERR_TIMED_OUT);
    drains++;
}

static void a_drain_in_release(void)
{
    fake self = FAKE_PUSHES;
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    ops.retain = fake_retain;
    ops.release = drains_in_release;
    IS(peerage_transport_new(&ops, &self, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text("random");
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    add(chooser, "a:1");
    discard(chooser, "a:1");
    CHECK(drains == 1);
    IS(peerage_chooser_drain(chooser, 0), PEERAGE_OK);
    peerage_chooser_unref(chooser);
}

/* A policy that knows one peer, and takes its time. */
static uint64_t key;
static int has_key;

static void available(void *ctx, const peerage_peer_info *peer)
{
    (void)ctx;
    key = peer->key;
    has_key = 1;
}

static void unavailable(void *ctx, uint64_t gone)
{
    (void)ctx;
    has_key = has_key && key != gone;
}

static int32_t takes_its_time(void *ctx, const peerage_request *request, uint64_t *out)
{
    (void)request;
    if (*(int *)ctx) {
        *(int *)ctx = 0;
        CHECK(sem_post(&inside) == 0 && sem_wait(&go_on) == 0);
    }
    *out = key;
    return has_key ? PEERAGE_CHOICE_MADE : PEERAGE_CHOICE_UNAVAILABLE;
}

static void *chooses_and_finishes(void *ended)
{
    peerage_pick pick;
    /* Not to wait for a peer is to wait for the policy all the same. */
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(sem_post(ended) == 0);
    return NULL;
}

static void a_policy(void)
{
    fake self = FAKE_PUSHES;
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_policy *policy;
    pthread_t first, second;
    sem_t ended;
    peerage_pick pick;
    peerage_stats stats;
    const struct timespec moment = { 0, 20 * MS };
    int slow = 0, count;
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = takes_its_time;
    IS(peerage_policy_new(&ops, &slow, &policy, NULL), PEERAGE_OK);
    opts.custom_policy = policy;
    chooser = chooser_with(&self, opts);
    peerage_policy_unref(policy);
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);

    CHECK(sem_init(&ended, 0, 0) == 0);
    slow = 1;
    CHECK(pthread_create(&first, NULL, chooses_and_finishes, &ended) == 0);
    CHECK(sem_wait(&inside) == 0);
    CHECK(pthread_create(&second, NULL, chooses_and_finishes, &ended) == 0);
    nanosleep(&moment, NULL);
    CHECK(sem_getvalue(&ended, &count) == 0 && count == 0);
    /* These go on. */
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.available == 1 && stats.pending == 1);
    CHECK(sem_post(&go_on) == 0);
    CHECK(pthread_join(first, NULL) == 0 && pthread_join(second, NULL) == 0);
    CHECK(sem_destroy(&ended) == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    CHECK(sem_init(&inside, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0);
    a_choice_in_a_notice();
    a_drain_in_release();
    a_policy();
    CHECK(sem_destroy(&inside) == 0 && sem_destroy(&go_on) == 0);
    return 0;
}
