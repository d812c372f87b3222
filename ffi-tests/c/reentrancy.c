/*
 * Every function from inside every callback: each action below, in each call of each callback of a
 * day. Under a built-in policy, under `direct`, which retains peers while it chooses, and under a
 * policy in C. No deadlock, no crash, nothing leaked.
 */
#include "day.h"

/* The chooser, or another one if it is gone. */
static const peerage_chooser *one(world *self)
{
    return self->chooser ? self->chooser : other(self);
}

static void updates(world *self)
{
    peerage_str add = text("extra:1"), remove[2];
    remove[0] = text("a:1");
    remove[1] = text("z:1");
    may(update(one(self), &add, 1, remove, 2, NULL));
    may(update(one(self), NULL, 0, &add, 1, NULL));
}

/* To other attributes, to another set and back. */
static void replaces(world *self)
{
    peerage_member members[2];
    peerage_str id = text("a:1");
    members[0] = peerage_member_of("a:1");
    members[1] = peerage_member_of("extra:1");
    members[0].weight = 7;
    may(peerage_chooser_update(one(self), members, 1, &id, 1, NULL));
    may(peerage_chooser_replace(one(self), members, 2, NULL));
    may(peerage_chooser_replace(one(self), members, 1, NULL));
}

static void drains(world *self)
{
    may(peerage_chooser_set_reason(one(self), text("a:1"), PEERAGE_REASON_DRAINING, 1, NULL));
    may(peerage_chooser_set_reason(one(self), text("a:1"), PEERAGE_REASON_DRAINING, 0, NULL));
}

static void asks_again(world *self)
{
    if (self->ask_again)
        IS(peerage_ask_again_trigger(self->ask_again), PEERAGE_OK);
}

static void tries_to_choose(world *self)
{
    peerage_pick pick = PEERAGE_PICK_INIT;
    may(peerage_chooser_try_choose(one(self), request(), &pick));
    may(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS));
}

static void chooses(world *self)
{
    peerage_pick pick = PEERAGE_PICK_INIT;
    may(peerage_chooser_choose(one(self), request(), 0, NULL, &pick));
    may(peerage_pick_finish(&pick, PEERAGE_OUTCOME_FAILURE));
    may(peerage_chooser_choose(one(self), request(), 1000, NULL, &pick));
    may(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_CANCELLED, 1000));
}

static void looks(world *self)
{
    peerage_stats stats;
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    char line[64];
    size_t i, needed;
    stats = stats_of(one(self));
    CHECK(stats.available <= stats.peers);
    IS(peerage_chooser_snapshot(one(self), &snapshot), PEERAGE_OK);
    for (i = 0; i < peerage_snapshot_len(snapshot); i++)
        IS(peerage_snapshot_get(snapshot, i, &info, sizeof info), PEERAGE_OK);
    peerage_snapshot_free(snapshot);
    IS(peerage_chooser_describe(one(self), line, sizeof line, &needed), PEERAGE_OK);
    CHECK(needed > 0 && strlen(line) < sizeof line);
    (void)peerage_chooser_is_running(one(self));
}

static void starts(world *self) { may(peerage_chooser_start(one(self), NULL)); }

static void stops(world *self) { IS(peerage_chooser_stop(one(self), NULL), PEERAGE_OK); }

static void asks_for_notices(world *self)
{
    uint64_t id = notify(self, one(self));
    if (id)
        may(peerage_chooser_notify_cancel(one(self), id));
    notify(self, other(self));
}

static void cancels(world *self)
{
    peerage_pick pick = PEERAGE_PICK_INIT;
    IS(peerage_cancel_trigger(self->cancel), PEERAGE_OK);
    IS(peerage_chooser_choose(one(self), request(), PEERAGE_TIMEOUT_FOREVER, self->cancel, &pick),
       PEERAGE_ERR_CANCELLED);
}

static void pushes(world *self)
{
    push_all(self, PEERAGE_CONNECTION_UNAVAILABLE);
    push_all(self, PEERAGE_CONNECTION_CONNECTING);
    push_all(self, PEERAGE_CONNECTION_AVAILABLE);
}

static void attaches(world *self)
{
    int i;
    attach_all(self);
    for (i = 0; i < self->peers_len; i++)
        CHECK(!self->peers[i] || peerage_peer_data(self->peers[i]) == self);
}

static void finishes(world *self) { may(peerage_pick_finish(&self->pick, PEERAGE_OUTCOME_NOT_SENT)); }

/* A second chooser on the same transport. */
static void shares(world *self)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_str ids[2];
    if (!self->transport)
        return;
    ids[0] = text("a:1");
    ids[1] = text("other:1");
    opts.policy = text("random");
    opts.transport = self->transport;
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    may(update(chooser, ids, 2, NULL, 0, NULL));
    may(peerage_chooser_start(chooser, NULL));
    peerage_chooser_unref(chooser);
}

static void does_it_all(world *self);

static const struct {
    const char *name;
    void (*action)(world *);
} actions[] = {
    { "an update", updates },
    { "another set", replaces },
    { "a drain", drains },
    { "asking again", asks_again },
    { "a try", tries_to_choose },
    { "a choice", chooses },
    { "introspection", looks },
    { "a start", starts },
    { "a stop", stops },
    { "notices", asks_for_notices },
    { "a cancel", cancels },
    { "pushes", pushes },
    { "data", attaches },
    { "a finish", finishes },
    { "a second chooser", shares },
    { "everything", does_it_all },
};
enum { ACTIONS = sizeof actions / sizeof *actions };

static void does_it_all(world *self)
{
    int i;
    for (i = 0; i < ACTIONS - 1; i++)
        actions[i].action(self);
}

static void everywhere(const char *policy, int action)
{
    int site, n;
    for (site = 0; site < SITE_COUNT; site++) {
        if (policy && site >= POLICY_ATTACHED)
            continue;
        for (n = 0; live(policy, site, n, actions[action].action, actions[action].name); n++)
            CHECK(n < 200);
        /* The site exists. */
        CHECK(n > 0);
    }
}

int main(void)
{
    int action;
    for (action = 0; action < ACTIONS; action++) {
        everywhere("round-robin", action);
        everywhere("direct", action);
        everywhere(NULL, action);
    }
    return 0;
}
