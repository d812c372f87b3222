/*
 * Requests of peers that have left, and of a chooser that has stopped, are counted, and can be waited
 * for.
 */
#include "fake.h"
#include <pthread.h>

static peerage_stats stats_of(const peerage_chooser *chooser)
{
    peerage_stats stats;
    IS(peerage_chooser_stats(chooser, &stats, sizeof stats), PEERAGE_OK);
    return stats;
}

static void *wait_for_all(void *chooser)
{
    IS(peerage_chooser_drain(chooser, PEERAGE_TIMEOUT_FOREVER), PEERAGE_OK);
    return NULL;
}

int main(void)
{
    enum { REQUESTS = 65 };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    static peerage_pick picks[REQUESTS];
    pthread_t waiter;
    int n;
    watchdog(60);

    IS(peerage_chooser_drain(chooser, 0), PEERAGE_OK);
    IS(peerage_chooser_drain(chooser, PEERAGE_TIMEOUT_DEFAULT), PEERAGE_ERR_INVALID_ARGUMENT);
    add(chooser, "a:1");
    for (n = 0; n < REQUESTS; n++)
        IS(peerage_chooser_try_choose(chooser, NULL, &picks[n]), PEERAGE_OK);
    /* They are not waited for while their peer is there. */
    IS(peerage_chooser_drain(chooser, 0), PEERAGE_OK);

    discard(chooser, "a:1");
    add(chooser, "b:1");
    CHECK(stats_of(chooser).departing == 1 && stats_of(chooser).departing_pending == REQUESTS);
    CHECK(stats_of(chooser).peers == 1 && stats_of(chooser).pending == 0);
    IS(peerage_chooser_drain(chooser, 1000000), PEERAGE_ERR_TIMED_OUT);
    IS(peerage_pick_finish(&picks[0], PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(stats_of(chooser).departing_pending == REQUESTS - 1);

    IS(peerage_chooser_try_choose(chooser, NULL, &picks[0]), PEERAGE_OK);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    CHECK(stats_of(chooser).departing == 2 && stats_of(chooser).departing_pending == REQUESTS);
    CHECK(pthread_create(&waiter, NULL, wait_for_all, (void *)chooser) == 0);
    for (n = 0; n < REQUESTS; n++)
        IS(peerage_pick_finish(&picks[n], PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(pthread_join(waiter, NULL) == 0);
    /* Drained means released. */
    CHECK(self.released == 2);
    CHECK(stats_of(chooser).departing == 0 && stats_of(chooser).departing_pending == 0);
    end(chooser, &self);
    return 0;
}
