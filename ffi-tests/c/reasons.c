/*
 * Why a peer that is connected cannot be chosen: reasons are set and taken away one by one, and go with
 * the peer.
 */
#include "entry.h"

static void reasons(const char *policy)
{
    static const uint32_t all = PEERAGE_REASON_EJECTED | PEERAGE_REASON_OUTSIDE_SUBSET |
                                PEERAGE_REASON_DRAINING;
    fake transport = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&transport, policy);
    peerage_snapshot_peer seen;
    peerage_stats stats;
    peerage_pick held, pick;
    uint32_t reason;
    add(chooser, "a:1");
    seen = entry(chooser, "a:1");
    CHECK(seen.reasons == 0 && same(seen.reasons_text, "") && *seen.reasons_text.ptr == 0);
    IS(peerage_chooser_try_choose(chooser, NULL, &held), PEERAGE_OK);
    /* Each alone keeps it from being chosen, and each must be taken away. */
    for (reason = 1; reason <= all; reason <<= 1)
        if (reason & all)
            IS(peerage_chooser_set_reason(chooser, text("a:1"), reason, -1, NULL), PEERAGE_OK);
    seen = entry(chooser, "a:1");
    CHECK(seen.reasons == all && seen.status == PEERAGE_CONNECTION_AVAILABLE && seen.pending == 1);
    CHECK(same(seen.reasons_text, "ejected, outside the subset, draining"));
    CHECK(seen.reasons_text.ptr[seen.reasons_text.len] == 0);
    IS(peerage_peer_set_status(transport.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    seen = entry(chooser, "a:1");
    CHECK(seen.reasons == (all | PEERAGE_REASON_NOT_CONNECTED));
    IS(peerage_peer_set_status(transport.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    for (reason = 1; reason <= all; reason <<= 1) {
        if (!(reason & all))
            continue;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
        stats = stats_of(chooser);
        CHECK(stats.peers == 1 && stats.available == 0 && stats.pending == 1);
        IS(peerage_chooser_set_reason(chooser, text("a:1"), reason, 0, NULL), PEERAGE_OK);
        IS(peerage_chooser_set_reason(chooser, text("a:1"), reason, 0, NULL), PEERAGE_OK);
    }
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    /* With the peer its reasons go. */
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_DRAINING, 1, NULL),
       PEERAGE_OK);
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    discard(chooser, "a:1");
    add(chooser, "a:1");
    CHECK(entry(chooser, "a:1").reasons == 0);
    end(chooser, &transport);
}

/* A caller that waits is told when the last reason goes. */
static void told(void *ctx, int32_t status) { *(int32_t *)ctx = status; }

static void waiting_for_a_reason_to_go(void)
{
    fake transport = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&transport, "random");
    int32_t status = 1;
    add(chooser, "a:1");
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_EJECTED, 1, NULL),
       PEERAGE_OK);
    IS(peerage_chooser_notify_ready(chooser, NULL, told, &status, NULL, NULL), PEERAGE_OK);
    CHECK(status == 1);
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_EJECTED, 0, NULL),
       PEERAGE_OK);
    CHECK(status == PEERAGE_OK);
    end(chooser, &transport);
}

int main(void)
{
    static const char *const policies[] = {
        "round-robin", "random", "two-random-choices", "fewest-pending-requests",
        "hashring32:replicas=3,delimiter=#", "single",
    };
    size_t i;
    watchdog(60);
    for (i = 0; i < sizeof policies / sizeof *policies; i++)
        reasons(policies[i]);
    waiting_for_a_reason_to_go();
    entry(NULL, "");
    return 0;
}
