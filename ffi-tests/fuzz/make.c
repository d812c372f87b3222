/* Making transports, policies and tokens, often wrongly, and giving references back. */
#include "sized.h"

static void keep_ref(owned *o, const void *(*ref)(const void *))
{
    if (o->refs < 3) {
        CHECK(ref(o->handle) == o->handle);
        o->refs++;
    }
}

static const void *transport_ref(const void *h) { return peerage_transport_ref(h); }
static const void *policy_ref(const void *h) { return peerage_policy_ref(h); }
static const void *cancel_ref(const void *h) { return peerage_cancel_ref(h); }

void make_transport(void)
{
    union {
        peerage_transport_ops ops;
        unsigned char room[sizeof(peerage_transport_ops) + 16];
    } at;
    unsigned b = take(&w.bytes);
    owned *o = &w.transports[b & 1];
    const peerage_transport *out = UNTOUCHED;
    peerage_error *err, **errp;
    context *c;
    sized s;
    int32_t got;
    int wrong, no_ops = b >= 252, no_out = b == 251, no_drop = (b & 112) == 112;
    if (o->refs || w.closing) {
        if (o->refs)
            keep_ref(o, transport_ref);
        return;
    }
    memset(&at, 0, sizeof at);
    transport_callbacks(&at.ops, b >> 1);
    if (b == 250)
        at.ops.retain = NULL;
    if (no_drop)
        at.ops.drop = NULL;
    s = any_size(sizeof at.ops, at.room, sizeof at.room);
    wrong = s.wrong || no_ops || no_out || b == 250 || !READ(s, peerage_transport_ops, release);
    c = new_context(TRANSPORT, !no_ops && !no_drop && READ(s, peerage_transport_ops, drop));
    c->hooks = at.ops.started && READ(s, peerage_transport_ops, finished);
    c->hears = (at.ops.started && READ(s, peerage_transport_ops, started)) ||
               (at.ops.finished && READ(s, peerage_transport_ops, finished));
    errp = maybe_err(&err);
    got = peerage_transport_new(no_ops ? NULL : &at.ops, c, no_out ? NULL : &out, errp);
    if (wrong) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(out == UNTOUCHED && c->dropped == c->drops);
        c->refused = 1;
    } else {
        ONE_OF(got, PEERAGE_OK);
        CHECK(!c->dropped);
        if (o->refs) { /* made meanwhile */
            peerage_transport_unref(out);
        } else {
            o->handle = out;
            o->refs = 1;
            o->context = c;
        }
    }
    check_err(&err, got);
}

void make_policy(void)
{
    union {
        peerage_policy_ops ops;
        unsigned char room[sizeof(peerage_policy_ops) + 16];
    } at;
    unsigned b = take(&w.bytes);
    owned *o = &w.policies[b & 1];
    const peerage_policy *out = UNTOUCHED;
    peerage_error *err, **errp;
    context *c;
    sized s;
    int32_t got;
    int wrong, no_ops = b >= 252, no_out = b == 251;
    if (o->refs || w.closing) {
        if (o->refs)
            keep_ref(o, policy_ref);
        return;
    }
    memset(&at, 0, sizeof at);
    policy_callbacks(&at.ops, b & 2);
    at.ops.watches = b >> 2 & 3;
    if (!(b & 2)) /* there is no callback to hear them */
        at.ops.watches &= ~PEERAGE_WATCH_LATENCY;
    s = any_size(sizeof at.ops, at.room, sizeof at.room);
    if (!READ(s, peerage_policy_ops, finished))
        policy_callbacks(&at.ops, 0);
    if (!READ(s, peerage_policy_ops, watches))
        at.ops.watches = 0;
    if (b == 250)
        at.ops.choose = NULL;
    if (b == 249)
        at.ops.watches |= 4;
    wrong = s.wrong || (b == 249 && READ(s, peerage_policy_ops, watches)) || no_ops || no_out || b == 250 || !READ(s, peerage_policy_ops, choose);
    c = new_context(POLICY, !no_ops && READ(s, peerage_policy_ops, drop));
    c->watches = at.ops.watches;
    errp = maybe_err(&err);
    got = peerage_policy_new(no_ops ? NULL : &at.ops, c, no_out ? NULL : &out, errp);
    if (wrong) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(out == UNTOUCHED && c->dropped == c->drops);
        c->refused = 1;
    } else {
        ONE_OF(got, PEERAGE_OK);
        CHECK(!c->dropped);
        if (o->refs) {
            peerage_policy_unref(out);
        } else {
            o->handle = out;
            o->refs = 1;
            o->context = c;
        }
    }
    check_err(&err, got);
}

void make_cancel(void)
{
    owned *o = &w.cancels[below(&w.bytes, 2)];
    if (o->refs) {
        keep_ref(o, cancel_ref);
    } else if (!w.closing) {
        o->handle = peerage_cancel_new();
        o->refs = 1;
        CHECK(o->handle && !peerage_cancel_is_triggered(o->handle));
    }
}

void give_back(void)
{
    unsigned b = take(&w.bytes), slot = (b >> 3) % SLOTS;
    owned *o;
    switch (b & 3) {
    case 0:
        if (w.slots[slot])
            unref_chooser(slot);
        else
            peerage_chooser_unref(NULL);
        return;
    case 1:
        o = &w.transports[slot & 1];
        w.now++;
        peerage_transport_unref(o->refs && o->refs-- ? o->handle : NULL);
        return;
    case 2:
        o = &w.policies[slot & 1];
        w.now++;
        peerage_policy_unref(o->refs && o->refs-- ? o->handle : NULL);
        return;
    default:
        o = &w.cancels[slot & 1];
        peerage_cancel_unref(o->refs && o->refs-- ? o->handle : NULL);
    }
}
