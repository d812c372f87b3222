/* From nothing to nothing: every context dropped once, every peer released. */
#include "fake.h"

static void gives_out_and_takes_back(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_pick pick = PEERAGE_PICK_INIT;
    peerage_stats stats;
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    char line[256];
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    CHECK(strcmp(peerage_pick_id(&pick).ptr, "a:1") == 0);
    CHECK(peerage_pick_peer(&pick) == self.last);
    IS(peerage_chooser_stats(chooser, &stats, sizeof stats), PEERAGE_OK);
    CHECK(stats.peers == 1 && stats.available == 1 && stats.pending == 1);
    CHECK(stats.state == PEERAGE_STATE_RUNNING && stats.uninitialized == 0);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    CHECK(peerage_snapshot_len(snapshot) == 1);
    IS(peerage_snapshot_get(snapshot, 0, &info, sizeof info), PEERAGE_OK);
    CHECK(strcmp(info.id.ptr, "a:1") == 0 && info.pending == 1);
    CHECK(info.status == PEERAGE_CONNECTION_AVAILABLE);
    IS(peerage_snapshot_get(snapshot, 1, &info, sizeof info), PEERAGE_ERR_NOT_FOUND);
    peerage_snapshot_free(snapshot);
    IS(peerage_chooser_describe(chooser, line, sizeof line, NULL), PEERAGE_OK);
    CHECK(strstr(line, "Running (1/1 available)"));
    /* The pick outlives its chooser. */
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    peerage_chooser_unref(chooser);
    CHECK(self.released == 0 && self.dropped == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
    CHECK(self.retained == 1 && self.released == 1 && self.dropped == 1);
}

/* References are counted, each kind for itself; the last of each ends it. */
static void references_are_counted(void)
{
    fake self = FAKE_PUSHES;
    const peerage_transport *transport = fake_transport(&self);
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    const peerage_cancel *cancel = peerage_cancel_new();
    const peerage_peer *peer;
    int data_dropped = 0;
    opts.policy = text("random");
    opts.transport = transport;
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    CHECK(peerage_transport_ref(transport) == transport);
    peerage_transport_unref(transport);
    peerage_transport_unref(transport);
    CHECK(self.dropped == 0);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    add(chooser, "a:1");
    peer = peerage_peer_ref(self.last);
    CHECK(peer == self.last);
    IS(peerage_peer_set_data(peer, &data_dropped, count_drop), PEERAGE_OK);
    IS(peerage_peer_set_data(peer, &data_dropped, count_drop), PEERAGE_OK);
    CHECK(data_dropped == 1 && peerage_peer_data(peer) == &data_dropped);

    CHECK(peerage_chooser_ref(chooser) == chooser);
    peerage_chooser_unref(chooser);
    CHECK(peerage_chooser_is_running(chooser) && self.released == 0);
    peerage_chooser_unref(chooser);
    CHECK(self.released == 1 && self.dropped == 1 && data_dropped == 1);
    peerage_peer_unref(peer);
    CHECK(data_dropped == 2);

    CHECK(peerage_cancel_ref(cancel) == cancel);
    peerage_cancel_unref(cancel);
    CHECK(!peerage_cancel_is_triggered(cancel));
    IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    CHECK(peerage_cancel_is_triggered(cancel));
    peerage_cancel_unref(cancel);
}

/* A peer that is removed with requests in flight is released at the end of the last. */
static void a_removal_waits_for_requests(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "fewest-pending-requests");
    peerage_pick first, second, none;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &first), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &second), PEERAGE_OK);
    discard(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &none), PEERAGE_ERR_NO_PEER);
    IS(peerage_pick_finish(&first, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 0);
    CHECK(same(peerage_pick_id(&second), "a:1"));
    IS(peerage_pick_finish(&second, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 1);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    CHECK(peerage_version() == PEERAGE_VERSION_NUMBER);
    gives_out_and_takes_back();
    references_are_counted();
    a_removal_waits_for_requests();
    return 0;
}
