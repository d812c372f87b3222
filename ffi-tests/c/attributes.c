/*
 * What is known of a peer beside its name: a policy and a snapshot are told, an update changes it
 * and keeps the peer.
 */
#include "entry.h"

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

int main(void)
{
    watchdog(60);
    policies_and_snapshots_are_told();
    an_update_changes_them();
    before_the_start();
    entry(NULL, "");
    return 0;
}
