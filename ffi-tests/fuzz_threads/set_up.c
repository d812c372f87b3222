/* What there is before the threads begin: a transport, and choosers of any policy and setting. */
#include "shared.h"

void set_up_transport(void)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    hear_transport(&ops, s.plan.hooks);
    CHECK(peerage_transport_new(&ops, new_shared_context(TRANSPORT, 1), &s.transport, NULL) ==
          PEERAGE_OK);
}

static const peerage_policy *set_up_policy(unsigned b)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    const peerage_policy *policy;
    hear_policy(&ops, b);
    s.policy = new_shared_context(POLICY, 1);
    CHECK(peerage_policy_new(&ops, s.policy, &policy, NULL) == PEERAGE_OK);
    return policy;
}

const peerage_chooser *set_up_chooser(unsigned i, bytes *b)
{
    static const char *const policies[] = {
        "round-robin", "random", "two-random-choices", "fewest-pending-requests",
        "hashring32:replicas=3", "single", "direct", "direct:keep=1",
        "least-loaded", "least-latency", "least-reported:memory=2", "weighted-round-robin",
        "two-random-choices:errors=on", "maglev:bound=1.5", "round-robin:bound=1",
        "random:bound=1.25",
    };
    static const char *const more[] = {
        "max-pending=1", "max-pending=2,queue=lifo,max-waiting=1", "eject=1", "eject=1,panic=any",
        "panic=fail,panic-threshold=60", "subset=2,client=1/3", "spill=70,eject=2",
        "max-pending=1,max-waiting=2,queue=fifo,eject=1",
    };
    static const char *const options[] = {"", "fail-fast", "capacity=1", "shuffle=off,capacity=2"};
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts log = PEERAGE_LOG_OPTS_INIT;
    unsigned which = take(b), how = take(b);
    const peerage_chooser *chooser;
    const peerage_policy *policy = NULL;
    log.level = PEERAGE_LOG_DEBUG;
    log.emit = hear_line;
    log.drop = hear_last;
    if (i == 0 && which & 128)
        opts.custom_policy = policy = set_up_policy(which);
    else
        opts.policy = peerage_text(policies[which % 16]);
    s.direct[i] = !policy && (which % 16 == 6 || which % 16 == 7);
    opts.transport = s.transport;
    opts.options = peerage_text(options[how & (s.direct[i] ? 1 : 3)]);
    if (how & 128 && !s.direct[i])
        opts.options = peerage_text(more[how >> 4 & 7]);
    if (how & 4) {
        log.ctx = new_shared_context(LOG, 1);
        opts.log = &log;
    }
    CHECK(peerage_chooser_new(&opts, &chooser, NULL) == PEERAGE_OK);
    peerage_policy_unref(policy);
    if (how & 8)
        CHECK(peerage_chooser_start(chooser, NULL) <= PEERAGE_OK);
    return chooser;
}
