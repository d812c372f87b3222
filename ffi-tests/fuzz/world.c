/* The records, and what they say. */
#include "world.h"

world w;

void one_of(const char *file, int line, int32_t status, const int32_t *these, size_t len)
{
    size_t i;
    for (i = 0; i < len; i++)
        if (these[i] == status)
            return;
    fprintf(stderr, "%s:%d: %s\n", file, line, peerage_status_name(status));
    abort();
}

chooser *any_chooser(void)
{
    unsigned b = take(&w.bytes);
    return b >= 253 ? NULL : w.slots[b % SLOTS];
}

int popcount(unsigned bits)
{
    int n = 0;
    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

context *new_context(kind kind, int drops)
{
    context *c = calloc(1, sizeof *c);
    CHECK(c);
    c->kind = kind;
    c->drops = drops;
    c->next = w.contexts;
    w.contexts = c;
    return c;
}

int quiet(unsigned long then) { return w.now == then; }

int usable(const peer *p)
{
    return p->retaining || p->retained || p->releasing || p->refs || p->picks;
}

peer *peer_of(const peerage_peer *handle)
{
    peer *p;
    for (p = w.peers; p; p = p->next)
        if (p->handle == handle && usable(p))
            return p;
    return NULL;
}

peer *retained_peer(const context *transport, unsigned id)
{
    peer *p;
    for (p = w.peers; p; p = p->next)
        if (p->transport == transport && p->id == id && p->retained && !p->releasing)
            return p;
    return NULL;
}

int was_available(const peer *p, unsigned long then)
{
    return p->status == PEERAGE_CONNECTION_AVAILABLE || p->pushing || p->left >= then;
}

unsigned available(const chooser *c)
{
    unsigned id, found = 0;
    for (id = 0; id < IDS; id++) {
        const peer *p = c->members >> id & 1 ? retained_peer(c->transport, id) : NULL;
        if (p && p->status == PEERAGE_CONNECTION_AVAILABLE && !c->reasons[id])
            found |= 1u << id;
    }
    return found;
}

int waiting(const chooser *c)
{
    const context *n;
    int found = 0;
    for (n = w.contexts; n; n = n->next)
        found += n->kind == NOTICE && n->chooser == c && !n->refused && !n->ready &&
                 !n->taking_back;
    return found;
}

/* Picks of peers that may have left the list. */
void orphan(const chooser *c, unsigned ids)
{
    unsigned i;
    for (i = 0; i < PICKS; i++)
        if (w.picks[i].live && w.picks[i].chooser == c && ids >> w.picks[i].peer->id & 1)
            w.picks[i].orphan = 1;
}

void begin_change(chooser *c)
{
    if (c->busy++)
        c->certain = 0;
    memset(w.refusals, 0, sizeof w.refusals);
}

void end_change(chooser *c) { c->busy--; }

int32_t push(peer *p, int32_t status)
{
    int alive = (p->retaining || p->retained) && !p->releasing;
    int valid = status >= PEERAGE_CONNECTION_UNAVAILABLE && status <= PEERAGE_CONNECTION_AVAILABLE;
    int32_t before = p->status, got;
    const chooser *c;
    unsigned long now = ++w.now;
    if (alive && valid)
        p->status = status;
    p->pushing++;
    got = peerage_peer_set_status(p->handle, status);
    p->pushing--;
    if (alive && valid)
        ONE_OF(got, PEERAGE_OK);
    else if (alive)
        ONE_OF(got, PEERAGE_ERR_INVALID_ARGUMENT);
    else if (valid)
        ONE_OF(got, PEERAGE_ERR_GONE);
    else
        ONE_OF(got, PEERAGE_ERR_GONE, PEERAGE_ERR_INVALID_ARGUMENT);
    if (before == PEERAGE_CONNECTION_AVAILABLE || status == PEERAGE_CONNECTION_AVAILABLE)
        p->left = w.now;
    /* All callers that wait have heard of it. */
    if (got == PEERAGE_OK && before != status && w.depth == 0 && quiet(now) && p->retained)
        for (c = w.choosers; c; c = c->next)
            if (c->certain && !c->busy && c->state == RUNNING && c->transport == p->transport &&
                p->status == PEERAGE_CONNECTION_AVAILABLE && c->members >> p->id & 1 &&
                !c->reasons[p->id] && !(c->policy && c->policy->picky))
                CHECK(waiting(c) == 0);
    return got;
}

static const int64_t latencies[] = {PEERAGE_LATENCY_UNKNOWN, 0, 5, INT64_MAX, -2, INT64_MIN};

int64_t any_latency(void) { return latencies[below(&w.bytes, 6)]; }

int may_hear(int64_t latency_ns)
{
    return latency_ns == latencies[0] || latency_ns == latencies[1] ||
           latency_ns == latencies[2] || latency_ns == latencies[3];
}

/* One that says another size than it has changes nothing. */
static void finish_wrongly(pick *p, int32_t outcome)
{
    union {
        peerage_finish finish;
        unsigned char room[sizeof(peerage_finish) + 8];
    } at;
    const peerage_finish plain = PEERAGE_FINISH_INIT;
    peerage_pick before = p->pick;
    unsigned long entered = w.entered;
    memset(&at, 0, sizeof at);
    at.finish = plain;
    at.finish.outcome = outcome;
    switch (w.now / 8 % 4) {
    case 0: at.finish.size = 0; break;
    case 1: at.finish.size = sizeof at.finish - 1 - w.now / 32 % 24; break;
    case 2: at.finish.size = sizeof at + 4096; break;
    default: at.finish.size = sizeof at, at.room[sizeof at.finish + w.now / 32 % 8] = 1;
    }
    ONE_OF(peerage_pick_finish_with(&p->pick, &at.finish), PEERAGE_ERR_INVALID_ARGUMENT);
    ONE_OF(peerage_pick_finish_with(&p->pick, NULL), PEERAGE_ERR_NULL_POINTER);
    CHECK(memcmp(&before, &p->pick, sizeof before) == 0 && w.entered == entered);
}

/* With a report of the peer, or a longer struct in which nothing else is said. */
static int32_t finish_with(pick *p, int32_t outcome, int64_t latency_ns, int *fine)
{
    static const int64_t in_flight[] = { -1, 0, 60, INT64_MAX, -2, 5, INT64_MIN, UINT32_MAX };
    union {
        peerage_finish finish;
        unsigned char room[sizeof(peerage_finish) + 8];
    } at;
    const peerage_finish plain = PEERAGE_FINISH_INIT;
    memset(&at, 0, sizeof at);
    at.finish = plain;
    at.finish.size += w.now / 64 % 9;
    at.finish.outcome = outcome;
    at.finish.latency_ns = latency_ns;
    at.finish.in_flight = in_flight[w.now / 8 % 8];
    *fine &= at.finish.in_flight >= -1;
    return peerage_pick_finish_with(&p->pick, &at.finish);
}

int32_t finish(pick *p, int32_t outcome, int64_t latency_ns)
{
    int known = outcome >= PEERAGE_OUTCOME_SUCCESS && outcome <= PEERAGE_OUTCOME_ABANDONED;
    int fine = known && latency_ns >= PEERAGE_LATENCY_UNKNOWN;
    pick *before = w.finishing, now = *p;
    int32_t outcome_before = w.outcome, got;
    CHECK(peerage_pick_peer(&p->pick) == p->peer->handle);
    CHECK(same_text(peerage_pick_id(&p->pick), id_text(p->peer->id)));
    w.now++;
    if (w.now % 8 == 5)
        finish_wrongly(p, outcome);
    p->live = 0;
    p->peer->picks--;
    w.finishing = &now;
    w.outcome = known ? outcome : PEERAGE_OUTCOME_ABANDONED;
    if (w.now % 4 == 2)
        got = finish_with(p, outcome, latency_ns, &fine);
    else if (latency_ns == PEERAGE_LATENCY_UNKNOWN && (outcome & 1))
        got = peerage_pick_finish(&p->pick, outcome);
    else
        got = peerage_pick_finish_timed(&p->pick, outcome, latency_ns);
    w.finishing = before;
    w.outcome = outcome_before;
    ONE_OF(got, fine ? PEERAGE_OK : PEERAGE_ERR_INVALID_ARGUMENT);
    /* A call from inside may have put another pick there. */
    CHECK(p->live || p->pick.opaque[0] == 0);
    return got;
}

void unref_chooser(unsigned slot)
{
    chooser *c = w.slots[slot];
    unsigned long now = ++w.now;
    if (--c->refs > 0) {
        peerage_chooser_unref(c->handle);
        return;
    }
    w.slots[slot] = NULL;
    c->certain = 0;
    orphan(c, ~0u);
    peerage_chooser_unref(c->handle);
    if (w.depth == 0 && quiet(now) && !c->busy)
        CHECK(waiting(c) == 0);
}
