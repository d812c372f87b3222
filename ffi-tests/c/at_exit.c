/*
 * Handles serve, and are given back, after main has returned and after a thread has: in handlers of
 * atexit and in destructors of a thread's data. Nothing of the library has ended before.
 */
#include "fake.h"
#include <pthread.h>

static fake transports[3] = { FAKE_PUSHES, FAKE_PUSHES, FAKE_SILENT };
static const peerage_chooser *used, *unstarted, *waited_for;
static peerage_pick held;
static pthread_key_t key;
static pthread_t waiter;
static int threads_ended;

static void count(void *ctx, int32_t status)
{
    (void)status;
    ++*(int *)ctx;
}

/* All that a program may want then. */
static void use(const peerage_chooser *chooser)
{
    const peerage_chooser *late;
    peerage_pick pick = PEERAGE_PICK_INIT;
    fake transport = FAKE_PUSHES;
    int called = 0;
    add(chooser, "late:1");
    IS(peerage_chooser_choose(chooser, NULL, 1000000, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_chooser_notify_ready(chooser, NULL, count, &called, NULL, NULL), PEERAGE_OK);
    CHECK(called == 1);
    discard(chooser, "late:1");

    late = chooser_of(&transport, "fewest-pending-requests");
    IS(peerage_chooser_choose(late, NULL, 1000000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    add(late, "a:1");
    CHECK(strcmp(chosen(late, NULL), "a:1") == 0);
    IS(peerage_chooser_stop(late, NULL), PEERAGE_OK);
    end(late, &transport);
}

static void at_exit(void)
{
    use(used);
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_chooser_start(unstarted, NULL), PEERAGE_OK);
    IS(peerage_chooser_stop(used, NULL), PEERAGE_OK);
    end(used, &transports[0]);
    end(unstarted, &transports[1]);
    /* Another thread still waits, and is let go. */
    IS(peerage_chooser_stop(waited_for, NULL), PEERAGE_OK);
    CHECK(pthread_join(waiter, NULL) == 0);
    end(waited_for, &transports[2]);
}

static void at_thread_end(void *chooser)
{
    use(chooser);
    threads_ended++;
}

static void *ends(void *chooser)
{
    CHECK(pthread_setspecific(key, chooser) == 0);
    use(chooser);
    return NULL;
}

static void *waits(void *chooser)
{
    peerage_pick pick;
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick),
       PEERAGE_ERR_STOPPED);
    return NULL;
}

int main(void)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    pthread_t thread;
    watchdog(60);
    CHECK(atexit(at_exit) == 0);
    opts.policy = text("round-robin");
    unstarted = idle_with(&transports[1], opts);
    used = chooser_of(&transports[0], "random");
    waited_for = chooser_of(&transports[2], "two-random-choices");

    CHECK(pthread_key_create(&key, at_thread_end) == 0);
    CHECK(pthread_create(&thread, NULL, ends, (void *)used) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(threads_ended == 1);

    add(used, "a:1");
    IS(peerage_chooser_try_choose(used, NULL, &held), PEERAGE_OK);
    CHECK(pthread_create(&waiter, NULL, waits, (void *)waited_for) == 0);
    while (stats_of(waited_for).waiting == 0)
        ;
    return 0;
}
