/* Counts, snapshots and descriptions, compared with the records. */
#include "world.h"

static void picks_of(const chooser *c, unsigned id, unsigned *least, unsigned *most)
{
    unsigned i;
    *least = *most = 0;
    for (i = 0; i < PICKS; i++) {
        const pick *p = &w.picks[i];
        if (p->live && p->chooser == c && (id == IDS || p->peer->id == id)) {
            *most += 1;
            *least += !p->orphan;
        }
    }
}

static int32_t state_number(const chooser *c)
{
    return c->state == IDLE      ? PEERAGE_STATE_IDLE
           : c->state == RUNNING ? PEERAGE_STATE_RUNNING
                                 : PEERAGE_STATE_STOPPED;
}

static void check_stats(const chooser *c, const peerage_stats *stats)
{
    unsigned least, most;
    CHECK(stats->available <= stats->peers && stats->reserved == 0);
    CHECK(stats->state >= PEERAGE_STATE_IDLE && stats->state <= PEERAGE_STATE_STOPPED);
    if (w.depth || c->busy)
        return;
    picks_of(c, IDS, &least, &most);
    CHECK(stats->pending >= least && stats->pending <= most);
    CHECK(stats->waiting == (size_t)waiting(c));
    if (!c->certain)
        return;
    CHECK(stats->state == state_number(c));
    CHECK(stats->uninitialized == (c->state == RUNNING ? 0 : (size_t)popcount(c->members)));
    CHECK(stats->peers == (c->state == RUNNING ? (size_t)popcount(c->members) : 0));
    CHECK(c->state != RUNNING || stats->available == (size_t)popcount(available(c)));
}

static void look_at_stats(chooser *c)
{
    union {
        peerage_stats stats;
        unsigned char room[sizeof(peerage_stats) + 32];
    } at, before;
    unsigned b = take(&w.bytes);
    size_t size = b < 128 ? sizeof(peerage_stats) : b == 255 ? 0 : b == 254 ? 4097 : b - 128, i;
    int32_t got;
    if (size > sizeof at && size != 4097)
        size = sizeof at;
    memset(&at, 0x5a, sizeof at);
    before = at;
    got = peerage_chooser_stats(c ? c->handle : NULL, b == 253 ? NULL : &at.stats, size);
    if (!c || b >= 253) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT);
    } else if (size == 0 || size == 4097) {
        ONE_OF(got, PEERAGE_ERR_INVALID_ARGUMENT);
    } else {
        ONE_OF(got, PEERAGE_OK);
        CHECK(memcmp(at.room + size, before.room + size, sizeof at - size) == 0);
        for (i = sizeof(peerage_stats); i < size; i++)
            CHECK(at.room[i] == 0);
        if (size >= sizeof(peerage_stats))
            check_stats(c, &at.stats);
        return;
    }
    CHECK(memcmp(&at, &before, sizeof at) == 0);
}

static void look_at_description(chooser *c)
{
    char text[320];
    unsigned b = take(&w.bytes);
    size_t len = b < 200 ? b : 300, needed = 12345, i;
    int no_text = b >= 250;
    int32_t got;
    memset(text, 0x5a, sizeof text);
    got = peerage_chooser_describe(c ? c->handle : NULL, no_text ? NULL : text, len,
                                   b & 1 ? &needed : NULL);
    if (!c || (no_text && len)) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        CHECK(needed == 12345 && text[0] == 0x5a);
        return;
    }
    ONE_OF(got, PEERAGE_OK);
    CHECK(!(b & 1) || (needed > 0 && needed != 12345));
    for (i = len; i < sizeof text; i++)
        CHECK(text[i] == 0x5a);
    if (len) {
        CHECK(memchr(text, '\0', len));
        CHECK(!(b & 1) || strlen(text) <= needed);
    }
}

static void check_entry(const peerage_snapshot_peer *info)
{
    check_text(info->id);
    check_text(info->shard);
    check_text(info->zone);
    check_text(info->reasons_text);
    CHECK((info->reasons != 0) == (info->reasons_text.len != 0));
    CHECK(info->reasons < 32 && info->weight >= 1);
}

/* A snapshot that was just made. */
static void check_snapshot(chooser *c, const peerage_snapshot *snapshot)
{
    size_t i, len = peerage_snapshot_len(snapshot);
    unsigned seen = 0, least, most;
    peerage_snapshot_peer entries[IDS];
    if (w.depth || c->busy || c->direct)
        return;
    for (i = 0; i < len; i++) {
        peerage_snapshot_peer info;
        const peer *p;
        unsigned id;
        ONE_OF(peerage_snapshot_get(snapshot, i, &info, sizeof info), PEERAGE_OK);
        check_entry(&info);
        id = id_of(info.id);
        CHECK(!(seen >> id & 1));
        seen |= 1u << id;
        picks_of(c, id, &least, &most);
        CHECK(info.pending >= least && info.pending <= most);
        p = retained_peer(c->transport, id);
        CHECK(p && p->status == info.status);
        CHECK(!(info.reasons & PEERAGE_REASON_NOT_CONNECTED) == (p->status == PEERAGE_CONNECTION_AVAILABLE));
        if (c->certain && c->state == RUNNING && c->members >> id & 1) {
            check_about(c->about[id], info.weight, info.tier, info.shard, info.zone);
            CHECK((info.reasons & ~PEERAGE_REASON_NOT_CONNECTED) == c->reasons[id]);
        }
        entries[id] = info;
    }
    if (!c->certain && !c->sets_aside && peerage_chooser_is_running(c->handle)) {
        c->certain = 1;
        c->state = RUNNING;
        c->members = seen;
        for (i = 0; i < IDS; i++) {
            c->about[i] = ABOUT_UNKNOWN;
            c->reasons[i] =
                (unsigned char)(seen >> i & 1 ? entries[i].reasons & ~PEERAGE_REASON_NOT_CONNECTED
                                              : 0);
        }
    }
    if (c->certain) {
        CHECK(seen == (c->state == RUNNING ? c->members : 0));
        CHECK(peerage_snapshot_state(snapshot) == state_number(c));
    }
}

void look_at_chooser(void)
{
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes), i = b >> 2 & 1;
    peerage_snapshot *snapshot = NULL;
    int32_t got, running = peerage_chooser_is_running(c ? c->handle : NULL);
    CHECK(running == 0 || (running == 1 && c));
    if (w.depth == 0 && c && c->certain && !c->busy)
        CHECK(running == (c->state == RUNNING));
    switch (b & 3) {
    case 0:
        look_at_stats(c);
        return;
    case 1:
        look_at_description(c);
        return;
    default:
        if (c && b >= 250) {
            ONE_OF(peerage_chooser_snapshot(c->handle, NULL), PEERAGE_ERR_NULL_POINTER);
            return;
        }
        got = peerage_chooser_snapshot(c ? c->handle : NULL, &snapshot);
        ONE_OF(got, c ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
        CHECK((snapshot != NULL) == (c != NULL));
        if (!snapshot)
            return;
        check_snapshot(c, snapshot);
        if (w.snapshots[i] || w.closing) {
            peerage_snapshot_free(snapshot);
            return;
        }
        w.snapshots[i] = snapshot;
    }
}

void look_at_snapshot(void)
{
    unsigned b = take(&w.bytes), i = b & 1;
    peerage_snapshot *snapshot = w.snapshots[i];
    peerage_snapshot_peer info, before;
    size_t index = b >> 1 & 15, size = b & 64 ? sizeof info : take(&w.bytes) % (sizeof info + 1);
    int32_t got;
    memset(&info, 0x5a, sizeof info);
    before = info;
    got = peerage_snapshot_get(snapshot, index, b >= 250 ? NULL : &info, size);
    if (got == PEERAGE_OK) {
        CHECK(snapshot && b < 250 && size && index < peerage_snapshot_len(snapshot));
        CHECK(memcmp((char *)&info + size, (char *)&before + size, sizeof info - size) == 0);
        if (size == sizeof info) {
            check_entry(&info);
            id_of(info.id);
        }
    } else {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(!snapshot || b >= 250 || !size || index >= peerage_snapshot_len(snapshot));
        CHECK(memcmp(&info, &before, sizeof info) == 0);
    }
    CHECK(snapshot || peerage_snapshot_len(snapshot) == 0);
    CHECK(snapshot || peerage_snapshot_state(snapshot) == PEERAGE_STATE_IDLE);
    if (b & 32) {
        w.snapshots[i] = NULL;
        peerage_snapshot_free(snapshot);
    }
}

void look_at_settings(void)
{
    chooser *c = any_chooser();
    peerage_settings settings, before;
    size_t size = take(&w.bytes) % (sizeof settings + 1);
    int32_t got;
    if (size == 0 && c)
        size = sizeof settings;
    memset(&settings, 0x5a, sizeof settings);
    before = settings;
    got = peerage_chooser_settings(c ? c->handle : NULL, &settings, size);
    ONE_OF(got, c ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
    if (!c)
        size = 0;
    CHECK(memcmp((char *)&settings + size, (char *)&before + size, sizeof settings - size) == 0);
    if (size < sizeof settings)
        return;
    check_text(settings.name);
    CHECK(settings.name.len > 0 && settings.reserved == 0);
    CHECK(!(settings.flags & PEERAGE_FAILS_FAST) == !c->fail_fast);
    CHECK(settings.default_timeout_ns >= PEERAGE_TIMEOUT_FOREVER);
    CHECK(!(settings.flags & PEERAGE_CALLS_NOTHING) || !(c->policy || c->transport->hears || c->direct));
}
