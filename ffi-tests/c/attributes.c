/*
 * What is known of a peer beside its name: a policy and a snapshot are told, an update changes it
 * and keeps the peer. And why a peer cannot be chosen.
 */
#include "fake.h"

/* A policy that chooses the heaviest available peer, and remembers what it was told. */
enum { ROOM = 8 };
typedef struct heaviest {
    peerage_peer_info peers[ROOM]; /* by peerage_key_index; size 0: not available */
    char zone[ROOM][16], shard[ROOM][16], id[ROOM][16];
    int available, unavailable;
} heaviest;

static void on_available(void *ctx, const peerage_peer_info *peer)
{
    heaviest *self = ctx;
    size_t n = peerage_key_index(peer->key);
    CHECK(n < ROOM && self->peers[n].size == 0 && peer->size == sizeof *peer);
    CHECK(peer->reserved == 0 && peer->weight >= 1);
    self->peers[n] = *peer;
    strcpy(self->zone[n], peer->zone.ptr);
    strcpy(self->shard[n], peer->shard.ptr);
    strcpy(self->id[n], peer->id.ptr);
    self->available++;
}

static void on_unavailable(void *ctx, uint64_t key)
{
    heaviest *self = ctx;
    size_t n = peerage_key_index(key);
    CHECK(n < ROOM && self->peers[n].size != 0 && self->peers[n].key == key);
    self->peers[n].size = 0;
    self->unavailable++;
}

static int32_t on_choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    heaviest *self = ctx;
    const peerage_peer_info *best = NULL;
    int n;
    (void)request;
    for (n = 0; n < ROOM; n++)
        if (self->peers[n].size && (!best || self->peers[n].weight > best->weight))
            best = &self->peers[n];
    if (!best)
        return PEERAGE_CHOICE_UNAVAILABLE;
    *out = best->key;
    return PEERAGE_CHOICE_MADE;
}

static const peerage_chooser *running(fake *transport, heaviest *self)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    memset(self, 0, sizeof *self);
    ops.available = on_available;
    ops.unavailable = on_unavailable;
    ops.choose = on_choose;
    IS(peerage_policy_new(&ops, self, &opts.custom_policy, NULL), PEERAGE_OK);
    chooser = chooser_with(transport, opts);
    peerage_policy_unref(opts.custom_policy);
    return chooser;
}

static peerage_member member(const char *id, uint32_t weight, uint32_t tier, const char *zone,
                             const char *shard)
{
    peerage_member made = peerage_member_of(id);
    made.weight = weight;
    made.tier = tier;
    made.zone = text(zone);
    made.shard = text(shard);
    return made;
}

/* The entry of a peer in a snapshot taken now; its texts go with the next call. */
static peerage_snapshot_peer entry(const peerage_chooser *chooser, const char *id)
{
    static peerage_snapshot *snapshot;
    peerage_snapshot_peer found;
    size_t n;
    peerage_snapshot_free(snapshot);
    snapshot = NULL;
    memset(&found, 0, sizeof found);
    if (!chooser)
        return found;
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    for (n = 0; n < peerage_snapshot_len(snapshot); n++) {
        IS(peerage_snapshot_get(snapshot, n, &found, sizeof found), PEERAGE_OK);
        CHECK(found.ejected_for_ns == 0);
        if (same(found.id, id))
            return found;
    }
    CHECK(!"the peer is in the snapshot");
    return found;
}

static void policies_and_snapshots_are_told(void)
{
    fake transport = FAKE_PUSHES;
    heaviest self;
    const peerage_chooser *chooser = running(&transport, &self);
    peerage_member members[3];
    peerage_snapshot_peer seen;
    members[0] = member("a:1", 3, 1, "eu-1a", "");
    members[1] = member("b:1", 65535, 255, "", "s-7");
    members[2] = member("c:1", 0, 0, "", "");
    IS(peerage_chooser_update(chooser, members, 3, NULL, 0, NULL), PEERAGE_OK);
    CHECK(self.available == 3);
    CHECK(strcmp(chosen(chooser, NULL), "b:1") == 0);
    seen = entry(chooser, "a:1");
    CHECK(seen.weight == 3 && seen.tier == 1 && same(seen.zone, "eu-1a") && same(seen.shard, ""));
    CHECK(seen.zone.ptr[seen.zone.len] == 0 && *seen.shard.ptr == 0);
    seen = entry(chooser, "b:1");
    CHECK(seen.weight == 65535 && seen.tier == 255 && same(seen.shard, "s-7"));
    /* 0 is the default. */
    seen = entry(chooser, "c:1");
    CHECK(seen.weight == 1 && seen.tier == 0 && seen.zone.len == 0 && seen.shard.len == 0);
    {
        int n, found = 0;
        for (n = 0; n < ROOM; n++) {
            if (strcmp(self.id[n], "a:1") == 0)
                found += self.peers[n].weight == 3 && self.peers[n].tier == 1 &&
                         strcmp(self.zone[n], "eu-1a") == 0 && self.shard[n][0] == 0;
            if (strcmp(self.id[n], "b:1") == 0)
                found += self.peers[n].weight == 65535 && self.peers[n].tier == 255 &&
                         strcmp(self.shard[n], "s-7") == 0 && self.zone[n][0] == 0;
            if (strcmp(self.id[n], "c:1") == 0)
                found += self.peers[n].weight == 1 && self.peers[n].tier == 0;
        }
        CHECK(found == 3);
    }
    end(chooser, &transport);
}

/* Removed and added in one update: the same peer, with its requests, and other attributes. */
static void an_update_changes_them(void)
{
    fake transport = FAKE_PUSHES;
    heaviest self;
    const peerage_chooser *chooser = running(&transport, &self);
    peerage_member light = member("a:1", 1, 0, "", ""), heavy = member("a:1", 9, 2, "us-2b", "");
    peerage_member other = member("b:1", 5, 0, "", "");
    peerage_str id = text("a:1");
    const peerage_peer *peer;
    peerage_pick pick;
    peerage_snapshot_peer seen;
    IS(peerage_chooser_update(chooser, &light, 1, NULL, 0, NULL), PEERAGE_OK);
    peer = transport.last;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_chooser_update(chooser, &other, 1, NULL, 0, NULL), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "b:1") == 0);
    IS(peerage_chooser_update(chooser, &heavy, 1, &id, 1, NULL), PEERAGE_OK);
    CHECK(transport.retained == 2 && transport.released == 0);
    CHECK(peerage_pick_peer(&pick) == peer);
    /* The policy was told before its next choice, of the requests in flight too. */
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    CHECK(self.available == 3 && self.unavailable == 1);
    seen = entry(chooser, "a:1");
    CHECK(seen.weight == 9 && seen.tier == 2 && same(seen.zone, "us-2b") && seen.pending == 1);
    CHECK(self.peers[0].size == 0 || self.peers[0].pending == 1 || self.peers[1].pending == 1);
    /* In two updates it is connected anew. */
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    discard(chooser, "a:1");
    CHECK(transport.released == 1);
    IS(peerage_chooser_update(chooser, &light, 1, NULL, 0, NULL), PEERAGE_OK);
    CHECK(transport.retained == 3 && entry(chooser, "a:1").weight == 1);
    end(chooser, &transport);
}

/* A chooser that does not run yet keeps what it was told last. */
static void before_the_start(void)
{
    fake transport = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_member first = member("a:1", 2, 0, "x", ""), then = member("a:1", 4, 1, "y", "");
    peerage_str id = text("a:1");
    const peerage_chooser *chooser;
    peerage_stats stats;
    opts.policy = text("round-robin");
    chooser = idle_with(&transport, opts);
    IS(peerage_chooser_update(chooser, &first, 1, NULL, 0, NULL), PEERAGE_OK);
    IS(peerage_chooser_update(chooser, &then, 1, &id, 1, NULL), PEERAGE_OK);
    IS(peerage_chooser_set_reason(chooser, id, PEERAGE_REASON_DRAINING, 1, NULL),
       PEERAGE_ERR_NOT_IN_LIST);
    stats = stats_of(chooser);
    CHECK(stats.state == PEERAGE_STATE_IDLE && stats.uninitialized == 1 && stats.peers == 0);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.state == PEERAGE_STATE_RUNNING && stats.uninitialized == 0 && stats.peers == 1);
    CHECK(entry(chooser, "a:1").weight == 4 && same(entry(chooser, "a:1").zone, "y"));
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    stats = stats_of(chooser);
    CHECK(stats.state == PEERAGE_STATE_STOPPED && stats.uninitialized == 1 && stats.peers == 0);
    end(chooser, &transport);
}

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
    policies_and_snapshots_are_told();
    an_update_changes_them();
    before_the_start();
    for (i = 0; i < sizeof policies / sizeof *policies; i++)
        reasons(policies[i]);
    waiting_for_a_reason_to_go();
    entry(NULL, "");
    return 0;
}
