/*
 * Numbers that the header does not have. C passes any number where a constant is meant, so each is
 * looked at: refused where it could only be a mistake, and never the end of the program.
 */
#include "fake.h"
#include <limits.h>

static const int32_t strange[] = { -1, 3, 6, 99, INT32_MIN, INT32_MAX };
enum { STRANGE = sizeof strange / sizeof *strange };

static void statuses_of_peers(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    int i;
    add(chooser, "a:1");
    for (i = 0; i < STRANGE; i++) {
        IS(peerage_peer_set_status(self.last, strange[i]), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_peer_status(self.last), PEERAGE_CONNECTION_AVAILABLE);
    }
    end(chooser, &self);
}

/* The request has ended all the same, or it would be pending for ever. */
static void outcomes(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "fewest-pending-requests");
    peerage_pick pick;
    int i;
    add(chooser, "a:1");
    for (i = 0; i < STRANGE; i++) {
        if (strange[i] == PEERAGE_OUTCOME_CANCELLED)
            continue;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, strange[i]), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
        IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, strange[i]), PEERAGE_ERR_FINISHED);
    }
    CHECK(stats_of(chooser).pending == 0);
    end(chooser, &self);
}

static void attributes(void)
{
    static const uint32_t weights[] = { 65536, 1u << 31, UINT32_MAX };
    static const uint32_t tiers[] = { 256, 65536, UINT32_MAX };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_member members[2];
    peerage_error *error;
    int i;
    members[0] = members[1] = peerage_member_of("a:1");
    members[0].weight = 65535, members[0].tier = 255;
    for (i = 0; i < 3; i++) {
        members[1].weight = weights[i];
        IS(peerage_chooser_update(chooser, members, 2, NULL, 0, &error),
           PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "add[1].weight is ");
        members[1].weight = 1;
        members[1].tier = tiers[i];
        IS(peerage_chooser_update(chooser, members, 2, NULL, 0, &error),
           PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "it can be 255 at most");
        members[1].tier = 0;
    }
    CHECK(self.retained == 0);
    IS(peerage_chooser_update(chooser, members, 1, NULL, 0, NULL), PEERAGE_OK);
    end(chooser, &self);
}

static void reasons(void)
{
    static const uint32_t unknown[] = {
        0, PEERAGE_REASON_EJECTED | PEERAGE_REASON_DRAINING, 32, 128, 256 + 2, UINT32_MAX,
    };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_error *error;
    size_t i;
    add(chooser, "a:1");
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        IS(peerage_chooser_set_reason(chooser, text("a:1"), unknown[i], 1, &error),
           PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "give one of PEERAGE_REASON_*");
    }
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_LATER_TIER, 1, &error),
       PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "see its options spill and zone");
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_NOT_CONNECTED, 1, &error),
       PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "its transport's to say");
    IS(peerage_chooser_set_reason(chooser, text("b:1"), PEERAGE_REASON_DRAINING, 1, &error),
       PEERAGE_ERR_NOT_IN_LIST);
    explains(error, PEERAGE_ERR_NOT_IN_LIST, "peer \"b:1\" is not in the list");
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    end(chooser, &self);
}

static void ignore_peer(void *ctx, const peerage_peer_info *peer) { (void)ctx, (void)peer; }
static void ignore_key(void *ctx, uint64_t key) { (void)ctx, (void)key; }
static int32_t nothing(void *ctx, const peerage_request *request, uint64_t *out)
{
    (void)ctx, (void)request, (void)out;
    return PEERAGE_CHOICE_UNAVAILABLE;
}

static void watches(void)
{
    static const uint64_t unknown[] = { 4, 8, 1ull << 32, UINT64_MAX };
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    const peerage_policy *out;
    peerage_error *error;
    int dropped = 0, i;
    FILL(out);
    ops.available = ignore_peer;
    ops.unavailable = ignore_key;
    ops.choose = nothing;
    ops.drop = count_drop;
    for (i = 0; i < 4; i++) {
        ops.watches = unknown[i];
        IS(peerage_policy_new(&ops, &dropped, &out, &error), PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "ops.watches is");
    }
    /* Latencies are told to `finished`. */
    ops.watches = PEERAGE_WATCH_LATENCY;
    IS(peerage_policy_new(&ops, &dropped, &out, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "ops.finished is NULL");
    UNTOUCHED(out);
    CHECK(dropped == 5);
    ops.watches = PEERAGE_WATCH_PLACES;
    IS(peerage_policy_new(&ops, &dropped, &out, NULL), PEERAGE_OK);
    peerage_policy_unref(out);
    CHECK(dropped == 6);
}

static void timeouts(void)
{
    static const int64_t wrong[] = { -3, -1000000, INT64_MIN };
    fake self = FAKE_SILENT, idle = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_cancel *cancel = peerage_cancel_new();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *other;
    peerage_error *error;
    peerage_pick pick;
    size_t i;
    FILL(pick);
    FILL(other);
    opts.policy = text("random");
    opts.transport = fake_transport(&idle);
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        IS(peerage_chooser_choose(chooser, NULL, wrong[i], NULL, &pick),
           PEERAGE_ERR_INVALID_ARGUMENT);
        opts.default_timeout_ns = wrong[i];
        IS(peerage_chooser_new(&opts, &other, &error), PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "default_timeout_ns");
    }
    UNTOUCHED(other);
    /* 292 years do not overflow: it waits, until it is cancelled. */
    IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, NULL, INT64_MAX, cancel, &pick), PEERAGE_ERR_CANCELLED);
    UNTOUCHED(pick);
    self.push = 1;
    add(chooser, "a:1");
    IS(peerage_chooser_choose(chooser, NULL, INT64_MAX, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    opts.default_timeout_ns = INT64_MAX;
    IS(peerage_chooser_new(&opts, &other, NULL), PEERAGE_OK);
    peerage_chooser_unref(other);
    peerage_transport_unref(opts.transport);
    CHECK(idle.dropped == 1);
    peerage_cancel_unref(cancel);
    end(chooser, &self);
}

static void notices_and_places(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    FILL(info);
    add(chooser, "a:1");
    IS(peerage_chooser_notify_cancel(chooser, 0), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_notify_cancel(chooser, 1), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_notify_cancel(chooser, UINT64_MAX), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 1, &info, sizeof info), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_snapshot_get(snapshot, SIZE_MAX, &info, sizeof info), PEERAGE_ERR_NOT_FOUND);
    UNTOUCHED(info);
    peerage_snapshot_free(snapshot);
    end(chooser, &self);
}

static void numbers_have_names(void)
{
    static const int32_t known[] = {
        PEERAGE_OK,                PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT,
        PEERAGE_ERR_INVALID_UTF8,  PEERAGE_ERR_UNSUPPORTED,  PEERAGE_ERR_NOT_FOUND,
        PEERAGE_ERR_NO_PEER,       PEERAGE_ERR_TIMED_OUT,    PEERAGE_ERR_CANCELLED,
        PEERAGE_ERR_STOPPED,       PEERAGE_ERR_NOT_RUNNING,  PEERAGE_ERR_ALREADY_IN_LIST,
        PEERAGE_ERR_NOT_IN_LIST,   PEERAGE_ERR_GONE,         PEERAGE_ERR_REJECTED,
        PEERAGE_ERR_FINISHED,      PEERAGE_ERR_PANIC,
    };
    static const int32_t unknown[] = { 1, -6, -89, -91, INT32_MIN, INT32_MAX };
    size_t i, j;
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        CHECK(strcmp(peerage_status_name(known[i]), "UNKNOWN") != 0);
        CHECK(strlen(peerage_status_message(known[i])) > 3);
        for (j = 0; j < i; j++)
            CHECK(strcmp(peerage_status_name(known[i]), peerage_status_name(known[j])) != 0);
    }
    for (i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK(strcmp(peerage_status_name(unknown[i]), "UNKNOWN") == 0);
        CHECK(strlen(peerage_status_message(unknown[i])) > 3);
    }
}

int main(void)
{
    watchdog(60);
    CHECK(strchr(peerage_version_string(), '.'));
    statuses_of_peers();
    outcomes();
    attributes();
    reasons();
    watches();
    timeouts();
    notices_and_places();
    numbers_have_names();
    return 0;
}
