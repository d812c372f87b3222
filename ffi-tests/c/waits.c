/*
 * Waits in numbers: how long they took, and why choices failed.
 */
#include "counts.h"

/* What has waited 20 ms is in the place of more than 10 ms or in a later one: the test may be slow. */
static void a_wait_in_vain(void)
{
    const int64_t wait = 20000000;
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_stats stats;
    peerage_pick pick;
    size_t n;
    add(chooser, "a:1");
    IS(peerage_chooser_choose(chooser, NULL, wait, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    stats = stats_of(chooser);
    CHECK(stats.waits.len == 14 && stats.waits.bounds_ns[13] == PEERAGE_BOUND_NONE);
    CHECK(stats.waits.bounds_ns[0] == 1000000 && stats.waits.bounds_ns[12] == INT64_C(10000000000));
    for (n = 1; n < stats.waits.len; n++)
        CHECK(stats.waits.bounds_ns[n - 1] < stats.waits.bounds_ns[n]);
    CHECK(sum(stats.waits.counts, PEERAGE_HISTOGRAM_PLACES) == 1 && stats.waits.sum_ns >= wait);
    for (n = 0; stats.waits.counts[n] == 0; n++)
        CHECK(n + 1 < stats.waits.len);
    CHECK(stats.waits.bounds_ns[n] >= wait);
    CHECK(stats.failures[PEERAGE_FAILURE_TIMED_OUT] == 1 && failures(&stats) == 1);
    end(chooser, &self);
}

static void count(void *ctx, int32_t status)
{
    IS(status, PEERAGE_OK);
    ++*(int *)ctx;
}

/* An event loop waits by itself, and says at the end how that was. */
static void waits_of_the_callers_own(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_stats stats;
    peerage_pick pick;
    int told = 0;
    add(chooser, "a:1");
    IS(peerage_chooser_try_again(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    IS(peerage_chooser_notify_ready(chooser, NULL, count, &told, NULL, NULL), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(told == 1);
    IS(peerage_chooser_try_again(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_chooser_waited(chooser, PEERAGE_OK, 3000000), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(failures(&stats) == 0 && stats.requests == 1 && stats.pending == 1);
    CHECK(stats.waits.counts[2] == 1 && stats.waits.sum_ns == 3000000);
    /* One that was given up, one that was full before it began, and one that was not to wait. */
    IS(peerage_chooser_waited(chooser, PEERAGE_ERR_TIMED_OUT, INT64_C(20000000000)), PEERAGE_OK);
    IS(peerage_chooser_waited(chooser, PEERAGE_ERR_QUEUE_FULL, 0), PEERAGE_OK);
    IS(peerage_chooser_waited(chooser, PEERAGE_ERR_NO_PEER, PEERAGE_DID_NOT_WAIT), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(failures(&stats) == 3 && stats.failures[PEERAGE_FAILURE_TIMED_OUT] == 1);
    CHECK(stats.failures[PEERAGE_FAILURE_QUEUE_FULL] == 1);
    CHECK(stats.failures[PEERAGE_FAILURE_NO_PEER] == 1);
    CHECK(stats.waits.counts[13] == 1 && sum(stats.waits.counts, PEERAGE_HISTOGRAM_PLACES) == 2);
    IS(peerage_chooser_waited(chooser, PEERAGE_ERR_GONE, 1), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_waited(chooser, PEERAGE_OK, -2), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
}

#define FAILED(chooser, KIND, call)                                   \
    do {                                                              \
        const peerage_stats before_ = stats_of(chooser);              \
        peerage_stats after_;                                         \
        CHECK((call) < 0);                                            \
        after_ = stats_of(chooser);                                   \
        CHECK(after_.failures[PEERAGE_FAILURE_##KIND] ==              \
              before_.failures[PEERAGE_FAILURE_##KIND] + 1);          \
        CHECK(failures(&after_) == failures(&before_) + 1);           \
        CHECK(after_.requests == before_.requests);                   \
    } while (0)

static void reasons_of_failures(void)
{
    fake self = FAKE_SILENT;
    peerage_request named = PEERAGE_REQUEST_INIT;
    const peerage_chooser *chooser = idle_with(&self, options("random", ""));
    const peerage_cancel *cancel = peerage_cancel_new();
    peerage_pick pick;
    FAILED(chooser, NOT_RUNNING, peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick));
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    add(chooser, "a:1");
    FAILED(chooser, NO_PEER, peerage_chooser_try_choose(chooser, NULL, &pick));
    FAILED(chooser, TIMED_OUT, peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick));
    IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    FAILED(chooser, CANCELLED, peerage_chooser_choose(chooser, NULL, 1000, cancel, &pick));
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    FAILED(chooser, STOPPED, peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick));
    end(chooser, &self);
    peerage_cancel_unref(cancel);

    self.dropped = 0;
    chooser = chooser_with(&self, options("random", "fail-fast"));
    FAILED(chooser, FAIL_FAST, peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick));
    end(chooser, &self);

    self.dropped = 0;
    chooser = chooser_with(&self, options("random", "max-waiting=0"));
    FAILED(chooser, QUEUE_FULL, peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick));
    end(chooser, &self);

    self.dropped = 0, self.reject = 7;
    chooser = chooser_of(&self, "direct");
    FAILED(chooser, INVALID_REQUEST, peerage_chooser_try_choose(chooser, NULL, &pick));
    named.shard_key = text("a:1");
    FAILED(chooser, NOT_RETAINED, peerage_chooser_try_choose(chooser, &named, &pick));
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    a_wait_in_vain();
    waits_of_the_callers_own();
    reasons_of_failures();
    return 0;
}
