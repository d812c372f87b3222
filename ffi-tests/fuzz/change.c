/* Starts, stops and updates. */
#include "world.h"

/* Picks of peers that may have left the list. */
static void orphan(const chooser *c, unsigned ids)
{
    unsigned i;
    for (i = 0; i < PICKS; i++)
        if (w.picks[i].live && w.picks[i].chooser == c && ids >> w.picks[i].peer->id & 1)
            w.picks[i].orphan = 1;
}

static int refusals(void)
{
    unsigned id;
    int found = 0;
    for (id = 0; id < IDS; id++)
        found += (int)w.refusals[id];
    return found;
}

void start_chooser(void)
{
    chooser *c = any_chooser();
    peerage_error *err, **errp = maybe_err(&err);
    int32_t got;
    int strict;
    unsigned long now;
    if (!c) {
        got = peerage_chooser_start(NULL, errp);
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        check_err(&err, got);
        return;
    }
    now = ++w.now;
    begin_change(c);
    got = peerage_chooser_start(c->handle, errp);
    end_change(c);
    ONE_OF(got, PEERAGE_OK, PEERAGE_ERR_STOPPED, PEERAGE_ERR_REJECTED);
    strict = c->certain && !c->busy && w.depth == 0 && c->refs;
    if (strict && c->state == RUNNING)
        CHECK(got == PEERAGE_OK);
    if (strict && c->state == STOPPED)
        CHECK(got == PEERAGE_ERR_STOPPED);
    if (strict && c->state == IDLE) {
        if (quiet(now))
            CHECK(got == (refusals() ? PEERAGE_ERR_REJECTED : PEERAGE_OK));
        if (got == PEERAGE_OK)
            c->state = RUNNING;
        if (got != PEERAGE_OK)
            orphan(c, ~0u);
        CHECK(got != PEERAGE_OK || !quiet(now) || waiting(c) == 0);
    } else if (!strict) {
        orphan(c, ~0u);
        c->certain = 0;
    }
    check_err(&err, got);
}

void stop_chooser(void)
{
    chooser *c = any_chooser();
    peerage_error *err, **errp = maybe_err(&err);
    int32_t got;
    unsigned long now;
    if (!c) {
        got = peerage_chooser_stop(NULL, errp);
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        check_err(&err, got);
        return;
    }
    now = ++w.now;
    begin_change(c);
    orphan(c, ~0u);
    got = peerage_chooser_stop(c->handle, errp);
    orphan(c, ~0u);
    end_change(c);
    c->state = STOPPED;
    ONE_OF(got, PEERAGE_OK);
    if (c->refs && w.depth == 0) {
        CHECK(!peerage_chooser_is_running(c->handle));
        CHECK(!quiet(now) || waiting(c) == 0);
    }
    check_err(&err, got);
}

/* What an update of a chooser that is known must do, and does to the record. */
static void follow_update(chooser *c, int32_t got, const unsigned *add, unsigned add_len,
                          const unsigned *gone, unsigned gone_len, int32_t first_wrong)
{
    unsigned i, id, duplicate = 0, unknown = 0, rejected = 0;
    if (first_wrong) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_UTF8);
        return;
    }
    for (i = 0; i < gone_len; i++) {
        unknown += !(c->members >> gone[i] & 1);
        c->members &= ~(1u << gone[i]);
    }
    for (id = 0; id < IDS; id++) {
        unsigned tries = 0, refused = w.refusals[id];
        for (i = 0; i < add_len; i++)
            tries += add[i] == id;
        if (c->members >> id & 1) {
            duplicate += tries;
            CHECK(refused == 0);
            continue;
        }
        CHECK(refused <= tries);
        rejected += refused;
        if (tries > refused) {
            c->members |= 1u << id;
            duplicate += tries - refused - 1;
        }
    }
    if (unknown)
        ONE_OF(got, PEERAGE_ERR_NOT_FOUND);
    else if (duplicate && rejected)
        ONE_OF(got, PEERAGE_ERR_DUPLICATE, PEERAGE_ERR_REJECTED);
    else
        ONE_OF(got, duplicate ? PEERAGE_ERR_DUPLICATE
                    : rejected ? PEERAGE_ERR_REJECTED
                               : PEERAGE_OK);
}

void update_chooser(void)
{
    chooser *c = any_chooser();
    peerage_str texts[8];
    unsigned ids[8], b = take(&w.bytes), add = b & 3, gone = b >> 2 & 3, i, leaving = 0;
    int32_t got, wrong = 0, bad;
    peerage_error *err, **errp;
    int no_add = b >= 250;
    unsigned long now;
    add += b >> 4 & 1;
    for (i = 0; i < add + gone; i++) {
        bad = any_text(&texts[i], &ids[i]);
        wrong = bad ? bad : wrong;
        leaving |= i >= add && ids[i] < IDS ? 1u << ids[i] : 0;
    }
    errp = maybe_err(&err);
    if (!c) {
        got = peerage_chooser_update(NULL, texts, add, texts + add, gone, errp);
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
        check_err(&err, got);
        return;
    }
    now = ++w.now;
    begin_change(c);
    orphan(c, leaving);
    got = peerage_chooser_update(c->handle, no_add ? NULL : add ? texts : NULL, add,
                                 gone ? texts + add : NULL, gone, errp);
    orphan(c, leaving);
    end_change(c);
    if (no_add && add)
        wrong = PEERAGE_ERR_NULL_POINTER;
    if (c->direct) {
        ONE_OF(got, PEERAGE_ERR_UNSUPPORTED, wrong ? wrong : PEERAGE_ERR_UNSUPPORTED,
               wrong ? PEERAGE_ERR_NULL_POINTER : PEERAGE_ERR_UNSUPPORTED,
               wrong ? PEERAGE_ERR_INVALID_UTF8 : PEERAGE_ERR_UNSUPPORTED);
    } else {
        ONE_OF(got, PEERAGE_OK, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_UTF8,
               PEERAGE_ERR_DUPLICATE, PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_REJECTED);
        if (c->certain && !c->busy && quiet(now) && w.depth == 0)
            follow_update(c, got, ids, add, ids + add, gone, wrong);
        else
            c->certain = 0;
    }
    check_err(&err, got);
}
