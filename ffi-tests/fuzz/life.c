/* Starts and stops. */
#include "world.h"

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
        memset(c->reasons, 0, sizeof c->reasons);
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
    memset(c->reasons, 0, sizeof c->reasons);
    ONE_OF(got, PEERAGE_OK);
    if (c->refs && w.depth == 0) {
        CHECK(!peerage_chooser_is_running(c->handle));
        CHECK(!quiet(now) || waiting(c) == 0);
    }
    check_err(&err, got);
}
