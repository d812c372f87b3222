/*
 * A pick is copied and finished twice, which the header forbids: wherever it can be told nothing
 * changes, and the peer goes on being chosen.
 */
#include "fake.h"
#include <pthread.h>

static uint64_t pending(const peerage_chooser *chooser)
{
    peerage_stats stats;
    IS(peerage_chooser_stats(chooser, &stats, sizeof stats), PEERAGE_OK);
    return stats.pending;
}

static peerage_pick pick_of(const peerage_chooser *chooser)
{
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    return pick;
}

static int32_t finish(peerage_pick *pick)
{
    return peerage_pick_finish(pick, PEERAGE_OUTCOME_SUCCESS);
}

/* Every way to finish a copy of a pick that was finished. */
static void is_over(const peerage_pick *pick)
{
    peerage_pick copy = *pick;
    peerage_finish how = PEERAGE_FINISH_INIT;
    IS(finish(&copy), PEERAGE_ERR_FINISHED);
    IS(peerage_pick_finish_timed(&copy, PEERAGE_OUTCOME_FAILURE, 5), PEERAGE_ERR_FINISHED);
    IS(peerage_pick_finish(&copy, 77), PEERAGE_ERR_FINISHED);
    IS(peerage_pick_finish_timed(&copy, 77, -5), PEERAGE_ERR_FINISHED);
    how.outcome = PEERAGE_OUTCOME_FAILURE;
    IS(peerage_pick_finish_with(&copy, &how), PEERAGE_ERR_FINISHED);
    how.in_flight = -2;
    IS(peerage_pick_finish_with(&copy, &how), PEERAGE_ERR_FINISHED);
    CHECK(peerage_pick_peer(&copy) == NULL && peerage_pick_id(&copy).len == 0);
}

/* The requests that a transport hears of. */
static int started, finished;

static void on_started(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer;
    started++;
}

static void on_finished(void *ctx, const peerage_peer *peer, peerage_outcome outcome)
{
    (void)ctx, (void)peer, (void)outcome;
    finished++;
}

static const peerage_chooser *chooser_that_hears(fake *self, const char *policy)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    ops.retain = fake_retain;
    ops.release = fake_release;
    ops.drop = fake_drop;
    ops.started = on_started;
    ops.finished = on_finished;
    IS(peerage_transport_new(&ops, self, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text(policy);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    return chooser;
}

static void a_copy_changes_nothing(const char *policy, int hears)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser =
        hears ? chooser_that_hears(&self, policy) : chooser_of(&self, policy);
    peerage_pick pick, copy, next;
    int i;
    started = finished = 0;
    add(chooser, "a:1");
    for (i = 0; i < 3; i++) {
        pick = pick_of(chooser);
        copy = pick;
        IS(finish(&pick), PEERAGE_OK);
        is_over(&copy);
        CHECK(pending(chooser) == 0);
    }
    /* The peer is gone, and its slot is free. */
    discard(chooser, "a:1");
    CHECK(self.released == 1);
    is_over(&copy);
    /* Another has its slot, and a request in flight. */
    add(chooser, "b:1");
    next = pick_of(chooser);
    CHECK(next.opaque[1] == copy.opaque[1]);
    is_over(&copy);
    CHECK(pending(chooser) == 1 && same(peerage_pick_id(&next), "b:1"));
    IS(finish(&next), PEERAGE_OK);
    CHECK(pending(chooser) == 0);
    CHECK(started == finished && started == (hears ? 4 : 0));
    end(chooser, &self);
}

/* What cannot be told: another request of the peer is ended in its place, and no more than that. */
static void a_copy_ends_one_other(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_pick pick, copy, other;
    add(chooser, "a:1");
    pick = pick_of(chooser);
    copy = pick;
    other = pick_of(chooser);
    IS(finish(&pick), PEERAGE_OK);
    IS(finish(&copy), PEERAGE_OK);
    IS(finish(&other), PEERAGE_ERR_FINISHED);
    CHECK(pending(chooser) == 0);
    pick = pick_of(chooser);
    CHECK(pending(chooser) == 1);
    IS(finish(&pick), PEERAGE_OK);
    end(chooser, &self);
}

/* The data of a peer that reconnects is told from others, so a copy of a pick that had some of it is
 * told too, while other requests are in flight; and the peer keeps no wrong count of such picks. */
static void a_copy_has_no_data(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_pick plain, pick, copy, other;
    int dropped[4] = { 0, 0, 0, 0 }, i;
    add(chooser, "a:1");
    IS(peerage_peer_set_data(self.last, &dropped[0], count_drop), PEERAGE_OK);
    for (i = 0; i < 3; i++) {
        plain = pick_of(chooser);
        IS(peerage_peer_set_data(self.last, &dropped[1], count_drop), PEERAGE_OK);
        pick = pick_of(chooser);
        copy = pick;
        IS(peerage_peer_set_data(self.last, &dropped[2], count_drop), PEERAGE_OK);
        other = pick_of(chooser);
        CHECK(peerage_pick_data(&copy) == &dropped[1] && dropped[1] == i);
        IS(finish(&pick), PEERAGE_OK);
        CHECK(dropped[1] == i + 1 && peerage_pick_data(&copy) == NULL);
        IS(finish(&copy), PEERAGE_ERR_FINISHED);
        CHECK(pending(chooser) == 2 && dropped[1] == i + 1);
        IS(finish(&other), PEERAGE_OK);
        IS(finish(&plain), PEERAGE_OK);
        CHECK(pending(chooser) == 0);
    }
    plain = pick_of(chooser);
    i = dropped[2];
    IS(peerage_peer_set_data(self.last, &dropped[3], count_drop), PEERAGE_OK);
    CHECK(dropped[2] == i && peerage_pick_data(&plain) == &dropped[2]);
    IS(finish(&plain), PEERAGE_OK);
    CHECK(dropped[2] == i + 1);
    end(chooser, &self);
    CHECK(dropped[0] == 1 && dropped[1] == 3 && dropped[2] == 3 && dropped[3] == 1);
}

/* What ends a copy while its pick is ended: the peer leaves with it, and its slot is free. */
static const peerage_chooser *ending;
static peerage_pick ended;

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
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_pick pick, picks[3];
    int i;
    ops.retain = fake_retain;
    ops.release = fake_release;
    ops.drop = fake_drop;
    ops.finished = on_finished_twice;
    IS(peerage_transport_new(&ops, &self, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text(policy);
    opts.options = text(options);
    IS(peerage_chooser_new(&opts, &ending, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(ending, NULL), PEERAGE_OK);
    add(ending, "a:1");
    finished = 0;
    pick = ended = pick_of(ending);
    IS(finish(&pick), PEERAGE_OK);
    CHECK(finished == 2 && self.released == 1);
    add(ending, "b:1");
    CHECK(pending(ending) == 0);
    for (i = 0; i < places; i++)
        picks[i] = pick_of(ending);
    CHECK(picks[0].opaque[1] == ended.opaque[1] && pending(ending) == (uint64_t)places);
    if (places < 3)
        IS(peerage_chooser_try_choose(ending, NULL, &pick), PEERAGE_ERR_NO_PEER);
    while (i-- > 0)
        IS(finish(&picks[i]), PEERAGE_OK);
    CHECK(pending(ending) == 0);
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
        CHECK(pending(chooser) == 0);
        pthread_barrier_destroy(&at_once);
    }
    end(chooser, &self);
}

/* Memory that no pick was ever in. */
static void other_memory(void)
{
    static const unsigned char fills[] = { 0, 0x5a, 0xa5, 0xff };
    peerage_pick pick;
    size_t i;
    for (i = 0; i < sizeof fills; i++) {
        memset(&pick, fills[i], sizeof pick);
        is_over(&pick);
        CHECK(peerage_pick_data(&pick) == NULL);
    }
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
        a_copy_changes_nothing(policies[i], 0);
        a_copy_changes_nothing(policies[i], 1);
        a_copy_that_ends_meanwhile(policies[i], "", 3);
        a_copy_that_ends_meanwhile(policies[i], "max-pending=1", 1);
        a_copy_that_ends_meanwhile(policies[i], "max-pending=2", 2);
    }
    a_copy_ends_one_other();
    a_copy_has_no_data();
    copies_at_once("round-robin");
    copies_at_once("least-loaded");
    copies_at_once("least-latency");
    other_memory();
    return 0;
}
