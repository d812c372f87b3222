/* A connection, and what is said on it. */
#define _POSIX_C_SOURCE 200809L
#include "soak.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int link_dial(const char *server)
{
    struct sockaddr_in at = {0};
    struct timeval limit = {0, 80000}; /* on Linux the one of sending is that of connecting, too */
    char host[32];
    int port, on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    at.sin_family = AF_INET;
    if (sscanf(server, "%31[^:]:%d", host, &port) == 2 && inet_pton(AF_INET, host, &at.sin_addr) == 1) {
        at.sin_port = htons((uint16_t)port);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
            return fd;
    }
    close(fd);
    return -1;
}

/* The connection to a server, out of those that are kept or new; -1 if there is none. */
static int take(struct links *links, const char *server)
{
    for (size_t n = 0; n < links->len; n++)
        if (strcmp(links->all[n].server, server) == 0) {
            int fd = links->all[n].fd;
            links->all[n] = links->all[--links->len];
            return fd;
        }
    return link_dial(server);
}

static void keep(struct links *links, const char *server, int fd)
{
    if (links->len == MAX_LINKS) {
        close(fd);
        return;
    }
    snprintf(links->all[links->len].server, sizeof links->all->server, "%s", server);
    links->all[links->len++].fd = fd;
}

static int say(int fd)
{
    char line[16];
    int len = snprintf(line, sizeof line, "%u\n", work.client);
    return send(fd, line, (size_t)len, MSG_NOSIGNAL) == len;
}

enum answer link_ask(struct links *links, const char *server, int64_t *in_flight)
{
    char line[32];
    size_t has = 0;
    int fd = take(links, server);
    if (fd < 0)
        return LOST;
    if (say(fd))
        while (has < sizeof line - 1) {
            ssize_t more = recv(fd, line + has, sizeof line - 1 - has, 0);
            if (more <= 0)
                break;
            has += (size_t)more;
            if (line[has - 1] == '\n') {
                line[has] = 0;
                keep(links, server, fd);
                if (strncmp(line, "ok ", 3) == 0) {
                    *in_flight = atoi(line + 3);
                    return WELL;
                }
                return strcmp(line, "busy\n") == 0 ? BUSY : ERROR;
            }
        }
    close(fd);
    return LOST;
}

/* Sends a request, and closes the connection without waiting. */
void link_give_up(struct links *links, const char *server)
{
    int fd = take(links, server);
    if (fd >= 0) {
        (void)say(fd);
        close(fd);
    }
}

void links_close(struct links *links)
{
    while (links->len > 0)
        close(links->all[--links->len].fd);
}
