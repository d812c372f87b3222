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
        IS(peerage_peer_status(self.last), PEERAGE_AVAILABLE);
    }
    end(chooser, &self);
}

/* The request has ended all the same, or it would be pending for ever. */
static void outcomes(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "fewest-pending-requests");
    peerage_pick pick;
    peerage_stats stats;
    int i;
    add(chooser, "a:1");
    for (i = 0; i < STRANGE; i++) {
        if (strange[i] == PEERAGE_CANCELLED)
            continue;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, strange[i]), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_ERR_FINISHED);
    }
    IS(peerage_chooser_stats(chooser, &stats, sizeof stats), PEERAGE_OK);
    CHECK(stats.pending == 0);
    end(chooser, &self);
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
    /* 292 years do not overflow: it waits, until somebody has had enough. */
    IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, NULL, INT64_MAX, cancel, &pick), PEERAGE_ERR_CANCELLED);
    UNTOUCHED(pick);
    self.push = 1;
    add(chooser, "a:1");
    IS(peerage_chooser_choose(chooser, NULL, INT64_MAX, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_OK);
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
    peerage_peer_info info;
    FILL(info);
    add(chooser, "a:1");
    IS(peerage_chooser_notify_cancel(chooser, 0), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_notify_cancel(chooser, 1), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_notify_cancel(chooser, UINT64_MAX), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 1, &info), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_snapshot_get(snapshot, SIZE_MAX, &info), PEERAGE_ERR_NOT_FOUND);
    UNTOUCHED(info);
    peerage_snapshot_free(snapshot);
    end(chooser, &self);
}

static void numbers_have_names(void)
{
    static const int32_t known[] = {
        PEERAGE_OK,                PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT,
        PEERAGE_ERR_INVALID_UTF8,  PEERAGE_ERR_UNSUPPORTED,  PEERAGE_ERR_NO_PEER,
        PEERAGE_ERR_TIMED_OUT,     PEERAGE_ERR_CANCELLED,    PEERAGE_ERR_STOPPED,
        PEERAGE_ERR_NOT_RUNNING,   PEERAGE_ERR_DUPLICATE,    PEERAGE_ERR_NOT_FOUND,
        PEERAGE_ERR_GONE,          PEERAGE_ERR_REJECTED,     PEERAGE_ERR_FINISHED,
        PEERAGE_ERR_PANIC,
    };
    static const int32_t unknown[] = { 1, -5, -89, -91, INT32_MIN, INT32_MAX };
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
    timeouts();
    notices_and_places();
    numbers_have_names();
    return 0;
}
