/*
 * How a peer goes from one state to the next:
 *
 *   retain ─▶ connecting ── PONG ──▶ available
 *                ▲   │                   │
 *      the timer │   │ no, or too late   │ the connection is lost
 *                │   ▼                   ▼
 *                pausing ◀───────────────┘
 *
 * The timer has two uses: while a connection is made it is the limit of that, and between two
 * attempts it is the pause.
 */
#define _POSIX_C_SOURCE 200809L
#include "transport.h"

#include "adapter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_PAUSE_MS = 10, LONGEST_PAUSE_MS = 200, CONNECT_LIMIT_MS = 1000 };

/* The connection is hiredis' own from now on, which frees it: at once, or after its callback. */
static void pause_then_retry(remote *self)
{
    self->redis = NULL;
    peerage_peer_set_status(self->peer, PEERAGE_CONNECTION_UNAVAILABLE);
    loop_start(self->loop, &self->timer, self->pause);
    self->pause = 2 * self->pause < LONGEST_PAUSE_MS ? 2 * self->pause : LONGEST_PAUSE_MS;
}

void remote_lost(remote *self)
{
    if (self->redis) {
        self->redis->data = NULL; /* what it still has to say is not about this peer any more */
        pause_then_retry(self);
    }
}

/* hiredis answers NULL when it gives a connection up, and frees it after the last of these. */
static void on_pong(redisAsyncContext *redis, void *arg, void *ctx)
{
    remote *self = redis->data;
    const redisReply *reply = arg;
    (void)ctx;
    if (!self)
        return;
    if (!reply) {
        remote_lost(self);
    } else if (reply->type == REDIS_REPLY_STATUS) {
        loop_stop(self->loop, &self->timer);
        self->pause = FIRST_PAUSE_MS;
        peerage_peer_set_status(self->peer, PEERAGE_CONNECTION_AVAILABLE);
    } else { /* it says that it is LOADING */
        remote_lost(self);
        redisAsyncDisconnect(redis);
    }
}

static void on_connect(const redisAsyncContext *redis, int status)
{
    if (redis->data && status != REDIS_OK)
        remote_lost(redis->data);
}

static void on_disconnect(const redisAsyncContext *redis, int status)
{
    (void)status;
    if (redis->data)
        remote_lost(redis->data);
}

static void try_to_connect(remote *self)
{
    redisAsyncContext *redis = redisAsyncConnect(self->address, self->port);
    if (!redis || redis->err || adapter_attach(self->loop, redis) != 0) {
        if (redis)
            redisAsyncFree(redis);
        pause_then_retry(self);
        return;
    }
    self->redis = redis;
    redis->data = self;
    redisAsyncSetConnectCallback(redis, on_connect);
    redisAsyncSetDisconnectCallback(redis, on_disconnect);
    redisAsyncCommand(redis, on_pong, NULL, "PING");
    loop_start(self->loop, &self->timer, CONNECT_LIMIT_MS);
    peerage_peer_set_status(self->peer, PEERAGE_CONNECTION_CONNECTING);
}

static void on_timer(timer *timer)
{
    remote *self = (remote *)timer;
    redisAsyncContext *late = self->redis;
    if (late) {
        remote_lost(self);
        redisAsyncFree(late);
    } else {
        try_to_connect(self);
    }
}

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    remote *self = calloc(1, sizeof *self);
    if (!self || sscanf(id.ptr, "%63[^:]:%d", self->address, &self->port) != 2) {
        free(self);
        return 1; /* a number of our own, which the error of the update then has */
    }
    self->timer.due = on_timer;
    self->loop = ctx;
    self->peer = peer;
    self->pause = FIRST_PAUSE_MS;
    peerage_peer_set_data(peer, self, free);
    try_to_connect(self);
    return 0;
}

/* No request is under way, as each has a pick that keeps the peer. */
static void release(void *ctx, const peerage_peer *peer)
{
    remote *self = peerage_peer_data(peer);
    (void)ctx;
    loop_stop(self->loop, &self->timer);
    if (self->redis) {
        self->redis->data = NULL;
        redisAsyncFree(self->redis);
    }
}

const peerage_transport *redis_transport(loop *loop)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    const peerage_transport *transport;
    ops.retain = retain;
    ops.release = release;
    return peerage_transport_new(&ops, loop, &transport, NULL) == PEERAGE_OK ? transport : NULL;
}
