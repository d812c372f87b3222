/*
 * A pick is copied and finished twice, which the header forbids: wherever it can be told nothing
 * changes, and the peer goes on being chosen. Finishes that meet are in copied_pick_meanwhile.c.
 */
#include "fake.h"

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
    peerage_transport_ops ops = fake_ops();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    ops.started = on_started;
    ops.finished = on_finished;
    opts.policy = text(policy);
    return chooser_over(self, ops, opts);
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
        CHECK(stats_of(chooser).pending == 0);
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
    CHECK(stats_of(chooser).pending == 1 && same(peerage_pick_id(&next), "b:1"));
    IS(finish(&next), PEERAGE_OK);
    CHECK(stats_of(chooser).pending == 0);
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
    CHECK(stats_of(chooser).pending == 0);
    pick = pick_of(chooser);
    CHECK(stats_of(chooser).pending == 1);
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
        CHECK(stats_of(chooser).pending == 2 && dropped[1] == i + 1);
        IS(finish(&other), PEERAGE_OK);
        IS(finish(&plain), PEERAGE_OK);
        CHECK(stats_of(chooser).pending == 0);
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
    }
    a_copy_ends_one_other();
    a_copy_has_no_data();
    other_memory();
    return 0;
}
