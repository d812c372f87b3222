/* From nothing to nothing: every context dropped once, every peer released. */
#include "check.h"

static void gives_out_and_takes_back(void)
{
    fake self = {1, 0, 0, 0, 0, NULL};
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_pick pick = PEERAGE_PICK_INIT;
    peerage_stats stats;
    peerage_snapshot *snapshot;
    peerage_peer_info info;
    char line[256];
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    CHECK(strcmp(peerage_pick_id(&pick).ptr, "a:1") == 0);
    CHECK(peerage_pick_peer(&pick) == self.last);
    IS(peerage_chooser_stats(chooser, &stats, sizeof stats), PEERAGE_OK);
    CHECK(stats.peers == 1 && stats.available == 1 && stats.pending == 1 && stats.running);
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    CHECK(peerage_snapshot_len(snapshot) == 1);
    IS(peerage_snapshot_get(snapshot, 0, &info), PEERAGE_OK);
    CHECK(strcmp(info.id.ptr, "a:1") == 0 && info.pending == 1);
    CHECK(info.status == PEERAGE_AVAILABLE);
    IS(peerage_snapshot_get(snapshot, 1, &info), PEERAGE_ERR_NOT_FOUND);
    peerage_snapshot_free(snapshot);
    IS(peerage_chooser_describe(chooser, line, sizeof line, NULL), PEERAGE_OK);
    CHECK(strstr(line, "Running (1/1 available)"));
    /* The pick outlives its chooser. */
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    peerage_chooser_unref(chooser);
    CHECK(self.released == 0 && self.dropped == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_ERR_FINISHED);
    CHECK(self.retained == 1 && self.released == 1 && self.dropped == 1);
}

static void a_refusal_is_reported_with_its_peer(void)
{
    fake self = {0, 7, 0, 0, 0, NULL};
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_error *error = NULL;
    peerage_str id = text("bad:1");
    IS(peerage_chooser_update(chooser, &id, 1, NULL, 0, &error), PEERAGE_ERR_REJECTED);
    IS(peerage_error_status(error), PEERAGE_ERR_REJECTED);
    CHECK(strstr(peerage_error_message(error).ptr, "bad:1"));
    CHECK(strstr(peerage_error_message(error).ptr, "7"));
    peerage_error_free(error);
    peerage_chooser_unref(chooser);
    CHECK(self.released == 0 && self.dropped == 1);
}

int main(void)
{
    CHECK(peerage_version() == PEERAGE_VERSION_NUMBER);
    gives_out_and_takes_back();
    a_refusal_is_reported_with_its_peer();
    return 0;
}
