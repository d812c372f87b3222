/*
 * A tiny HTTP server on loopback, in a thread of its own: something to send requests to, that can
 * die and come back on the same port.
 */
#ifndef SERVER_H
#define SERVER_H

typedef struct server server;

/* Listens on `port`, or on any free one if it is 0. NULL if it cannot. Answers every request with
 * its name. */
server *server_start(const char *name, int port);

int server_port(const server *server);

/* Closes the port, ends the thread and frees it. */
void server_stop(server *server);

#endif
