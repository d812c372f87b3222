/*
 * Requests to whichever Redis is there, on the loop: no call of it blocks.
 *
 * It has up to WINDOW requests under way. While it has more to send it watches the descriptor of the
 * chooser, which is readable when a peer can be chosen; so with no server there it sleeps, and wakes
 * when one is back.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "loop.h"

#include <peerage.h>

enum { WINDOW = 16, PEERS = 3 };

typedef struct client {
    watch readiness; /* the first field: the loop gives it back, and it is this */
    loop *loop;
    const peerage_chooser *chooser;
    int unsent, under_way;
    int wakes;                         /* turns in which the descriptor was readable */
    int answered, answered_by[PEERS];  /* by the server that said so, not by the peer picked */
    int failed;                        /* attempts: each was followed by another */
    int wrong;                         /* answers of another server than the one picked */
    int ports[PEERS];
} client;

/* `self` has the loop, the chooser and the ports. 0, or -1 if there is no descriptor. */
int client_start(client *self);

/* So many more requests: sent as soon as there is a peer for them. */
void client_send(client *self, int requests);

/* Begins to count anew. */
void client_count_anew(client *self);

/* Ends the watch; nothing may be under way. */
void client_end(client *self);

#endif
