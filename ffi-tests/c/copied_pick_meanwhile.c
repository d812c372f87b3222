/*
 * A pick and a copy of it that end at the same time: on two threads, or one inside the end of the other.
 * The header forbids it, and one of them ends.
 */
#include "fake.h"
#include <pthread.h>

static int32_t finish(peerage_pick *pick)
{
    return peerage_pick_finish(pick, PEERAGE_OUTCOME_SUCCESS);
}

/* What ends a copy while its pick is ended: the peer leaves with it, and its slot is free. */
static const peerage_chooser *ending;
static peerage_pick ended;
static int finished;

static void on_finished_twice(void *ctx, const peerage_peer *peer, peerage_outcome outcome)
{
    peerage_pick copy = ended;
    (void)ctx, (void)peer, (void)outcome;
    if (finished++ > 0)
        return;
    IS(finish(&copy), PEERAGE_OK);
    discard(ending, "a:1");
}

/* The next peer of the slot begins with no requests, and has as many places as any. */
static void a_copy_that_ends_meanwhile(const char *policy, const char *options, int places)
{
    fake self = FAKE_PUSHES;
    peerage_transport_ops ops = fake_ops();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_pick pick, picks[3];
    int i;
    ops.finished = on_finished_twice;
    opts.policy = text(policy);
    opts.options = text(options);
    ending = chooser_over(&self, ops, opts);
    add(ending, "a:1");
    finished = 0;
    pick = ended = pick_of(ending);
    IS(finish(&pick), PEERAGE_OK);
    CHECK(finished == 2 && self.released == 1);
    add(ending, "b:1");
    CHECK(stats_of(ending).pending == 0);
    for (i = 0; i < places; i++)
        picks[i] = pick_of(ending);
    CHECK(picks[0].opaque[1] == ended.opaque[1] && stats_of(ending).pending == (uint64_t)places);
    if (places < 3)
        IS(peerage_chooser_try_choose(ending, NULL, &pick), PEERAGE_ERR_NO_PEER);
    while (i-- > 0)
        IS(finish(&picks[i]), PEERAGE_OK);
    CHECK(stats_of(ending).pending == 0);
    end(ending, &self);
}

typedef struct {
    peerage_pick copy;
    pthread_barrier_t *at_once;
    int32_t status;
} finisher;

static void *finishes(void *arg)
{
    finisher *self = arg;
    pthread_barrier_wait(self->at_once);
    self->status = finish(&self->copy);
    return NULL;
}

/* Two threads finish copies at the same moment: one of them does. */
static void copies_at_once(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    int i;
    add(chooser, "a:1");
    for (i = 0; i < 100; i++) {
        pthread_barrier_t at_once;
        pthread_t thread;
        finisher one, two;
        CHECK(pthread_barrier_init(&at_once, NULL, 2) == 0);
        one.copy = two.copy = pick_of(chooser);
        one.at_once = two.at_once = &at_once;
        CHECK(pthread_create(&thread, NULL, finishes, &one) == 0);
        finishes(&two);
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK((one.status == PEERAGE_OK) + (two.status == PEERAGE_OK) == 1);
        CHECK(one.status + two.status == PEERAGE_ERR_FINISHED);
        CHECK(stats_of(chooser).pending == 0);
        pthread_barrier_destroy(&at_once);
    }
    end(chooser, &self);
}

int main(void)
{
    static const char *const policies[] = { "round-robin", "random", "two-random-choices",
                                            "fewest-pending-requests", "least-loaded",
                                            "least-latency", "two-random-choices:errors=on",
                                            "random:bound=2", "weighted-round-robin" };
    size_t i;
    watchdog(60);
    for (i = 0; i < sizeof policies / sizeof *policies; i++) {
        a_copy_that_ends_meanwhile(policies[i], "", 3);
        a_copy_that_ends_meanwhile(policies[i], "max-pending=1", 1);
        a_copy_that_ends_meanwhile(policies[i], "max-pending=2", 2);
    }
    copies_at_once("round-robin");
    copies_at_once("least-loaded");
    copies_at_once("least-latency");
    return 0;
}
