/* From bytes to calls, and the end of every input: all is given back, in an order that the input
 * chooses, and then nothing may be left. */
#include "calls.h"
#include "world.h"

/* Calls that the decoder did not know when the first inputs were kept, which have hardly any of these
 * bytes where a call begins. */
enum { FIRST_LATER = 232 };

static void call_later(unsigned b)
{
    switch (b % 8) {
    case 0: case 1: case 2: explain_choice(); return;
    case 3: case 4: drain_chooser(); return;
    case 5: open_descriptor(); return;
    case 6: reset_cancel(); return;
    default:
        if (b >= 16) {
            report_load();
            return;
        }
        look_at_settings(); return;
    }
}

void call_something(void)
{
    unsigned b = take(&w.bytes);
    w.now++;
    if (b >= FIRST_LATER) {
        call_later(b - FIRST_LATER);
        return;
    }
    switch (b % 32) {
    case 0: make_transport(); return;
    case 1: make_policy(); return;
    case 2: case 3: make_chooser(); return;
    case 4: make_cancel(); return;
    case 5: give_back(); return;
    case 6: case 7: start_chooser(); return;
    case 8: stop_chooser(); return;
    case 9: case 10: case 11: update_chooser(); return;
    case 12: replace_members(); return;
    case 13: case 14: choose_peer(0); return;
    case 15: choose_by_memory(); return;
    case 16: case 17: choose_peer(1); return;
    case 18: case 19: case 20: finish_pick(); return;
    case 21: case 22: use_peer(); return;
    case 23: set_reason(); return;
    case 24: ask_notice(); return;
    case 25: take_notice_back(); return;
    case 26: use_cancel(); return;
    case 27: case 28: look_at_chooser(); return;
    case 29: look_at_snapshot(); return;
    case 30: use_error(); return;
    default: look_at_texts(); return;
    }
}

void meddle(void)
{
    unsigned b = take(&w.bytes), n;
    if ((b & 3) != 3 || w.depth >= DEPTH)
        return;
    w.depth++;
    for (n = 1 + (b >> 2) % 3; n > 0 && w.bytes.at < w.bytes.end; n--)
        call_something();
    w.depth--;
}

/* Gives one thing back. */
static int give_one_back(unsigned what)
{
    unsigned i;
    peer *p;
    switch (what % 7) {
    case 0:
        for (i = 0; i < PICKS; i++)
            if (w.picks[i].live)
                return finish(&w.picks[i], PEERAGE_OUTCOME_SUCCESS, PEERAGE_LATENCY_UNKNOWN), 1;
        return 0;
    case 1:
        for (i = 0; i < SLOTS; i++)
            if (w.slots[i])
                return unref_chooser(i), 1;
        return 0;
    case 2:
        for (i = 0; i < 2; i++)
            if (w.transports[i].refs)
                return w.transports[i].refs--, peerage_transport_unref(w.transports[i].handle), 1;
        return 0;
    case 3:
        for (i = 0; i < 2; i++)
            if (w.policies[i].refs)
                return w.policies[i].refs--, peerage_policy_unref(w.policies[i].handle), 1;
        return 0;
    case 4:
        for (i = 0; i < 2; i++)
            if (w.cancels[i].refs)
                return w.cancels[i].refs--, peerage_cancel_unref(w.cancels[i].handle), 1;
        return 0;
    case 5:
        for (p = w.peers; p; p = p->next)
            if (p->refs)
                return p->refs--, peerage_peer_unref(p->handle), 1;
        return 0;
    default:
        for (i = 0; i < 2; i++) {
            peerage_snapshot_free(w.snapshots[i]);
            peerage_error_free(w.errors[i]);
            w.snapshots[i] = NULL;
            w.errors[i] = NULL;
        }
        return 0;
    }
}

static void give_all_back(unsigned order)
{
    unsigned i, left = 7;
    w.closing = 1;
    while (left > 0) {
        w.now++;
        for (i = 0; i < 7 && !give_one_back(order + i * (1 + order % 5)); i++)
            ;
        left = i < 7 ? 7 : 0;
        if (order % 5 == 4)
            order++;
    }
}

static void check_nothing_left(void)
{
    while (w.peers) {
        peer *p = w.peers;
        CHECK(!usable(p));
        w.peers = p->next;
        free(p);
    }
    while (w.contexts) {
        context *c = w.contexts;
        CHECK(c->dropped == c->drops);
        if (c->ask_again) {
            /* It outlives its policy, and has no callers to wake. */
            ONE_OF(peerage_ask_again_trigger(c->ask_again), PEERAGE_OK);
            peerage_ask_again_unref(c->ask_again);
        }
        w.contexts = c->next;
        free(c);
    }
    while (w.choosers) {
        chooser *c = w.choosers;
        w.choosers = c->next;
        check_closed(c);
        free(c);
    }
}

static void check_descriptors(void)
{
    const chooser *c;
    for (c = w.choosers; c; c = c->next)
        check_readable(c);
}

void calls(const uint8_t *data, size_t len)
{
    /* So many bytes are for the callbacks of the end. */
    const size_t last = 8;
    unsigned order = len ? data[0] : 0;
    memset(&w, 0, sizeof w);
    if (len <= last)
        return;
    /* Nearly always the same bytes are to do the same. */
    w.seeded = order < 240;
    w.bytes.at = data + 1;
    w.bytes.end = data + len - last;
    while (w.bytes.at < w.bytes.end) {
        call_something();
        check_descriptors();
    }
    w.bytes.end = data + len;
    give_all_back(order);
    check_nothing_left();
}
