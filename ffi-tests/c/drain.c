/*
 * Requests of peers that have left, and of a chooser that has stopped, are counted, and can be waited
 * for.
 */
#include "fake.h"
#include <pthread.h>
#include <semaphore.h>

static void *wait_for_all(void *chooser)
{
    IS(peerage_chooser_drain(chooser, PEERAGE_TIMEOUT_FOREVER), PEERAGE_OK);
    return NULL;
}

static const peerage_chooser *stopping;
static int told_while_in_flight;

static void is_told(void *ctx, peerage_status status)
{
    (void)ctx;
    IS(status, PEERAGE_ERR_STOPPED);
    CHECK(stats_of(stopping).departing == 2 && stats_of(stopping).departing_pending == 1);
    IS(peerage_chooser_drain(stopping, 0), PEERAGE_ERR_TIMED_OUT);
    told_while_in_flight = 1;
}

/* A notice of the stop may wait for its requests: the peers of a stop leave at one moment, before the
 * notices are given. */
static void told_of_the_stop(void)
{
    fake self = FAKE_PUSHES;
    peerage_pick pick;
    stopping = chooser_of(&self, "round-robin");
    add(stopping, "a:1");
    IS(peerage_chooser_try_choose(stopping, NULL, &pick), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    self.push = 0;
    add(stopping, "b:1");
    IS(peerage_chooser_notify_ready(stopping, NULL, is_told, NULL, NULL, NULL), PEERAGE_OK);
    IS(peerage_chooser_stop(stopping, NULL), PEERAGE_OK);
    CHECK(told_while_in_flight);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_chooser_drain(stopping, 0), PEERAGE_OK);
    end(stopping, &self);
}

/* A transport whose `retain` takes its time. */
typedef struct {
    sem_t asked, answer;
    int refuses, released;
    const peerage_chooser *chooser;
} slow;

static int32_t slow_retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    slow *self = ctx;
    (void)peer, (void)id;
    sem_post(&self->asked);
    while (sem_wait(&self->answer))
        ;
    return self->refuses;
}

static void slow_release(void *ctx, const peerage_peer *peer)
{
    (void)peer;
    __atomic_add_fetch(&((slow *)ctx)->released, 1, __ATOMIC_SEQ_CST);
}

static void *adds(void *ctx)
{
    slow *self = ctx;
    peerage_str a = text("a:1");
    IS(update(self->chooser, &a, 1, NULL, 0, NULL), self->refuses ? PEERAGE_ERR_REJECTED : PEERAGE_OK);
    return NULL;
}

/* A peer that leaves while its transport is asked for it is waited for, until it has been released, or
 * was refused. */
static void asked_for(int stops, int refuses)
{
    slow self;
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    pthread_t adder, waiter;
    memset(&self, 0, sizeof self);
    CHECK(sem_init(&self.asked, 0, 0) == 0 && sem_init(&self.answer, 0, 0) == 0);
    self.refuses = refuses;
    ops.retain = slow_retain;
    ops.release = slow_release;
    IS(peerage_transport_new(&ops, &self, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text("random");
    IS(peerage_chooser_new(&opts, &self.chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(self.chooser, NULL), PEERAGE_OK);
    CHECK(pthread_create(&adder, NULL, adds, &self) == 0);
    while (sem_wait(&self.asked))
        ;
    IS(peerage_chooser_drain(self.chooser, 0), PEERAGE_OK);
    if (stops)
        IS(peerage_chooser_stop(self.chooser, NULL), PEERAGE_OK);
    else
        discard(self.chooser, "a:1");
    CHECK(stats_of(self.chooser).departing == 1);
    IS(peerage_chooser_drain(self.chooser, 1000000), PEERAGE_ERR_TIMED_OUT);
    CHECK(pthread_create(&waiter, NULL, wait_for_all, (void *)self.chooser) == 0);
    sem_post(&self.answer);
    CHECK(pthread_join(waiter, NULL) == 0);
    CHECK(__atomic_load_n(&self.released, __ATOMIC_SEQ_CST) == !refuses);
    CHECK(stats_of(self.chooser).departing == 0);
    CHECK(pthread_join(adder, NULL) == 0);
    peerage_chooser_unref(self.chooser);
    CHECK(self.released == !refuses);
    sem_destroy(&self.asked);
    sem_destroy(&self.answer);
}

int main(void)
{
    enum { REQUESTS = 65 };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    static peerage_pick picks[REQUESTS];
    pthread_t waiter;
    int n;
    watchdog(60);

    told_of_the_stop();
    asked_for(1, 0);
    asked_for(1, 5);
    asked_for(0, 0);
    asked_for(0, 5);

    IS(peerage_chooser_drain(chooser, 0), PEERAGE_OK);
    IS(peerage_chooser_drain(chooser, PEERAGE_TIMEOUT_DEFAULT), PEERAGE_ERR_INVALID_ARGUMENT);
    add(chooser, "a:1");
    for (n = 0; n < REQUESTS; n++)
        IS(peerage_chooser_try_choose(chooser, NULL, &picks[n]), PEERAGE_OK);
    /* They are not waited for while their peer is there. */
    IS(peerage_chooser_drain(chooser, 0), PEERAGE_OK);

    discard(chooser, "a:1");
    add(chooser, "b:1");
    CHECK(stats_of(chooser).departing == 1 && stats_of(chooser).departing_pending == REQUESTS);
    CHECK(stats_of(chooser).peers == 1 && stats_of(chooser).pending == 0);
    IS(peerage_chooser_drain(chooser, 1000000), PEERAGE_ERR_TIMED_OUT);
    IS(peerage_pick_finish(&picks[0], PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(stats_of(chooser).departing_pending == REQUESTS - 1);

    IS(peerage_chooser_try_choose(chooser, NULL, &picks[0]), PEERAGE_OK);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    CHECK(stats_of(chooser).departing == 2 && stats_of(chooser).departing_pending == REQUESTS);
    CHECK(pthread_create(&waiter, NULL, wait_for_all, (void *)chooser) == 0);
    for (n = 0; n < REQUESTS; n++)
        IS(peerage_pick_finish(&picks[n], PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(pthread_join(waiter, NULL) == 0);
    /* Drained means released. */
    CHECK(self.released == 2);
    CHECK(stats_of(chooser).departing == 0 && stats_of(chooser).departing_pending == 0);
    end(chooser, &self);
    return 0;
}
