/*
 * Peers that are connected and set aside by the options of a list: who is, why, for how long, and
 * what the log says of it.
 */
#include "fake.h"
#include <poll.h>
#include <time.h>

static char told[4096];

static void emit(void *ctx, int32_t level, peerage_str message)
{
    (void)ctx;
    CHECK(level <= PEERAGE_LOG_INFO && strlen(told) + message.len + 2 < sizeof told);
    strcat(strcat(told, message.ptr), "\n");
}

static const peerage_chooser *chooser_from(fake *self, const char *policy, const char *options)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts log = PEERAGE_LOG_OPTS_INIT;
    log.level = PEERAGE_LOG_INFO;
    log.emit = emit;
    opts.policy = text(policy);
    opts.options = text(options);
    opts.log = &log;
    told[0] = 0;
    return chooser_with(self, opts);
}

/* What a status page says of the peer called `id`. */
static peerage_reasons reasons_of(const peerage_chooser *chooser, const char *id, int64_t *for_ns)
{
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    peerage_reasons reasons = ~(peerage_reasons)0;
    size_t i;
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    for (i = 0; i < peerage_snapshot_len(snapshot); i++) {
        IS(peerage_snapshot_get(snapshot, i, &peer, sizeof peer), PEERAGE_OK);
        if (same(peer.id, id)) {
            reasons = peer.reasons;
            *for_ns = peer.ejected_for_ns;
        }
    }
    peerage_snapshot_free(snapshot);
    return reasons;
}

/* Makes so many requests: the peer called `bad` fails, the others answer. Returns how many failed. */
static int requests(const peerage_chooser *chooser, int count, const char *bad)
{
    peerage_pick pick;
    int failed = 0;
    while (count-- > 0) {
        int fails;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        fails = same(peerage_pick_id(&pick), bad);
        failed += fails;
        IS(peerage_pick_finish(&pick, fails ? PEERAGE_OUTCOME_FAILURE : PEERAGE_OUTCOME_SUCCESS),
           PEERAGE_OK);
    }
    return failed;
}

static void a_peer_that_fails_is_ejected_and_comes_back(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_from(&self, policy, "eject=3");
    const struct timespec moment = { 0, 5000000 };
    int64_t for_ns = 0;
    int i;
    add(chooser, "a");
    add(chooser, "b");
    CHECK(requests(chooser, 100, "a") == 3);
    CHECK(reasons_of(chooser, "a", &for_ns) == PEERAGE_REASON_EJECTED);
    CHECK(for_ns > 0 && for_ns <= INT64_C(1100000000));
    CHECK(reasons_of(chooser, "b", &for_ns) == 0 && for_ns == 0);
    CHECK(strstr(told, "peer \"a\" is ejected for ") && strstr(told, "s after 3 failures"));
    /* Requests to the other one are what brings it back. */
    for (i = 0; i < 1000 && !strstr(told, "peer \"a\" is in service again"); i++) {
        CHECK(requests(chooser, 4, "neither") == 0);
        nanosleep(&moment, NULL);
    }
    CHECK(reasons_of(chooser, "a", &for_ns) == 0 && for_ns == 0);
    end(chooser, &self);
}

static void ready(void *ctx, int32_t status)
{
    IS(status, PEERAGE_OK);
    ++*(int *)ctx;
}

/* Both peers are set aside, so only time brings one back: a caller that asks for a notice, or why, lets
 * it be tried, and those that wait hear of it. */
static void time_passes_in_every_question(int explains)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_from(&self, "round-robin", "eject=1");
    const struct timespec until = { 1, 200000000 };
    int first = 0, second = 0;
    peerage_cause cause;
    add(chooser, "a");
    add(chooser, "b");
    CHECK(requests(chooser, 9, "a") == 1);
    IS(peerage_chooser_set_reason(chooser, text("b"), PEERAGE_REASON_DRAINING, 1, NULL), PEERAGE_OK);
    IS(peerage_chooser_notify_ready(chooser, NULL, ready, &first, NULL, NULL), PEERAGE_OK);
    CHECK(first == 0);
    nanosleep(&until, NULL);
    CHECK(first == 0);
    if (explains)
        IS(peerage_chooser_explain(chooser, PEERAGE_ERR_NO_PEER, PEERAGE_DID_NOT_WAIT, NULL, NULL, 0,
                                   NULL, &cause), PEERAGE_OK);
    else
        IS(peerage_chooser_notify_ready(chooser, NULL, ready, &second, NULL, NULL), PEERAGE_OK);
    CHECK(first == 1 && second == !explains);
    end(chooser, &self);
}

/* Nothing is asked of the chooser but how late it is, by an event loop that looks at its descriptor. */
static void a_tick_lets_a_peer_be_tried(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_from(&self, "round-robin", "eject=1");
    struct pollfd look = { -1, POLLIN, 0 };
    int64_t next_ns = 0;
    int told_ready = 0, looks = 0;
    add(chooser, "a");
    add(chooser, "b");
    IS(peerage_chooser_tick(chooser, &next_ns), PEERAGE_OK);
    CHECK(next_ns == PEERAGE_TIMEOUT_FOREVER);
    CHECK(requests(chooser, 9, "a") == 1);
    IS(peerage_chooser_set_reason(chooser, text("b"), PEERAGE_REASON_DRAINING, 1, NULL), PEERAGE_OK);
    IS(peerage_chooser_ready_fd(chooser, &look.fd, NULL), PEERAGE_OK);
    IS(peerage_chooser_notify_ready(chooser, NULL, ready, &told_ready, NULL, NULL), PEERAGE_OK);
    for (;;) {
        IS(peerage_chooser_tick(chooser, &next_ns), PEERAGE_OK);
        if (next_ns == PEERAGE_TIMEOUT_FOREVER)
            break;
        CHECK(next_ns >= 0 && next_ns <= INT64_C(1100000000) && told_ready == 0);
        CHECK(poll(&look, 1, (int)(next_ns / 1000000) + 1) == 0);
        looks++;
    }
    CHECK(looks > 0 && told_ready == 1 && poll(&look, 1, 0) == 1);
    IS(peerage_chooser_tick(chooser, NULL), PEERAGE_OK);
    CHECK(requests(chooser, 9, "b") == 0);
    CHECK(strstr(told, "peer \"a\" is in service again"));
    end(chooser, &self);
}

/* Two of three are down: too few, and the cause says so. */
static void a_list_fails_when_too_few_are_available(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_from(&self, "random", "panic=fail");
    peerage_cause cause;
    char line[256];
    peerage_pick pick;
    int32_t status;
    add(chooser, "a");
    CHECK(requests(chooser, 9, "neither") == 0);
    self.push = 0;
    add(chooser, "b");
    CHECK(requests(chooser, 9, "neither") == 0);
    add(chooser, "c");
    CHECK(strstr(told, "1 of 3 peers available: fewer than 50%"));
    status = peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick);
    IS(status, PEERAGE_ERR_NO_PEER);
    IS(peerage_chooser_explain(chooser, status, 0, NULL, line, sizeof line, NULL, &cause), PEERAGE_OK);
    CHECK(cause == PEERAGE_CAUSE_BELOW_THRESHOLD && strstr(line, "below 50% it fails"));
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(strstr(told, "2 of 3 peers available: enough again"));
    CHECK(requests(chooser, 9, "neither") == 0);
    told[0] = 0;
    IS(peerage_chooser_set_reason(chooser, text("a"), PEERAGE_REASON_DRAINING, 1, NULL), PEERAGE_OK);
    CHECK(strstr(told, "1 of 3 peers available: fewer than 50%"));
    end(chooser, &self);
}

/* Three clients of six peers, two slices each: peers outside are not even retained. */
static void a_client_uses_its_slice(void)
{
    static const char *const options[] = { "subset=4,client=0/3", "subset=4,client=1/3",
                                           "subset=4,client=2/3" };
    static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
    int client, i, uses[6] = { 0 };
    for (client = 0; client < 3; client++) {
        fake self = FAKE_PUSHES;
        const peerage_chooser *chooser = chooser_from(&self, "round-robin", options[client]);
        peerage_str ids[6];
        peerage_stats stats;
        int64_t for_ns;
        for (i = 0; i < 6; i++)
            ids[i] = text(names[i]);
        IS(update(chooser, ids, 6, NULL, 0, NULL), PEERAGE_OK);
        CHECK(self.retained == 4);
        CHECK(strstr(told, "4 of 6 members in the subset: 4 joined, 0 left"));
        stats = stats_of(chooser);
        CHECK(stats.peers == 4 && stats.available == 4 && stats.uninitialized == 2);
        for (i = 0; i < 6; i++)
            uses[i] += reasons_of(chooser, names[i], &for_ns) == 0;
        CHECK(requests(chooser, 20, "neither") == 0);
        end(chooser, &self);
    }
    for (i = 0; i < 6; i++)
        CHECK(uses[i] == 2);
}

/* One peer of tier 0 and one of tier 1; or the same by zones. */
static void later_tiers_wait(const char *options, const char *over, const char *back)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_from(&self, "random", options);
    peerage_member members[2] = { PEERAGE_MEMBER_INIT, PEERAGE_MEMBER_INIT };
    const peerage_peer *first;
    int64_t for_ns;
    peerage_pick pick;
    members[0].id = text("a");
    members[0].zone = text("eu-1");
    members[1].id = text("b");
    members[1].tier = 1;
    IS(peerage_chooser_replace(chooser, members, 1, NULL), PEERAGE_OK);
    first = self.last;
    IS(peerage_chooser_replace(chooser, members, 2, NULL), PEERAGE_OK);
    CHECK(requests(chooser, 50, "b") == 0);
    CHECK(reasons_of(chooser, "b", &for_ns) == PEERAGE_REASON_LATER_TIER);
    IS(peerage_peer_set_status(first, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    CHECK(strstr(told, over) && !strstr(told, back));
    CHECK(requests(chooser, 50, "b") == 50 && reasons_of(chooser, "b", &for_ns) == 0);
    IS(peerage_peer_set_status(first, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(strstr(told, back));
    CHECK(requests(chooser, 50, "b") == 0);
    /* Which tiers serve is the list's to say. */
    IS(peerage_chooser_set_reason(chooser, text("a"), PEERAGE_REASON_LATER_TIER, 1, NULL),
       PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_NOT_SENT), PEERAGE_OK);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    a_peer_that_fails_is_ejected_and_comes_back("round-robin");
    a_peer_that_fails_is_ejected_and_comes_back("fewest-pending-requests");
    time_passes_in_every_question(0);
    time_passes_in_every_question(1);
    a_tick_lets_a_peer_be_tried();
    a_list_fails_when_too_few_are_available();
    a_client_uses_its_slice();
    later_tiers_wait("spill=70", "tier 1 serves too: 0 of 1 peer before it available",
                     "tier 0 is the last to serve: 1 of 1 peer available");
    later_tiers_wait("zone=eu-1", "tier 1 of other zones serves too: 0 of 1 peer before it available",
                     "tier 0 is the last to serve: 1 of 1 peer available");
    return 0;
}
