/* A redis-server in a process of its own, on the loopback address, so that it can be killed. */
#ifndef SERVER_H
#define SERVER_H

#include <sys/types.h>

typedef struct server {
    pid_t process;
    int port;
} server;

/* A port that nothing listens on now. */
int server_free_port(void);

/* Starts one on `self->port`, and does not wait until it listens. 0, or -1. It ends with us. */
int server_start(server *self);

/* Stops it where it is: it keeps its connections, and answers no more. */
void server_freeze(const server *self);

/* Kills it, without a chance to say goodbye. */
void server_kill(server *self);

#endif
