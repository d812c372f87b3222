/* Choosing and finishing. */
#include "world.h"

/* What must have come out if nothing else went on. */
static void check_choice(const chooser *c, const asked *a, int32_t got, int waits, int64_t timeout,
                         int cancelled)
{
    unsigned there = available(c);
    if (c->direct || !c->certain || c->busy || !a->plain)
        return;
    if (a->wrong) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_UTF8);
    } else if (cancelled) {
        ONE_OF(got, PEERAGE_ERR_CANCELLED);
    } else if (c->state == STOPPED) {
        ONE_OF(got, PEERAGE_ERR_STOPPED);
    } else if (c->state == IDLE) {
        ONE_OF(got, PEERAGE_ERR_NOT_RUNNING);
    } else if (there && !c->policy) {
        ONE_OF(got, PEERAGE_OK);
    } else if (!there) {
        CHECK(got != PEERAGE_OK);
        if (!waits || c->fail_fast)
            ONE_OF(got, PEERAGE_ERR_NO_PEER);
        else
            ONE_OF(got, PEERAGE_ERR_TIMED_OUT,
                   timeout == 0 ? PEERAGE_ERR_NO_PEER : PEERAGE_ERR_TIMED_OUT);
    }
}

/* The peer that was chosen is one that may be. */
static void check_peer(pick *to, const chooser *c, const asked *a, unsigned long then)
{
    const peerage_peer *handle = peerage_pick_peer(&to->pick);
    peer *p = peer_of(handle);
    CHECK(p && p->retained && !p->releasing && p->transport == c->transport);
    CHECK(was_available(p, then));
    CHECK(peerage_pick_data(&to->pick) == p->data);
#ifdef KNOWN_DIRECT
    if (!a->avoided)
#endif
    if (c->direct && a->plain)
        CHECK(a->shard == p->id);
    if (quiet(then) && w.depth == 0 && c->certain && !c->busy && !c->direct) {
        CHECK(available(c) >> p->id & 1);
        /* A policy of one's own is only asked again. */
        if (a->avoided >> p->id & 1 && !c->policy)
            CHECK(c->bounded || popcount(available(c) & ~a->avoided) == 0);
        if (a->preferred < IDS && (available(c) & ~a->avoided) >> a->preferred & 1 && !c->policy &&
            !c->bounded)
            CHECK(p->id == a->preferred);
    }
    to->peer = p;
    p->picks++;
}

void keep_pick(const peerage_pick *made, chooser *c, const asked *a, unsigned long then)
{
    pick here, *to;
    unsigned i;
    memset(&here, 0, sizeof here);
    here.pick = *made;
    here.chooser = c;
    here.live = 1;
    here.orphan = !quiet(then) || c->busy || !c->certain || !c->refs;
    check_peer(&here, c, a, then);
    /* A pick may be moved. Calls from inside may have filled every place. */
    for (i = 0; i < PICKS && w.picks[i].live; i++)
        ;
    to = i < PICKS ? &w.picks[i] : &here;
    *to = here;
    if (to == &here)
        finish(to, PEERAGE_OUTCOME_NOT_SENT, PEERAGE_LATENCY_UNKNOWN);
}

static int64_t any_timeout(const chooser *c, int cancelled)
{
    static const int64_t short_ones[] = {0, 1, 1000, 20000, 0};
    unsigned b = take(&w.bytes);
    if (b >= 250)
        return b & 1 ? -3 : INT64_MIN;
    if (cancelled && b >= 240)
        return b & 1 ? INT64_MAX : PEERAGE_TIMEOUT_FOREVER;
    if (c && c->short_default && b >= 220)
        return PEERAGE_TIMEOUT_DEFAULT;
    return short_ones[b % 5];
}

void choose_peer(int waits)
{
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes);
    asked a;
    const owned *token = &w.cancels[b & 1];
    const peerage_cancel *cancel = token->refs && b & 2 ? token->handle : NULL;
    int cancelled = peerage_cancel_is_triggered(cancel), no_out = b >= 252;
    int64_t timeout = waits ? any_timeout(c, cancelled) : 0;
    int32_t got;
    const asked *outer = w.asking;
    const void *outer_token = w.waits_with;
    peerage_pick made, untouched, *out = no_out ? NULL : &made;
    unsigned i;
    unsigned long now = w.now + 1;
    ask(&a);
    for (i = 0; i < PICKS && w.picks[i].live; i++)
        ;
    if (i == PICKS || w.closing)
        return;
    w.now = now;
    memset(&made, b & 4 ? 0xa5 : 0, sizeof made);
    untouched = made;
    if (c && c->direct) {
        c->certain = 0;
        begin_change(c);
    }
    w.asking = &a;
    w.waits_with = waits ? cancel : w.waits_with;
    if (waits)
        got = peerage_chooser_choose(c ? c->handle : NULL, a.given, timeout, cancel, out);
    else
        got = peerage_chooser_try_choose(c ? c->handle : NULL, a.given, out);
    w.asking = outer;
    w.waits_with = outer_token;
    if (c && c->direct)
        end_change(c);
    ONE_OF(got, PEERAGE_OK, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_NO_PEER,
           PEERAGE_ERR_NOT_RUNNING, PEERAGE_ERR_STOPPED, PEERAGE_ERR_INVALID_ARGUMENT,
           PEERAGE_ERR_INVALID_UTF8, c && c->direct ? PEERAGE_ERR_REJECTED : PEERAGE_ERR_STOPPED,
           waits ? PEERAGE_ERR_TIMED_OUT : PEERAGE_OK,
           waits && c && c->refuses ? PEERAGE_ERR_QUEUE_FULL : PEERAGE_OK,
           waits && cancel ? PEERAGE_ERR_CANCELLED : PEERAGE_OK);
    if (!c || no_out || timeout < PEERAGE_TIMEOUT_DEFAULT) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT,
               PEERAGE_ERR_INVALID_UTF8);
        CHECK(memcmp(&made, &untouched, sizeof untouched) == 0);
        return;
    }
    if (w.depth == 0 && quiet(now))
        check_choice(c, &a, got, waits, timeout, waits && cancelled);
    if (got != PEERAGE_OK) {
        CHECK(memcmp(&made, &untouched, sizeof untouched) == 0);
        return;
    }
    CHECK(!a.wrong || !a.plain);
    keep_pick(&made, c, &a, now);
}

void finish_pick(void)
{
    unsigned b = take(&w.bytes);
    pick *p = &w.picks[b % PICKS];
    peerage_pick none = PEERAGE_PICK_INIT;
    int32_t outcome = (int32_t)(b >> 3) % 6;
    if (b >= 250)
        outcome = b & 1 ? -1 : (int32_t)b;
    if (b == 249) {
        ONE_OF(peerage_pick_finish(NULL, outcome), PEERAGE_ERR_NULL_POINTER);
        return;
    }
    if (p->live) {
        if (b & 4 && outcome == PEERAGE_OUTCOME_SUCCESS && finish_by_memory(&p->pick)) {
            p->live = 0;
            p->peer->picks--;
        } else {
            finish(p, outcome, b & 4 ? any_latency() : PEERAGE_LATENCY_UNKNOWN);
        }
        return;
    }
    CHECK(peerage_pick_peer(&none) == NULL && peerage_pick_data(&none) == NULL);
    CHECK(peerage_pick_id(&none).len == 0);
    ONE_OF(peerage_pick_finish(&p->pick, outcome), PEERAGE_ERR_FINISHED);
    CHECK(p->pick.opaque[0] == 0);
}
