#define _DEFAULT_SOURCE
#include "server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Below the ports that the system gives to connections, or one of those could take the port of a
 * server that is down, even the connection that is meant to reach it. */
enum { FIRST_PORT = 20000, PORTS = 12000 };

static int can_bind(int port)
{
    struct sockaddr_in address;
    int on = 1, done, fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    done = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return done;
}

int server_free_port(void)
{
    static int tried;
    int port;
    do
        port = FIRST_PORT + (int)(((unsigned)getpid() * 7 + (unsigned)tried++) % PORTS);
    while (!can_bind(port));
    return port;
}

int server_start(server *self)
{
    char port[16];
    snprintf(port, sizeof port, "%d", self->port);
    self->process = fork();
    if (self->process == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(nowhere, STDOUT_FILENO);
        execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
               "--appendonly", "no", (char *)NULL);
        _exit(127);
    }
    return self->process < 0 ? -1 : 0;
}

void server_freeze(const server *self) { kill(self->process, SIGSTOP); }

void server_kill(server *self)
{
    if (self->process <= 0)
        return;
    kill(self->process, SIGKILL);
    waitpid(self->process, NULL, 0);
    self->process = 0;
}
