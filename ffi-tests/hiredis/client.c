/*
 * A request is `CONFIG GET port`, by which a server says who it is. It may be sent twice without
 * harm, so one whose connection is lost is sent again; a request that must not be is given up there.
 */
#define _POSIX_C_SOURCE 200809L
#include "client.h"

#include "transport.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

typedef struct request {
    client *client;
    peerage_pick pick;
} request;

static void update_watch(client *self)
{
    int can_send = self->unsent > 0 && self->under_way < WINDOW;
    loop_watch(self->loop, &self->readiness, can_send ? EPOLLIN : 0);
}

static void count(client *self, const redisReply *reply, const peerage_pick *pick)
{
    const char *picked = strchr(peerage_pick_id(pick).ptr, ':') + 1;
    int i, port;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
        self->wrong++;
        return;
    }
    port = atoi(reply->element[1]->str);
    self->answered++;
    self->wrong += port != atoi(picked);
    for (i = 0; i < PEERS; i++)
        self->answered_by[i] += port == self->ports[i];
}

static void on_reply(redisAsyncContext *redis, void *reply, void *arg)
{
    request *done = arg;
    client *self = done->client;
    (void)redis;
    if (reply) {
        count(self, reply, &done->pick);
        peerage_pick_finish(&done->pick, PEERAGE_OUTCOME_SUCCESS);
    } else {
        remote_lost(peerage_pick_data(&done->pick));
        peerage_pick_finish(&done->pick, PEERAGE_OUTCOME_FAILURE);
        self->failed++;
        self->unsent++;
    }
    self->under_way--;
    free(done);
    update_watch(self);
}

/* One request, if there is a peer for it now. */
static int send_one(client *self)
{
    request *new = malloc(sizeof *new);
    remote *remote;
    if (!new)
        return 0;
    if (peerage_chooser_try_choose(self->chooser, NULL, &new->pick) != PEERAGE_OK) {
        free(new);
        return 0;
    }
    remote = peerage_pick_data(&new->pick);
    new->client = self;
    if (redisAsyncCommand(remote->redis, on_reply, new, "CONFIG GET port") != REDIS_OK) {
        remote_lost(remote);
        peerage_pick_finish(&new->pick, PEERAGE_OUTCOME_NOT_SENT);
        free(new);
        return 0;
    }
    self->unsent--;
    self->under_way++;
    return 1;
}

static void ready(watch *watch, uint32_t events)
{
    client *self = (client *)watch;
    (void)events;
    self->wakes++;
    while (self->unsent > 0 && self->under_way < WINDOW && send_one(self))
        ;
    update_watch(self);
}

int client_start(client *self)
{
    int32_t fd;
    if (peerage_chooser_ready_fd(self->chooser, &fd, NULL) != PEERAGE_OK)
        return -1;
    self->readiness.fd = fd;
    self->readiness.ready = ready;
    return 0;
}

void client_send(client *self, int requests)
{
    self->unsent += requests;
    update_watch(self);
}

void client_count_anew(client *self)
{
    self->wakes = self->answered = self->failed = self->wrong = 0;
    memset(self->answered_by, 0, sizeof self->answered_by);
}

void client_end(client *self) { loop_watch(self->loop, &self->readiness, 0); }
