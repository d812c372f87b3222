/* Notices: asked for, given, and taken back. */
#include "world.h"

void ask_notice(void)
{
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes);
    asked a;
    uint64_t id = 77;
    context *n;
    int32_t got;
    const asked *outer = w.asking;
    unsigned long now;
    int no_ready = b >= 250;
    ask(&a);
    if (w.closing)
        return;
    /* Without a number its end is only seen by its last call. */
    n = new_context(NOTICE, (b & 3) == 3 ? 0 : 1);
    n->asking = 1;
    n->chooser = c;
    now = ++w.now;
    if (c && c->direct) {
        c->certain = 0;
        begin_change(c);
    }
    w.asking = &a;
    got = peerage_chooser_notify_ready(c ? c->handle : NULL, a.given,
                                       no_ready ? NULL : notice_ready, n,
                                       n->drops ? last_call : NULL, b & 2 ? &id : NULL);
    if (c && c->direct)
        end_change(c);
    w.asking = outer;
    n->asking = 0;
    ONE_OF(got, PEERAGE_OK, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT,
           PEERAGE_ERR_INVALID_UTF8);
    if (got != PEERAGE_OK) {
        CHECK(!c || no_ready || a.wrong || !a.plain);
        CHECK(id == 77 && !n->ready && n->dropped == n->drops);
        n->refused = 1;
        return;
    }
    CHECK(c && !no_ready && (!a.wrong || !a.plain));
    /* Inside another one it is about to be given. */
    CHECK(id == 77 || id != 0 || n->ready || w.depth);
    CHECK(!n->drops || n->dropped == (n->ready || n->taking_back));
    n->number = b & 2 ? id : 0;
    if (!quiet(now) || w.depth || c->busy || !c->certain || c->direct || !a.plain)
        return;
    CHECK(!(b & 2) || (id == 0) == n->ready);
    if (c->state == STOPPED)
        CHECK(n->ready);
    if (c->state == IDLE || (c->state == RUNNING && !available(c)))
        CHECK(!n->ready);
    if (c->state == RUNNING && available(c) && !c->policy)
        CHECK(n->ready);
}

void take_notice_back(void)
{
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes);
    context *n;
    int32_t got;
    uint64_t id = b & 7;
    if (!c) {
        ONE_OF(peerage_chooser_notify_cancel(NULL, id), PEERAGE_ERR_NULL_POINTER);
        return;
    }
    for (n = w.contexts; n; n = n->next)
        if (n->kind == NOTICE && n->chooser == c && n->number && !n->ready && !n->taking_back &&
            (b < 240 || n->number == id) && !n->asking && !n->refused)
            break;
    if (n) {
        n->taking_back = 1;
        w.now++;
        got = peerage_chooser_notify_cancel(c->handle, n->number);
        /* A stop that is under way may be about to give it. */
        if (got == PEERAGE_ERR_NOT_FOUND && (w.depth || c->busy)) {
            n->taking_back = 0;
            return;
        }
        ONE_OF(got, PEERAGE_OK);
        CHECK(!n->ready && n->dropped == n->drops);
    } else if (b >= 240) {
        /* May be the number of a notice that was not asked for it. */
        const chooser *before = w.any_notice_of;
        /* One that is being asked for has no number yet, and must have a last call to be seen. */
        for (n = w.contexts; n; n = n->next)
            if (n->kind == NOTICE && n->chooser == c && n->asking && !n->drops)
                return;
        w.any_notice_of = c;
        ONE_OF(peerage_chooser_notify_cancel(c->handle, id), PEERAGE_OK, PEERAGE_ERR_NOT_FOUND);
        w.any_notice_of = before;
    }
}
