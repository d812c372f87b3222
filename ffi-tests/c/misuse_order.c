/*
 * The right calls at the wrong time: a second finish, a finish after the chooser is gone, a pick
 * that never was one, a start after a stop, a push after the release, a policy used twice.
 */
#include "fake.h"

static void a_second_finish_changes_nothing(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "fewest-pending-requests");
    peerage_pick first, second;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &first), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &second), PEERAGE_OK);
    IS(peerage_pick_finish(&first, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_pick_finish(&first, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
    /* Finished is finished: the outcome is not even looked at. */
    IS(peerage_pick_finish(&first, 99), PEERAGE_ERR_FINISHED);
    CHECK(stats_of(chooser).pending == 1);
    CHECK(peerage_pick_peer(&first) == NULL && peerage_pick_data(&first) == NULL);
    CHECK(peerage_pick_id(&first).len == 0);
    CHECK(peerage_pick_peer(&second) == self.last);
    IS(peerage_pick_finish(&second, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
}

static void a_pick_outlives_everything_else(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "two-random-choices");
    peerage_pick pick, moved;
    int data_dropped = 0;
    add(chooser, "a:1");
    IS(peerage_peer_set_data(self.last, &data_dropped, count_drop), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    peerage_chooser_unref(chooser);
    CHECK(self.released == 0 && self.dropped == 0 && data_dropped == 0);
    /* It may be moved, and still says which peer it is for. */
    moved = pick;
    memset(&pick, 0, sizeof pick);
    CHECK(same(peerage_pick_id(&moved), "a:1"));
    CHECK(peerage_pick_data(&moved) == &data_dropped);
    IS(peerage_pick_finish(&moved, PEERAGE_OUTCOME_FAILURE), PEERAGE_OK);
    CHECK(self.released == 1 && self.dropped == 1 && data_dropped == 1);
    IS(peerage_pick_finish(&moved, PEERAGE_OUTCOME_FAILURE), PEERAGE_ERR_FINISHED);
}

static void memory_that_never_was_a_pick(void)
{
    static const int bytes[] = { 0x00, 0xff, PATTERN, 0x7f };
    const peerage_pick initial = PEERAGE_PICK_INIT;
    peerage_pick pick, before;
    size_t i;
    for (i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        memset(&pick, bytes[i], sizeof pick);
        before = pick;
        CHECK(peerage_pick_peer(&pick) == NULL && peerage_pick_data(&pick) == NULL);
        CHECK(peerage_pick_id(&pick).len == 0);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
        CHECK(memcmp(&pick, &before, sizeof pick) == 0);
    }
    pick = initial;
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
}

/* A choice that fails leaves a pick alone, even one in use. */
static void a_failed_choice_leaves_the_pick(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_pick pick;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    IS(peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    CHECK(same(peerage_pick_id(&pick), "a:1"));
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
}

static void before_the_start_and_after_the_stop(void)
{
    fake self = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    const peerage_peer *kept;
    peerage_error *error;
    peerage_pick pick;
    peerage_str id = text("b:1");
    opts.policy = text("random");
    chooser = idle_with(&self, opts);
    CHECK(!peerage_chooser_is_running(chooser));
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NOT_RUNNING);
    IS(peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick), PEERAGE_ERR_NOT_RUNNING);
    add(chooser, "a:1");
    CHECK(self.retained == 0);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    CHECK(self.retained == 1 && peerage_chooser_is_running(chooser));
    kept = peerage_peer_ref(self.last);

    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    CHECK(self.released == 1 && !peerage_chooser_is_running(chooser));
    IS(peerage_chooser_start(chooser, &error), PEERAGE_ERR_STOPPED);
    explains(error, PEERAGE_ERR_STOPPED, "stopped");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_STOPPED);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_ERR_STOPPED);
    IS(update(chooser, &id, 1, NULL, 0, NULL), PEERAGE_OK);
    CHECK(self.retained == 1);
    end(chooser, &self);

    /* The peer is a reference of ours, and remembers. */
    IS(peerage_peer_set_status(kept, PEERAGE_CONNECTION_CONNECTING), PEERAGE_ERR_GONE);
    IS(peerage_peer_status(kept), PEERAGE_CONNECTION_AVAILABLE);
    CHECK(same(peerage_peer_id(kept), "a:1"));
    peerage_peer_unref(kept);
}

static void updates_that_contradict_the_list(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_str ids[3];
    peerage_error *error;
    ids[0] = ids[1] = text("a:1");
    ids[2] = text("b:1");
    /* What can be done is done. */
    IS(update(chooser, ids, 3, NULL, 0, &error), PEERAGE_ERR_ALREADY_IN_LIST);
    explains(error, PEERAGE_ERR_ALREADY_IN_LIST, "a:1");
    CHECK(self.retained == 2);
    IS(update(chooser, NULL, 0, ids, 3, &error), PEERAGE_ERR_NOT_IN_LIST);
    explains(error, PEERAGE_ERR_NOT_IN_LIST, "a:1");
    CHECK(self.released == 2);
    /* Removed and added in one update: it stays. A second removal finds nothing. */
    add(chooser, "a:1");
    IS(update(chooser, ids, 1, ids, 1, NULL), PEERAGE_OK);
    CHECK(self.retained == 3 && self.released == 2);
    IS(update(chooser, ids, 1, ids, 2, &error), PEERAGE_ERR_NOT_IN_LIST);
    explains(error, PEERAGE_ERR_NOT_IN_LIST, "a:1");
    CHECK(self.retained == 3 && self.released == 2);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    a_second_finish_changes_nothing();
    a_pick_outlives_everything_else();
    memory_that_never_was_a_pick();
    a_failed_choice_leaves_the_pick();
    before_the_start_and_after_the_stop();
    updates_that_contradict_the_list();
    return 0;
}
