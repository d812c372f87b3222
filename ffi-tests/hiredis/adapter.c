/*
 * hiredis says for what a connection is to be watched, and the loop says when it is. Reading and
 * writing are not done in one turn: either may free the connection, and this with it.
 */
#define _POSIX_C_SOURCE 200809L
#include "adapter.h"

#include <stdlib.h>
#include <sys/epoll.h>

typedef struct adapter {
    watch watch; /* the first field: the loop gives it back, and it is this */
    loop *loop;
    redisAsyncContext *redis;
} adapter;

static void ready(watch *watch, uint32_t events)
{
    adapter *self = (adapter *)watch;
    /* An error is found by whatever hiredis does next. */
    if (self->watch.events & EPOLLOUT && events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
        redisAsyncHandleWrite(self->redis);
    else
        redisAsyncHandleRead(self->redis);
}

static void want(adapter *self, uint32_t more, uint32_t less)
{
    loop_watch(self->loop, &self->watch, (self->watch.events | more) & ~less);
}

static void add_read(void *self) { want(self, EPOLLIN, 0); }
static void del_read(void *self) { want(self, 0, EPOLLIN); }
static void add_write(void *self) { want(self, EPOLLOUT, 0); }
static void del_write(void *self) { want(self, 0, EPOLLOUT); }

static void cleanup(void *arg)
{
    adapter *self = arg;
    loop_watch(self->loop, &self->watch, 0);
    free(self);
}

int adapter_attach(loop *loop, redisAsyncContext *redis)
{
    adapter *self = calloc(1, sizeof *self);
    if (!self)
        return -1;
    self->watch.fd = redis->c.fd;
    self->watch.ready = ready;
    self->loop = loop;
    self->redis = redis;
    redis->ev.data = self;
    redis->ev.addRead = add_read;
    redis->ev.delRead = del_read;
    redis->ev.addWrite = add_write;
    redis->ev.delWrite = del_write;
    redis->ev.cleanup = cleanup;
    return 0;
}
