/*
 * Waits are measured by a clock that is not set: they end in time while the time of day jumps an hour
 * to and fro with every look at it.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* syscall */
#endif
#include "fake.h"
#include <sys/syscall.h>
#include <time.h>

enum { MS = 1000000 };

static int looks;

/* In place of the C library's, also for libpeerage. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_REALTIME)
        time->tv_sec += looks++ % 2 ? 3600 : -3600;
    return result;
}

int main(void)
{
    static const char *const policies[] = { "random", "round-robin", "fewest-pending-requests" };
    int i;
    watchdog(60);
    for (i = 0; i < 3; i++) {
        fake self = FAKE_SILENT;
        const peerage_chooser *chooser = chooser_of(&self, policies[i]);
        int64_t began = now_ns();
        peerage_pick pick;
        add(chooser, "a:1");
        IS(peerage_chooser_choose(chooser, NULL, 50 * MS, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
        CHECK(now_ns() - began >= 50 * MS && now_ns() - began < (int64_t)30000 * MS);
        end(chooser, &self);
    }
    /* The jumps were there to be seen: the library looks for the seed of its random numbers. With
       32-bit addresses it has another function to ask. */
    CHECK(looks > 0 || sizeof(void *) < 8);
    return 0;
}
