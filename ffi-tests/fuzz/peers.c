/* Reports of peers, their data, and tokens: what other threads would do. */
#include "world.h"

static peer *any_peer(void)
{
    unsigned n = 0, b = take(&w.bytes);
    peer *p;
    for (p = w.peers; p; p = p->next)
        n += usable(p) != 0;
    if (n == 0 || b == 255)
        return NULL;
    b %= n;
    for (p = w.peers; p; p = p->next)
        if (usable(p) && b-- == 0)
            return p;
    return NULL;
}

static void set_data(peer *p, unsigned b)
{
    context *c = b & 8 ? NULL : new_context(DATA, b & 16 ? 0 : 1);
    int32_t got;
    w.now++;
    if (p)
        p->data = c;
    got = peerage_peer_set_data(p ? p->handle : NULL, c, c && c->drops ? last_call : NULL);
    ONE_OF(got, p ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
}

void use_peer(void)
{
    peer *p = any_peer();
    unsigned b = take(&w.bytes);
    const peerage_peer *handle = p ? p->handle : NULL;
    CHECK(peerage_peer_data(handle) == (p ? p->data : NULL));
    CHECK(peerage_peer_status(handle) == (p ? p->status : PEERAGE_ERR_NULL_POINTER));
    check_text(peerage_peer_id(handle));
    CHECK(!p || same_text(peerage_peer_id(handle), id_text(p->id)));
    switch (b & 7) {
    case 0: case 1: case 2: case 3:
        if (p)
            push(p, b >= 240 ? (int32_t)b - 250 : (int32_t)(b >> 3) % 3);
        else
            ONE_OF(peerage_peer_set_status(NULL, (int32_t)b), PEERAGE_ERR_NULL_POINTER);
        return;
    case 4:
        CHECK(peerage_peer_ref(handle) == handle);
        if (p)
            p->refs++;
        return;
    case 5: case 6:
        if (p && p->refs == 0)
            return;
        if (p)
            p->refs--;
        w.now++;
        peerage_peer_unref(handle);
        return;
    default:
        set_data(p, b);
    }
}

void report_load(void)
{
    const peer *p = any_peer();
    unsigned b = take(&w.bytes);
    unsigned long entered = w.entered;
    ONE_OF(peerage_peer_report(p ? p->handle : NULL, b < 250 ? b : UINT32_MAX - b),
           p ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
    CHECK(w.entered == entered);
}

/* Who waits for the policy's word hears it. */
static void ask_again(const owned *o)
{
    const context *p = o->refs ? o->context : NULL;
    const chooser *c;
    unsigned long now = ++w.now;
    ONE_OF(peerage_ask_again_trigger(p ? p->ask_again : NULL),
           p && p->ask_again ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
    if (w.depth || !quiet(now))
        return;
    for (c = w.choosers; c; c = c->next)
        CHECK(!p || !p->ask_again || c->policy != p || !c->refs || c->busy || waiting(c) == 0);
}

void use_cancel(void)
{
    unsigned b = take(&w.bytes);
    owned *o = &w.cancels[b & 1];
    const peerage_cancel *cancel = o->refs && b < 250 ? o->handle : NULL;
    int32_t set = peerage_cancel_is_triggered(cancel);
    CHECK(set == 0 || (set == 1 && cancel));
    if (b & 2) {
        ONE_OF(peerage_cancel_trigger(cancel), cancel ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
        CHECK(peerage_cancel_is_triggered(cancel) == (cancel != NULL));
    }
    if (b & 4)
        ask_again(&w.policies[b >> 3 & 1]);
}

void reset_cancel(void)
{
    unsigned b = take(&w.bytes);
    owned *o = &w.cancels[b & 1];
    const peerage_cancel *cancel = o->refs && b < 250 ? o->handle : NULL;
    unsigned long entered = w.entered;
    /* Between waits, and not during one, which may not end then. */
    if (cancel && w.waits_with)
        return;
    ONE_OF(peerage_cancel_reset(cancel), cancel ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER);
    CHECK(!peerage_cancel_is_triggered(cancel) && w.entered == entered);
}
