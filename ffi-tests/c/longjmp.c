/*
 * longjmp in a callback. Inside it, between functions of the program, it is as anywhere. Out of it
 * is undefined, because frames of the library are passed over: what such a call has begun is under
 * way for ever, as can be seen where nothing worse happens, in a child.
 */
#include "child.h"
#include "fake.h"
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <time.h>

enum { MS = 1000000 };

static jmp_buf before;
static fake self = FAKE_SILENT;
static const peerage_chooser *chooser;
static sem_t answered;

static void connects(const peerage_peer *peer, jmp_buf on_error)
{
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    longjmp(on_error, 1);
}

/* Sets its mark and comes back to it with no call of the library in between. */
static int32_t stays_inside(void *ctx, const peerage_peer *peer, peerage_str id)
{
    jmp_buf on_error;
    IS(fake_retain(ctx, peer, id), 0);
    if (setjmp(on_error) == 0)
        connects(peer, on_error);
    else
        IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return 0;
}

static int32_t leaves(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)peer, (void)id;
    longjmp(before, 1);
}

static void begin(int32_t (*retain)(void *, const peerage_peer *, peerage_str))
{
    peerage_transport_ops ops = fake_ops();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    ops.retain = retain;
    opts.policy = text("round-robin");
    chooser = idle_over(&self, ops, opts);
    add(chooser, "a:1");
}

static void *starts_too(void *none)
{
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    CHECK(sem_post(&answered) == 0);
    return none;
}

/* The start is never over: another thread waits for it in vain, and nothing can be chosen. */
static void leaves_a_start(void *none)
{
    pthread_t other;
    struct timespec until;
    peerage_pick pick;
    (void)none;
    begin(leaves);
    if (setjmp(before) == 0) {
        IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
        CHECK(!"the callback has returned");
    }
    CHECK(!peerage_chooser_is_running(chooser));
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NOT_RUNNING);
    CHECK(sem_init(&answered, 0, 0) == 0);
    CHECK(pthread_create(&other, NULL, starts_too, NULL) == 0);
    CHECK(clock_gettime(CLOCK_REALTIME, &until) == 0);
    until.tv_nsec += 100 * MS;
    until.tv_sec += until.tv_nsec / (1000 * MS);
    until.tv_nsec %= 1000 * MS;
    CHECK(sem_timedwait(&answered, &until) != 0);
}

int main(void)
{
    watchdog(60);
    begin(stays_inside);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    end(chooser, &self);

    in_child(leaves_a_start, NULL);
    return 0;
}
