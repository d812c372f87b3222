/*
 * Three Redis servers, and a client on an event loop that need not know which of them is alive.
 *
 * Start reading at client.c, which sends requests to the peers that a chooser hands out, and go on
 * with transport.c, which connects. This file plays the story: a server dies under way and comes
 * back, then all die and one comes back. It ends with 1 and a message when requests do not go where
 * they should.
 */
#define _DEFAULT_SOURCE
#include "client.h"
#include "server.h"
#include "transport.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VICTIM = 1, PATIENCE_MS = 5000 };
static const char *const names[PEERS] = { "alpha", "beta", "gamma" };

static void check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "hiredis: %s\n", what);
    exit(1);
}

static void print(const char *when, const client *self)
{
    int i;
    printf("%-26s", when);
    for (i = 0; i < PEERS; i++)
        printf(" %s %3d ", names[i], self->answered_by[i]);
    printf(" failed attempts %d, wakes %d\n", self->failed, self->wakes);
}

/* Turns the loop until so many requests are answered. */
static void until_answered(client *self, int answered)
{
    int64_t end = loop_now() + PATIENCE_MS;
    while (self->answered < answered) {
        check(loop_now() < end, "requests are not answered although a server is up");
        loop_turn(self->loop, 100);
    }
    check(self->wrong == 0, "another server answered than the one that was picked");
}

static void requests(client *self, int n, const char *when)
{
    client_count_anew(self);
    client_send(self, n);
    until_answered(self, n);
    print(when, self);
}

static size_t available(const client *self)
{
    peerage_stats stats;
    check(peerage_chooser_stats(self->chooser, &stats, sizeof stats) == PEERAGE_OK, "no numbers");
    return stats.available;
}

static void until_available(client *self, size_t n)
{
    int64_t end = loop_now() + PATIENCE_MS;
    while (available(self) != n) {
        check(loop_now() < end, "the chooser does not see who is up");
        loop_turn(self->loop, 100);
    }
}

static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int n = 0;
    while (tasks && readdir(tasks))
        n++;
    closedir(tasks);
    return n - 2; /* . and .. */
}

static const peerage_chooser *start_chooser(loop *loop, const server servers[])
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    char texts[PEERS][32];
    peerage_member members[PEERS];
    int i;
    opts.policy = peerage_text("round-robin");
    opts.transport = redis_transport(loop);
    check(opts.transport != NULL, "no transport");
    check(peerage_chooser_new(&opts, &chooser, NULL) == PEERAGE_OK, "no chooser");
    peerage_transport_unref(opts.transport); /* the chooser keeps it */
    check(peerage_chooser_start(chooser, NULL) == PEERAGE_OK, "it does not start");
    for (i = 0; i < PEERS; i++) {
        sprintf(texts[i], "127.0.0.1:%d", servers[i].port);
        members[i] = peerage_member_of(texts[i]);
    }
    check(peerage_chooser_replace(chooser, members, PEERS, NULL) == PEERAGE_OK, "no peers");
    return chooser;
}

/* Turns the loop for so long, whatever comes. */
static void turn_for(client *self, int64_t ms)
{
    int64_t end = loop_now() + ms;
    while (loop_now() < end)
        loop_turn(self->loop, end - loop_now());
}

/* It hangs until it has all the requests that may be under way, and dies with them. */
static void one_dies(client *self, server *victim)
{
    client_count_anew(self);
    server_freeze(victim);
    client_send(self, 300);
    turn_for(self, 100);
    check(self->under_way == WINDOW && self->unsent > 0, "the server that hangs has no requests");
    server_kill(victim);
    until_answered(self, 300);
    print("beta dies with requests", self);
    check(self->failed == WINDOW, "more is lost than was under way, or less");
    check(self->answered_by[VICTIM] == 0, "a dead server answered");
    until_available(self, PEERS - 1);
    requests(self, 60, "beta is known to be down");
    check(self->failed == 0 && self->answered_by[VICTIM] == 0, "the dead server gets requests");

    check(server_start(victim) == 0, "no server");
    until_available(self, PEERS);
    requests(self, 60, "beta is back");
    check(self->failed == 0 && self->answered_by[VICTIM] == 20, "beta does not get its share");
}

static void all_die(client *self, server servers[])
{
    int i;
    for (i = 0; i < PEERS; i++)
        server_kill(&servers[i]);
    until_available(self, 0);
    client_count_anew(self);
    client_send(self, 40);
    turn_for(self, 300);
    print("all are down", self);
    check(self->wakes == 0, "the descriptor is readable although nothing can be chosen");
    check(server_start(&servers[0]) == 0, "no server");
    until_answered(self, 40);
    print("alpha is back", self);
    check(self->answered_by[0] == 40 && self->failed == 0, "alpha does not answer them all");
}

int main(void)
{
    server servers[PEERS];
    client client;
    struct pollfd stopped;
    int i;
    alarm(30); /* never hangs */
    signal(SIGPIPE, SIG_IGN); /* hiredis writes to connections that are lost */
    memset(&client, 0, sizeof client);
    for (i = 0; i < PEERS; i++) {
        client.ports[i] = servers[i].port = server_free_port();
        check(server_start(&servers[i]) == 0, "no server");
    }
    check((client.loop = loop_new()) != NULL, "no loop");
    client.chooser = start_chooser(client.loop, servers);
    check(client_start(&client) == 0, "no descriptor");

    requests(&client, 1, "as soon as one is up");
    until_available(&client, PEERS);
    requests(&client, 60, "all are up");
    for (i = 0; i < PEERS; i++)
        check(client.answered_by[i] == 20, "a server does not get its share");
    client_count_anew(&client);
    turn_for(&client, 50);
    check(client.wakes == 0, "the loop wakes although there is nothing to send");
    one_dies(&client, &servers[VICTIM]);
    all_die(&client, servers);
    check(threads() == 1, "there is a thread beside the loop's");

    client_end(&client);
    check(peerage_chooser_stop(client.chooser, NULL) == PEERAGE_OK, "it does not stop");
    check(peerage_chooser_drain(client.chooser, 0) == PEERAGE_OK, "a request is still under way");
    stopped.fd = client.readiness.fd;
    stopped.events = POLLIN;
    check(poll(&stopped, 1, 0) == 1, "the descriptor does not tell of the stop");
    peerage_chooser_unref(client.chooser);
    loop_free(client.loop);
    for (i = 0; i < PEERS; i++)
        server_kill(&servers[i]);
    return 0;
}
