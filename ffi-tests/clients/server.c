/*
 * A server as a first client has it: to each line it answers `PORT LINE`, on any number of
 * connections. It listens on 127.0.0.1:PORT (0: any), says so in a line, and ends when it is killed.
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int port;

static void *answer(void *arg)
{
    int fd = *(int *)arg;
    char line[256], text[300];
    ssize_t n;
    free(arg);
    while ((n = recv(fd, line, sizeof line, 0)) > 0) {
        int len = snprintf(text, sizeof text, "%d %.*s", port, (int)n, line);
        if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len)
            break;
    }
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)(argc > 1 ? atoi(argv[1]) : 0));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0) {
        perror("server");
        return 1;
    }
    port = ntohs(address.sin_port);
    printf("%d\n", port);
    fflush(stdout);
    alarm(60); /* it does not outlive a test that was killed */
    for (;;) {
        int *fd = malloc(sizeof *fd);
        pthread_t thread;
        if (fd && (*fd = accept(listener, NULL, NULL)) >= 0 &&
            pthread_create(&thread, NULL, answer, fd) == 0)
            pthread_detach(thread);
        else
            free(fd);
    }
}
