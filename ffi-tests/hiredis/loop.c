/*
 * One event a turn. A callback may end any watch and any timer, and free what they are in; with
 * several events in hand the next could be for a watch that is gone by then. epoll itself sees to
 * it that every descriptor has its turn.
 */
#define _POSIX_C_SOURCE 200809L
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

struct loop {
    int epoll;
    timer *timers; /* the first is the next one due */
};

loop *loop_new(void)
{
    loop *self = calloc(1, sizeof *self);
    if (self && (self->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) {
        free(self);
        return NULL;
    }
    return self;
}

void loop_free(loop *self)
{
    close(self->epoll);
    free(self);
}

int64_t loop_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void loop_watch(loop *self, watch *watch, uint32_t events)
{
    struct epoll_event wanted;
    int change = watch->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
    if (watch->events == events)
        return;
    memset(&wanted, 0, sizeof wanted);
    wanted.events = events;
    wanted.data.ptr = watch;
    /* It fails for want of memory only, and then a request would wait for ever. */
    if (epoll_ctl(self->epoll, change, watch->fd, &wanted) != 0)
        abort();
    watch->events = events;
}

void loop_stop(loop *self, timer *timer)
{
    struct timer **place = &self->timers;
    while (*place && *place != timer)
        place = &(*place)->next;
    if (*place)
        *place = timer->next;
}

void loop_start(loop *self, timer *timer, int64_t ms)
{
    struct timer **place = &self->timers;
    loop_stop(self, timer);
    timer->at = loop_now() + ms;
    while (*place && (*place)->at <= timer->at)
        place = &(*place)->next;
    timer->next = *place;
    *place = timer;
}

void loop_turn(loop *self, int64_t ms)
{
    struct epoll_event came;
    int64_t left = self->timers ? self->timers->at - loop_now() : ms;
    int n;
    if (left > ms)
        left = ms;
    n = epoll_wait(self->epoll, &came, 1, left > 0 ? (int)left : 0);
    if (n < 0 && errno != EINTR)
        abort();
    if (n == 1) {
        watch *watch = came.data.ptr;
        watch->ready(watch, came.events);
    }
    if (self->timers && self->timers->at <= loop_now()) {
        timer *due = self->timers;
        self->timers = due->next;
        due->due(due);
    }
}
