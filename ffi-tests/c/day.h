/*
 * The day of world.h's chooser: made, filled, started, used, emptied, stopped, given up. Each step
 * is taken only if the chooser is still there.
 */
#ifndef DAY_H
#define DAY_H

#include "world.h"

static inline void morning(world *self, const char *policy)
{
    peerage_transport_ops transport = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts log = PEERAGE_LOG_OPTS_INIT;
    const peerage_policy *custom = NULL;
    self->cancel = peerage_cancel_new();
    transport.retain = world_retain;
    transport.release = world_release;
    transport.started = world_started;
    transport.finished = world_finished;
    transport.drop = world_drop;
    IS(peerage_transport_new(&transport, self, &self->transport, NULL), PEERAGE_OK);
    ops.attached = world_attached;
    ops.available = world_available;
    ops.unavailable = world_unavailable;
    ops.choose = world_choose;
    ops.finished = world_policy_finished;
    ops.drop = world_policy_drop;
    ops.watches = PEERAGE_WATCH_LATENCY | PEERAGE_WATCH_PLACES;
    if (policy)
        opts.policy = text(policy);
    else
        IS(peerage_policy_new(&ops, self, &custom, NULL), PEERAGE_OK);
    log.size = sizeof log;
    log.level = PEERAGE_LOG_DEBUG;
    log.emit = world_emit;
    log.drop = world_log_drop;
    log.ctx = self;
    opts.log = &log;
    opts.custom_policy = custom;
    opts.transport = self->transport;
    opts.shuffle = PEERAGE_SWITCH_OFF;
    IS(peerage_chooser_new(&opts, &self->chooser, NULL), PEERAGE_OK);
    peerage_policy_unref(custom);
}

/* A call that names the chooser, as `c`. */
#define STEP(call)                              \
    do {                                        \
        const peerage_chooser *c = self->chooser; \
        if (c)                                  \
            may(call);                          \
    } while (0)

static inline void change(world *self, const char *added, const char *removed)
{
    peerage_str add = text(added), remove = text(removed);
    STEP(update(c, &add, add.len > 0, &remove, remove.len > 0, NULL));
}

static inline void noon(world *self)
{
    peerage_pick pick = PEERAGE_PICK_INIT;
    change(self, "a:1", "");
    STEP(peerage_chooser_start(c, NULL));
    change(self, "b:1", "");
    change(self, "c:1", "");
    STEP(peerage_chooser_choose(c, request(), 0, NULL, &self->pick));
    STEP(peerage_chooser_choose(c, request(), PEERAGE_TIMEOUT_DEFAULT, self->cancel, &pick));
    may(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS));
    attach_all(self);
    if (self->chooser)
        notify(self, self->chooser);
}

static inline void evening(world *self)
{
    peerage_pick pick = PEERAGE_PICK_INIT;
    uint64_t id = 0;
    push_all(self, PEERAGE_CONNECTION_UNAVAILABLE);
    if (self->chooser)
        notify(self, self->chooser);
    if (self->chooser)
        id = notify(self, self->chooser);
    if (id)
        STEP(peerage_chooser_notify_cancel(c, id));
    STEP(peerage_chooser_choose(c, request(), 1000, NULL, &pick));
    may(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS));
    push_all(self, PEERAGE_CONNECTION_AVAILABLE);
    /* One of the three is that of the request in flight. */
    change(self, "d:1", "a:1");
    change(self, "", "b:1");
    change(self, "a:1", "c:1");
    STEP(peerage_chooser_try_choose(c, request(), &pick));
    may(peerage_pick_finish(&pick, PEERAGE_OUTCOME_OVERLOADED));
    may(peerage_pick_finish(&self->pick, PEERAGE_OUTCOME_FAILURE));
    push_all(self, PEERAGE_CONNECTION_CONNECTING);
    if (self->chooser)
        notify(self, self->chooser);
    STEP(peerage_chooser_stop(c, NULL));
}

static inline void give_up_peers(world *self)
{
    int i;
    for (i = 0; i < self->peers_len; i++) {
        const peerage_peer *peer = self->peers[i];
        self->peers[i] = NULL;
        peerage_peer_unref(peer);
    }
}

static inline void give_up_chooser(world *self)
{
    const peerage_chooser *chooser = self->chooser;
    self->chooser = NULL;
    peerage_chooser_unref(chooser);
}

static inline void give_up_transport(world *self)
{
    const peerage_transport *transport = self->transport;
    self->transport = NULL;
    peerage_transport_unref(transport);
}

/* A whole day. Answers whether the site was reached `countdown` + 1 times. */
static inline int live(const char *policy, enum site site, int countdown,
                       void (*action)(world *), const char *name)
{
    world self;
    now_policy = policy ? policy : "a policy in C";
    now_action = name;
    now_site = site;
    now_countdown = countdown;
    watchdog(20);
    signal(SIGABRT, tell_what_ran);
    memset(&self, 0, sizeof self);
    self.site = site;
    self.countdown = countdown;
    self.action = action;
    morning(&self, policy);
    noon(&self);
    evening(&self);
    give_up_chooser(&self);
    give_up_transport(&self);
    give_up_peers(&self);
    /* An action that chose has kept nothing, but a day cut short has. */
    may(peerage_pick_finish(&self.pick, PEERAGE_OUTCOME_ABANDONED));
    peerage_cancel_unref(self.cancel);
    /* It outlives what it was for. */
    IS(peerage_ask_again_trigger(self.ask_again),
       self.ask_again ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
    peerage_ask_again_unref(self.ask_again);
    if (self.bystander)
        end(self.bystander, &self.others);

    CHECK(self.released == self.retained && (self.done || self.retained > 0));
    CHECK(self.transport_dropped == 1 && self.log_dropped == 1);
    CHECK(self.policy_dropped == (policy == NULL));
    CHECK(self.data_dropped == self.attached);
    CHECK(self.notices_dropped == self.notices);
    return self.done;
}

#endif
