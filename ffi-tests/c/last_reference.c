/*
 * The last references given up from inside every callback, in every call of a day: of the chooser,
 * of its transport, of the peers, before and after a stop. Whatever is on the stack goes on to its
 * end in memory that is still there.
 */
#include "day.h"

static void chooser(world *self) { give_up_chooser(self); }

static void chooser_and_transport(world *self)
{
    give_up_chooser(self);
    give_up_transport(self);
}

static void transport_first(world *self)
{
    give_up_transport(self);
    give_up_chooser(self);
}

static void peers(world *self) { give_up_peers(self); }

static void all_after_a_stop(world *self)
{
    if (self->chooser)
        IS(peerage_chooser_stop(self->chooser, NULL), PEERAGE_OK);
    give_up_peers(self);
    chooser_and_transport(self);
}

static void all_and_the_pick(world *self)
{
    chooser_and_transport(self);
    may(peerage_pick_finish(&self->pick, PEERAGE_OUTCOME_SUCCESS));
    give_up_peers(self);
}

static void cancel(world *self)
{
    const peerage_cancel *cancel = self->cancel;
    self->cancel = NULL;
    if (cancel)
        IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    peerage_cancel_unref(cancel);
}

static const struct {
    const char *name;
    void (*action)(world *);
} actions[] = {
    { "the end of the chooser", chooser },
    { "the end of chooser and transport", chooser_and_transport },
    { "the end of transport and chooser", transport_first },
    { "the end of the peers", peers },
    { "a stop and the end of all", all_after_a_stop },
    { "the end of all, with a finish", all_and_the_pick },
    { "the end of the cancel token", cancel },
};
enum { ACTIONS = sizeof actions / sizeof *actions };

int main(void)
{
    static const char *const policies[] = { "fewest-pending-requests", "direct", NULL };
    int policy, action, site, n;
    for (policy = 0; policy < 3; policy++)
        for (action = 0; action < ACTIONS; action++)
            for (site = 0; site < SITE_COUNT; site++)
                for (n = 0; live(policies[policy], site, n, actions[action].action,
                                 actions[action].name);
                     n++)
                    CHECK(n < 200);
    return 0;
}
