/*
 * One server as the transport sees it, between transport.c, which watches over it, and request.c,
 * which uses it.
 */
#ifndef REMOTE_H
#define REMOTE_H

#include "transport.h"

#include <stdint.h>

enum state { UP, FAILING, PROBED };

/* What a peer of peerage carries as its data, which frees it with the peer. */
typedef struct remote {
    struct remote *next;
    http_transport *transport;
    const peerage_peer *peer;
    enum state state;
    int64_t probe_at, pause;
    char url[]; /* http://host:port */
} remote;

/* A request got no answer. */
void remote_failed(remote *self);

#endif
