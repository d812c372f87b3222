/* Numbers, pages and sentences, while all of it changes. */
#include "shared.h"

static void look_at_page(const peerage_chooser *chooser)
{
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    size_t i, len;
    CHECK(peerage_chooser_snapshot(chooser, &snapshot) == PEERAGE_OK);
    len = peerage_snapshot_len(snapshot);
    for (i = 0; i < len; i++) {
        CHECK(peerage_snapshot_get(snapshot, i, &peer, sizeof peer) == PEERAGE_OK);
        CHECK(peer.id.ptr[peer.id.len] == '\0' && peer.weight >= 1 && peer.reasons < 32);
    }
    CHECK(peerage_snapshot_get(snapshot, len, &peer, sizeof peer) == PEERAGE_ERR_NOT_FOUND);
    peerage_snapshot_free(snapshot);
}

void look_at_numbers(thread *t, unsigned i)
{
    const peerage_chooser *chooser = t->choosers[i];
    peerage_settings settings;
    peerage_stats stats;
    char text[200];
    size_t needed;
    switch (take(&t->bytes) % 4) {
    case 0:
        CHECK(peerage_chooser_settings(chooser, &settings, sizeof settings) == PEERAGE_OK);
        CHECK(settings.name.ptr[settings.name.len] == '\0');
        return;
    case 1:
        CHECK(peerage_chooser_describe(chooser, text, sizeof text, &needed) == PEERAGE_OK);
        CHECK(strlen(text) <= needed);
        return;
    case 2:
        look_at_page(chooser);
        return;
    default:
        CHECK(peerage_chooser_stats(chooser, &stats, sizeof stats) == PEERAGE_OK);
        CHECK(stats.available <= stats.peers && stats.peers <= NAMES);
        CHECK(stats.pending <= (THREADS + 1) * PICKS * 8 && stats.departing <= RECORDS);
    }
}

void ask_why(thread *t, unsigned i)
{
    static const int32_t ends[] = {PEERAGE_ERR_NO_PEER, PEERAGE_ERR_TIMED_OUT,
                                   PEERAGE_ERR_NOT_RUNNING, PEERAGE_ERR_CANCELLED};
    unsigned b = take(&t->bytes);
    peerage_request request = PEERAGE_REQUEST_INIT;
    char text[400];
    size_t needed;
    int32_t cause = -1;
    request.shard_key = name_text(b >> 2);
    CHECK(peerage_chooser_explain(t->choosers[i], ends[b & 3], b & 128 ? 1000 : -1,
                                  b & 64 ? &request : NULL, text, sizeof text, &needed,
                                  &cause) == PEERAGE_OK);
    CHECK(needed > 0 && strlen(text) <= needed && !strchr(text, '\n'));
    CHECK(cause >= PEERAGE_CAUSE_TOO_LATE && cause <= PEERAGE_CAUSE_BELOW_THRESHOLD);
}
