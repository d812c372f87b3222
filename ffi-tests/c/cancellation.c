/*
 * pthread_cancel: a wait is not ended by it, a thread with cancellation switched off around its calls
 * loses nothing, and a callback that does not return ends the process before anything is half done.
 * What ends a wait is a peerage_cancel.
 */
#include "fake.h"
#include <pthread.h>
#include <sys/wait.h>

/* Leaving a callback so is noticed by glibc, but not by the unwinder of 32-bit Arm. */
#if defined(__GLIBC__) && !defined(__arm__)
#define ENDS_THE_PROCESS
#endif

enum { OFF, ON };

static void cancellation(int on)
{
    int before;
    CHECK(pthread_setcancelstate(on ? PTHREAD_CANCEL_ENABLE : PTHREAD_CANCEL_DISABLE, &before) == 0);
}

static int answered;

static void *waits(void *chooser)
{
    peerage_pick pick;
    IS(peerage_chooser_choose(chooser, NULL, 300 * 1000000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    answered = 1;
    pthread_testcancel();
    CHECK(!"cancelled at the end of the wait");
    return NULL;
}

static void a_wait_is_no_cancellation_point(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    pthread_t thread;
    void *result;
    add(chooser, "a:1");
    CHECK(pthread_create(&thread, NULL, waits, (void *)chooser) == 0);
    while (stats_of(chooser).waiting == 0)
        ;
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(answered && result == PTHREAD_CANCELED && stats_of(chooser).waiting == 0);
    end(chooser, &self);
}

/* A cancellation point, as connect and write are. */
static int32_t sleeps(void *ctx, const peerage_peer *peer, peerage_str id)
{
    breathe();
    return fake_retain(ctx, peer, id);
}

static int32_t leaves(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)peer, (void)id;
    pthread_exit(NULL);
}

static int32_t is_cancelled(void *ctx, const peerage_peer *peer, peerage_str id)
{
    CHECK(pthread_cancel(pthread_self()) == 0);
    return sleeps(ctx, peer, id);
}

static const peerage_chooser *chooser_that(
    fake *self, int32_t (*retain)(void *, const peerage_peer *, peerage_str))
{
    peerage_transport_ops ops = fake_ops();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    ops.retain = retain;
    opts.policy = text("fewest-pending-requests");
    return chooser_over(self, ops, opts);
}

static void *works(void *chooser)
{
    int fd;
    cancellation(OFF);
    CHECK(pthread_cancel(pthread_self()) == 0);
    /* Writes to the descriptor, which is a cancellation point, too. */
    IS(peerage_chooser_ready_fd(chooser, &fd, NULL), PEERAGE_OK);
    add(chooser, "a:1");
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    cancellation(ON);
    pthread_testcancel();
    return NULL;
}

static void switched_off_around_calls(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_that(&self, sleeps);
    pthread_t thread;
    void *result;
    CHECK(pthread_create(&thread, NULL, works, (void *)chooser) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    end(chooser, &self);
}

#ifdef ENDS_THE_PROCESS
static void *updates(void *chooser)
{
    add(chooser, "a:1");
    return NULL;
}

/* In a process of its own, whose last words are not shown. */
static void ends_the_process(int32_t (*retain)(void *, const peerage_peer *, peerage_str))
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        fake self = FAKE_PUSHES;
        pthread_t thread;
        CHECK(freopen("/dev/null", "w", stderr));
        CHECK(pthread_create(&thread, NULL, updates, (void *)chooser_that(&self, retain)) == 0);
        pthread_join(thread, NULL);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
#endif

int main(void)
{
    watchdog(60);
    a_wait_is_no_cancellation_point();
    switched_off_around_calls();
#ifdef ENDS_THE_PROCESS
    ends_the_process(leaves);
    ends_the_process(is_cancelled);
#else
    (void)leaves, (void)is_cancelled;
#endif
    return 0;
}
