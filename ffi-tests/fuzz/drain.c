/* Waiting for the peers that have left: never long, as there is no other thread to end a request. */
#include "world.h"

/* Peers of `c` that have left for sure, as a request on them is in flight: at least so many. */
static int gone_and_busy(const chooser *c)
{
    unsigned i, found = 0;
    if (!c->certain)
        return 0;
    for (i = 0; i < PICKS; i++) {
        const pick *p = &w.picks[i];
        if (p->live && p->chooser == c &&
            (c->state != RUNNING || !(c->members >> p->peer->id & 1)))
            found |= 1u << p->peer->id;
    }
    return popcount(found);
}

static int picks_of_any_peer(const chooser *c)
{
    int i, found = 0;
    for (i = 0; i < PICKS; i++)
        found += w.picks[i].live && w.picks[i].chooser == c;
    return found;
}

void drain_chooser(void)
{
    static const int64_t timeouts[] = {0, 1, 1000, 20000, 0, PEERAGE_TIMEOUT_DEFAULT, -3, INT64_MIN};
    chooser *c = any_chooser();
    int64_t timeout = timeouts[below(&w.bytes, 8)];
    unsigned long entered = w.entered;
    peerage_stats stats;
    int32_t got;
    if (w.depth)
        timeout = 0; /* inside a callback it would wait for itself */
    if (!c) {
        ONE_OF(peerage_chooser_drain(NULL, timeout), PEERAGE_ERR_NULL_POINTER,
               PEERAGE_ERR_INVALID_ARGUMENT);
        return;
    }
    ONE_OF(peerage_chooser_stats(c->handle, &stats, sizeof stats), PEERAGE_OK);
    /* With nothing to wait for there is no limit that is too long. */
    if (timeout == 20000 && !stats.departing)
        timeout = PEERAGE_TIMEOUT_FOREVER;
    got = peerage_chooser_drain(c->handle, timeout);
    CHECK(w.entered == entered);
    if (timeout < PEERAGE_TIMEOUT_FOREVER) {
        ONE_OF(got, PEERAGE_ERR_INVALID_ARGUMENT);
        return;
    }
    ONE_OF(got, stats.departing ? PEERAGE_ERR_TIMED_OUT : PEERAGE_OK);
    if (w.depth || c->busy)
        return;
    CHECK(stats.departing >= (size_t)gone_and_busy(c));
    CHECK(stats.departing <= (size_t)picks_of_any_peer(c));
    CHECK(stats.departing_pending >= stats.departing);
    CHECK(stats.pending + stats.departing_pending == (uint64_t)picks_of_any_peer(c));
}
