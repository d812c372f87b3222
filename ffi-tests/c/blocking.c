/* A choice that waits is released by a push, a stop, a cancel or its deadline; a notice, too. */
#include "fake.h"
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct waiting {
    const peerage_chooser *chooser;
    const peerage_cancel *cancel;
    int32_t status;
} waiting;

static void *wait_for_one(void *arg)
{
    waiting *self = arg;
    peerage_pick pick;
    self->status =
        peerage_chooser_choose(self->chooser, NULL, PEERAGE_TIMEOUT_FOREVER, self->cancel, &pick);
    if (self->status == PEERAGE_OK)
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    return NULL;
}

static pthread_t begin(waiting *self)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, wait_for_one, self) == 0);
    while (stats_of(self->chooser).waiting == 0)
        sched_yield();
    return thread;
}

static void ready(void *ctx, int32_t status)
{
    uint64_t one = 1;
    IS(status, PEERAGE_OK);
    CHECK(write(*(int *)ctx, &one, sizeof one) == sizeof one);
}

static void notices_drive_an_event_loop(fake *self, const peerage_chooser *chooser)
{
    int event = eventfd(0, EFD_NONBLOCK), poll = epoll_create1(0);
    struct epoll_event interest, got;
    uint64_t id;
    memset(&interest, 0, sizeof interest);
    interest.events = EPOLLIN;
    CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, event, &interest) == 0);
    IS(peerage_chooser_notify_ready(chooser, NULL, ready, &event, NULL, &id), PEERAGE_OK);
    CHECK(id != 0);
    CHECK(epoll_wait(poll, &got, 1, 0) == 0);
    IS(peerage_peer_set_status(self->last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(epoll_wait(poll, &got, 1, 10000) == 1);
    IS(peerage_chooser_notify_cancel(chooser, id), PEERAGE_ERR_NOT_FOUND);
    IS(peerage_chooser_notify_ready(chooser, NULL, ready, &event, NULL, &id), PEERAGE_OK);
    CHECK(id == 0);
    close(event);
    close(poll);
}

int main(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "two-random-choices");
    waiting one = {NULL, NULL, 1};
    pthread_t thread;
    peerage_pick pick;
    watchdog(60);
    one.chooser = chooser;
    add(chooser, "a:1");
    IS(peerage_chooser_choose(chooser, NULL, 1000000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);

    thread = begin(&one);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    pthread_join(thread, NULL);
    IS(one.status, PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);

    one.cancel = peerage_cancel_new();
    thread = begin(&one);
    IS(peerage_cancel_trigger(one.cancel), PEERAGE_OK);
    pthread_join(thread, NULL);
    IS(one.status, PEERAGE_ERR_CANCELLED);
    CHECK(peerage_cancel_is_triggered(one.cancel));
    IS(peerage_chooser_choose(chooser, NULL, 1000000, one.cancel, &pick), PEERAGE_ERR_CANCELLED);
    /* The same token, for the next wait. */
    IS(peerage_cancel_reset(one.cancel), PEERAGE_OK);
    CHECK(!peerage_cancel_is_triggered(one.cancel));
    IS(peerage_chooser_choose(chooser, NULL, 1000000, one.cancel, &pick), PEERAGE_ERR_TIMED_OUT);
    thread = begin(&one);
    IS(peerage_cancel_trigger(one.cancel), PEERAGE_OK);
    pthread_join(thread, NULL);
    IS(one.status, PEERAGE_ERR_CANCELLED);
    peerage_cancel_unref(one.cancel);

    notices_drive_an_event_loop(&self, chooser);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    one.cancel = NULL;
    thread = begin(&one);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    pthread_join(thread, NULL);
    IS(one.status, PEERAGE_ERR_STOPPED);
    end(chooser, &self);
    return 0;
}
