/*
 * An event loop: descriptors and timers, on epoll, in the thread that turns it.
 *
 * It stands for the one that a program has already (libuv, libevent, its own): all that peerage
 * needs of a loop is that it can watch a descriptor.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdint.h>

typedef struct loop loop;

/* A descriptor, in the memory of its user, who starts with zeros and fills the first two. */
typedef struct watch {
    int fd;
    void (*ready)(struct watch *self, uint32_t events);
    uint32_t events; /* what it is watched for: kept by loop_watch */
} watch;

/* A timer, the same way. */
typedef struct timer {
    void (*due)(struct timer *self);
    int64_t at;
    struct timer *next;
} timer;

/* NULL if the system has no epoll to give. */
loop *loop_new(void);
void loop_free(loop *self);

/* Watches for EPOLLIN, EPOLLOUT or both from now on, and not at all for 0. */
void loop_watch(loop *self, watch *watch, uint32_t events);

/* Calls `due` once, so many milliseconds from now. One that is started again is late by that. */
void loop_start(loop *self, timer *timer, int64_t ms);
void loop_stop(loop *self, timer *timer);

/* Waits for one event or timer, up to so many milliseconds, and calls what it is for. */
void loop_turn(loop *self, int64_t ms);

/* Milliseconds of a clock that only goes forward. */
int64_t loop_now(void);

#endif
