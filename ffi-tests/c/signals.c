/*
 * Signals do not end a wait early, and the library leaves handlers, masks and threads as they were.
 * A handler may call what only reads a constant or one word; for all else it tells a thread.
 */
#include "fake.h"
#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

enum { MS = 1000000 };

static const peerage_cancel *cancel;
static volatile sig_atomic_t hits, is_triggered;
static sem_t asked;

/* All that a handler may call. */
static void looks(int signal)
{
    (void)signal;
    hits++;
    is_triggered = peerage_cancel_is_triggered(cancel);
    if (peerage_version() != PEERAGE_VERSION_NUMBER || !*peerage_version_string() ||
        !*peerage_status_name(PEERAGE_ERR_STOPPED) || !*peerage_status_message(PEERAGE_OK))
        _exit(97);
}

/* The way to everything else: sem_post, or write to a pipe, and a thread does it. */
static void asks(int signal)
{
    (void)signal;
    if (sem_post(&asked) != 0)
        _exit(97);
}

static void *triggers(void *arg)
{
    while (sem_wait(&asked) != 0)
        ;
    IS(peerage_cancel_trigger(cancel), PEERAGE_OK);
    return arg;
}

static void on(int signal, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler; /* and no SA_RESTART */
    CHECK(sigaction(signal, &action, NULL) == 0);
}

typedef struct victim {
    const peerage_chooser *chooser;
    pthread_t thread;
    int over;
} victim;

static void *is_interrupted(void *ctx)
{
    victim *self = ctx;
    peerage_pick pick;
    int64_t began = now_ns();
    int i;
    IS(peerage_chooser_choose(self->chooser, NULL, 200 * MS, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    CHECK(now_ns() - began >= 200 * MS);
    /* Inside calls that take locks and allocate. */
    for (i = 0; i < 200; i++) {
        add(self->chooser, "b:1");
        discard(self->chooser, "b:1");
    }
    __sync_fetch_and_add(&self->over, 1);
    return NULL;
}

static void a_wait_under_signals(const peerage_chooser *chooser)
{
    victim self;
    const struct timespec moment = { 0, MS / 5 };
    self.chooser = chooser;
    self.over = 0;
    on(SIGUSR1, looks);
    CHECK(pthread_create(&self.thread, NULL, is_interrupted, &self) == 0);
    while (!__sync_fetch_and_add(&self.over, 0)) {
        CHECK(pthread_kill(self.thread, SIGUSR1) == 0);
        nanosleep(&moment, NULL);
    }
    CHECK(pthread_join(self.thread, NULL) == 0);
    CHECK(hits > 10 && !is_triggered);
}

static void a_handler_that_cancels(const peerage_chooser *chooser)
{
    peerage_pick pick;
    pthread_t thread;
    CHECK(sem_init(&asked, 0, 0) == 0);
    on(SIGUSR2, asks);
    CHECK(pthread_create(&thread, NULL, triggers, NULL) == 0);
    CHECK(raise(SIGUSR2) == 0);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, cancel, &pick),
       PEERAGE_ERR_CANCELLED);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(sem_destroy(&asked) == 0);
}

/* Threads of this process, or 1 where they cannot be counted. */
static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    if (!tasks)
        return 1;
    while (readdir(tasks))
        count++;
    closedir(tasks);
    return count - 2; /* . and .. */
}

typedef struct dispositions {
    void (*handlers[32])(int);
    sigset_t mask;
    int threads;
} dispositions;

static dispositions looked_at(void)
{
    dispositions all;
    struct sigaction action;
    int signal;
    memset(&all, 0, sizeof all);
    for (signal = 1; signal < 32; signal++)
        if (sigaction(signal, NULL, &action) == 0)
            all.handlers[signal] = action.sa_handler;
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &all.mask) == 0);
    all.threads = threads();
    return all;
}

static void nothing_of_the_process_is_changed(const dispositions *before)
{
    dispositions after = looked_at();
    int signal;
    for (signal = 1; signal < 32; signal++) {
        CHECK(after.handlers[signal] == before->handlers[signal]);
        CHECK(sigismember(&after.mask, signal) == sigismember(&before->mask, signal));
    }
    CHECK(after.threads == before->threads);
}

int main(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser;
    dispositions before;
    peerage_pick pick;
    watchdog(60);
    before = looked_at();
    cancel = peerage_cancel_new();
    chooser = chooser_of(&self, "round-robin");
    add(chooser, "a:1");
    IS(peerage_chooser_choose(chooser, NULL, MS, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    nothing_of_the_process_is_changed(&before);
    a_wait_under_signals(chooser);
    a_handler_that_cancels(chooser);
    peerage_cancel_unref(cancel);
    end(chooser, &self);
    return 0;
}
