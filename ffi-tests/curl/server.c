/*
 * One connection at a time, one request each. It waits in `poll` for a connection or for the end,
 * which is the closing of a pipe, and gives no client more than a second.
 */
#define _POSIX_C_SOURCE 200809L
#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct server {
    char name[32];
    int listener, port;
    int end[2]; /* the pipe */
    pthread_t thread;
};

/* Reads up to the empty line that ends a request without a body. */
static int read_request(int client)
{
    char buf[4096];
    size_t len = 0;
    while (len < sizeof buf - 1) {
        ssize_t n = recv(client, buf + len, sizeof buf - 1 - len, 0);
        if (n <= 0)
            return 0;
        len += (size_t)n;
        buf[len] = 0;
        if (strstr(buf, "\r\n\r\n"))
            return 1;
    }
    return 0;
}

static void answer(const server *self, int client)
{
    static const struct timeval second = { 1, 0 };
    char buf[256];
    int len;
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
    if (!read_request(client))
        return;
    len = snprintf(buf, sizeof buf,
                   "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
                   "Connection: close\r\n\r\n%s",
                   strlen(self->name), self->name);
    /* A client that has gone away meanwhile is no concern of the server's. */
    if (send(client, buf, (size_t)len, MSG_NOSIGNAL) == len)
        shutdown(client, SHUT_WR);
}

static void *serve(void *arg)
{
    server *self = arg;
    struct pollfd fds[2];
    memset(fds, 0, sizeof fds);
    fds[0].fd = self->listener;
    fds[1].fd = self->end[0];
    fds[0].events = fds[1].events = POLLIN;
    while (poll(fds, 2, -1) > 0 && fds[1].revents == 0) {
        int client = accept(self->listener, NULL, NULL);
        if (client < 0)
            continue;
        answer(self, client);
        close(client);
    }
    return NULL;
}

static int listen_on(server *self, int port)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int on = 1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)port);
    self->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (self->listener < 0)
        return 0;
    setsockopt(self->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(self->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(self->listener, 128) != 0 ||
        getsockname(self->listener, (struct sockaddr *)&address, &len) != 0) {
        close(self->listener);
        return 0;
    }
    self->port = ntohs(address.sin_port);
    return 1;
}

server *server_start(const char *name, int port)
{
    server *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    snprintf(self->name, sizeof self->name, "%s", name);
    if (!listen_on(self, port)) {
        free(self);
        return NULL;
    }
    if (pipe(self->end) != 0) {
        close(self->listener);
        free(self);
        return NULL;
    }
    if (pthread_create(&self->thread, NULL, serve, self) != 0) {
        close(self->listener);
        close(self->end[0]);
        close(self->end[1]);
        free(self);
        return NULL;
    }
    return self;
}

int server_port(const server *server) { return server->port; }

void server_stop(server *self)
{
    close(self->end[1]);
    pthread_join(self->thread, NULL);
    close(self->end[0]);
    close(self->listener);
    free(self);
}
