/*
 * A chooser in numbers after a traffic that is known: every count is what was done, and nothing else.
 * Those of waits are in waits.c.
 */
#include "counts.h"

enum { SUCCESSES = 3000 };

static int adds_up(const peerage_stats *stats)
{
    return stats->requests == sum(stats->outcomes, PEERAGE_OUTCOME_PLACES) + stats->pending +
                                  stats->departing_pending;
}

static void request(const peerage_chooser *chooser, peerage_outcome outcome)
{
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, outcome), PEERAGE_OK);
}

static void a_chooser_begins_with_nothing(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_stats stats = stats_of(chooser);
    CHECK(stats.requests == 0 && adds_up(&stats) && failures(&stats) == 0);
    CHECK(sum(stats.status_changes, PEERAGE_CONNECTION_PLACES) == 0 && stats.ejections == 0);
    CHECK(stats.updates_applied == 0 && stats.updates_failed == 0);
    CHECK(stats.update_age_ns == PEERAGE_AGE_NEVER);
    CHECK(sum(stats.waits.counts, PEERAGE_HISTOGRAM_PLACES) == 0 && stats.waits.sum_ns == 0);
    end(chooser, &self);
}

static void requests_and_how_they_end(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    peerage_stats stats;
    peerage_pick pick;
    uint64_t requests = 0, outcomes[PEERAGE_OUTCOME_PLACES] = { 0 };
    size_t i, o;
    int n;
    add(chooser, "a:1");
    add(chooser, "b:1");
    for (n = 0; n < SUCCESSES; n++)
        request(chooser, PEERAGE_OUTCOME_SUCCESS);
    for (n = PEERAGE_OUTCOME_FAILURE; n <= PEERAGE_OUTCOME_ABANDONED; n++)
        request(chooser, n);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.requests == SUCCESSES + 6 && stats.pending == 1 && adds_up(&stats));
    CHECK(stats.outcomes[PEERAGE_OUTCOME_SUCCESS] == SUCCESSES);
    for (n = PEERAGE_OUTCOME_FAILURE; n <= PEERAGE_OUTCOME_ABANDONED; n++)
        CHECK(stats.outcomes[n] == 1);
    CHECK(failures(&stats) == 0 && sum(stats.waits.counts, PEERAGE_HISTOGRAM_PLACES) == 0);
    /* The same, peer by peer. */
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    for (i = 0; i < 2; i++) {
        IS(peerage_snapshot_get(snapshot, i, &peer, sizeof peer), PEERAGE_OK);
        CHECK(peer.requests == sum(peer.outcomes, PEERAGE_OUTCOME_PLACES) + peer.pending);
        CHECK(peer.status_changes == 1 && peer.ejections == 0 && peer.since_ns >= 0);
        CHECK(peer.check == NULL && peer.reserved == 0);
        requests += peer.requests;
        for (o = 0; o < PEERAGE_OUTCOME_PLACES; o++)
            outcomes[o] += peer.outcomes[o];
    }
    peerage_snapshot_free(snapshot);
    CHECK(requests == stats.requests);
    CHECK(memcmp(outcomes, stats.outcomes, sizeof outcomes) == 0);
    /* What a peer has had stays counted when it has left. */
    discard(chooser, "a:1");
    discard(chooser, "b:1");
    stats = stats_of(chooser);
    CHECK(stats.peers == 0 && stats.pending == 0 && stats.departing_pending == 1);
    CHECK(stats.requests == SUCCESSES + 6 && adds_up(&stats));
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_FAILURE), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.outcomes[PEERAGE_OUTCOME_FAILURE] == 2 && stats.departing == 0);
    CHECK(stats.requests == SUCCESSES + 6 && adds_up(&stats));
    end(chooser, &self);
}

static void statuses_and_checks(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    peerage_stats stats;
    add(chooser, "a:1");
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    CHECK(stats_of(chooser).connecting == 1 && stats_of(chooser).unavailable == 0);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    /* The same once more is no change. */
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    IS(peerage_peer_checked(self.last, 2, text("")), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_peer_checked(self.last, 0, text("refused")), PEERAGE_OK);
    IS(peerage_peer_checked(self.last, 1, text("200 in 3 ms")), PEERAGE_OK);
    IS(peerage_peer_checked(self.last, 1, text("")), PEERAGE_OK);
    IS(peerage_peer_checked(self.last, 0, text("gave up after 1s")), PEERAGE_OK);
    add(chooser, "b:1");
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_DRAINING, 1, NULL),
       PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.peers == 2 && stats.available == 0 && stats.connecting == 0);
    CHECK(stats.unavailable == 1 && stats.set_aside == 1);
    CHECK(stats.status_changes[PEERAGE_CONNECTION_AVAILABLE] == 2);
    CHECK(stats.status_changes[PEERAGE_CONNECTION_CONNECTING] == 1);
    CHECK(stats.status_changes[PEERAGE_CONNECTION_UNAVAILABLE] == 1);
    CHECK(sum(stats.status_changes, PEERAGE_CONNECTION_PLACES) == 4);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 0, &peer, sizeof peer), PEERAGE_OK);
    CHECK(peer.status_changes == 4 && peer.check);
    CHECK(peer.check->passed == 2 && peer.check->failed == 2);
    CHECK(same(peer.check->last, "gave up after 1s"));
    CHECK(peer.check->last.ptr[peer.check->last.len] == 0);
    IS(peerage_snapshot_get(snapshot, 1, &peer, sizeof peer), PEERAGE_OK);
    CHECK(peer.status_changes == 0 && !peer.check);
    peerage_snapshot_free(snapshot);
    end(chooser, &self);
}

static void released(void *ctx, const peerage_peer *peer)
{
    IS(peerage_peer_checked(peer, 1, text("late")), PEERAGE_ERR_GONE);
    fake_release(ctx, peer);
}

static void a_check_after_the_release_is_for_nothing(void)
{
    fake self = FAKE_PUSHES;
    peerage_transport_ops ops = fake_ops();
    const peerage_chooser *chooser;
    ops.release = released;
    chooser = chooser_over(&self, ops, options("random", ""));
    add(chooser, "a:1");
    end(chooser, &self);
    CHECK(self.released == 1);
}

static void ejections(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_with(&self, options("round-robin", "eject=2"));
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    peerage_pick pick;
    int n;
    add(chooser, "a:1");
    add(chooser, "b:1");
    for (n = 0; n < 4; n++) {
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, same(peerage_pick_id(&pick), "a:1") ? PEERAGE_OUTCOME_FAILURE
                                                                         : PEERAGE_OUTCOME_SUCCESS),
           PEERAGE_OK);
    }
    CHECK(stats_of(chooser).ejections == 1 && stats_of(chooser).set_aside == 1);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 0, &peer, sizeof peer), PEERAGE_OK);
    CHECK(peer.ejections == 1 && peer.outcomes[PEERAGE_OUTCOME_FAILURE] == 2);
    IS(peerage_snapshot_get(snapshot, 1, &peer, sizeof peer), PEERAGE_OK);
    CHECK(peer.ejections == 0 && peer.outcomes[PEERAGE_OUTCOME_SUCCESS] == 2);
    peerage_snapshot_free(snapshot);
    end(chooser, &self);
}

static void updates(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_str ids[] = { { "a:1", 3 }, { "b:1", 3 } };
    peerage_stats stats;
    IS(update(chooser, ids, 1, NULL, 0, NULL), PEERAGE_OK);
    /* Of this one half fails: a:1 is a member already. */
    IS(update(chooser, ids, 2, NULL, 0, NULL), PEERAGE_ERR_ALREADY_IN_LIST);
    IS(update(chooser, NULL, 0, ids, 2, NULL), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.updates_applied == 2 && stats.updates_failed == 1);
    CHECK(stats.update_age_ns >= 0 && stats.update_age_ns < INT64_C(60000000000));
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    a_chooser_begins_with_nothing();
    requests_and_how_they_end("round-robin");
    requests_and_how_they_end("two-random-choices");
    requests_and_how_they_end("least-loaded");
    statuses_and_checks();
    a_check_after_the_release_is_for_nothing();
    ejections();
    updates();
    return 0;
}
