/*
 * Redis through hiredis as a transport of peerage: a peer is one connection, all on one loop.
 *
 * A connection is made when a peer is retained, and again, less and less often, when it is lost. A
 * peer is available from the answer to a PING on: a server that still loads its data accepts
 * connections before it serves. Nothing here blocks, and nothing runs but in a turn of the loop.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "loop.h"

#include <hiredis/async.h>
#include <peerage.h>

/* What a peer carries: peerage_pick_data. Peers are called `address:port`. */
typedef struct remote {
    timer timer; /* the first field: the loop gives it back, and it is this */
    loop *loop;
    const peerage_peer *peer;
    redisAsyncContext *redis; /* NULL between two attempts to connect */
    int64_t pause;            /* before the next attempt */
    char address[64];
    int port;
} remote;

/* A transport on this loop, or NULL. The loop has to live longer than the last chooser. */
const peerage_transport *redis_transport(loop *loop);

/* A request to the peer got no answer: its connection is lost. To be said before the pick is
 * finished, or the next choice might find the peer again. */
void remote_lost(remote *self);

#endif
