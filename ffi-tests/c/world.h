/*
 * A chooser with every callback there is, and a day in its life that reaches all of them.
 *
 * A test arms one action at one site: the n-th time that this callback runs, it does the action
 * before it goes on. Nothing is known then of what the rest of the day answers, but for this: no
 * call fails for a reason of the caller's, nothing hangs, and in the end everything that was handed
 * over has been given back, once.
 */
#ifndef WORLD_H
#define WORLD_H

#include "fake.h"

#define SITES(X)                                                                       \
    X(RETAIN) X(RELEASE) X(STARTED) X(FINISHED) X(TRANSPORT_DROP) X(DATA_DROP)         \
    X(LOG_EMIT) X(LOG_DROP) X(READY) X(NOTICE_DROP)                                    \
    X(POLICY_ATTACHED) X(POLICY_AVAILABLE) X(POLICY_UNAVAILABLE) X(POLICY_CHOOSE)      \
    X(POLICY_FINISHED) X(POLICY_DROP)
#define AS_NAME(name) name,
#define AS_TEXT(name) #name,
enum site { SITES(AS_NAME) SITE_COUNT };
static const char *const site_names[] = { SITES(AS_TEXT) };

typedef struct world {
    const peerage_chooser *chooser; /* the last reference; NULL once it is given up */
    const peerage_transport *transport;
    const peerage_chooser *bystander; /* see `other` */
    fake others;
    const peerage_cancel *cancel;
    const peerage_peer *peers[64]; /* every peer that was retained; a reference to each */
    int peers_len;
    peerage_pick pick; /* held for most of the day */

    enum site site;
    int countdown, done;
    void (*action)(struct world *);

    const peerage_ask_again *ask_again; /* the policy's */
    uint64_t keys[64];
    int keys_len;
    int retained, released, transport_dropped, attached, data_dropped;
    int log_dropped, notices, notices_dropped, policy_dropped;
} world;

/* What runs now, for the message of a test that fails. */
static const char *now_policy, *now_action;
static enum site now_site;
static int now_countdown;

static inline void tell_what_ran(int signal)
{
    (void)signal;
    fprintf(stderr, "during %s in the call %d of %s, %s\n", now_action, now_countdown + 1,
            site_names[now_site], now_policy);
}

static inline void at(world *self, enum site site)
{
    if (site != self->site || self->countdown-- != 0)
        return;
    self->done = 1;
    self->action(self);
}

/* Any answer but one that blames the caller or the library. */
static inline void may(int32_t status)
{
    CHECK(status != PEERAGE_ERR_NULL_POINTER && status != PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(status != PEERAGE_ERR_INVALID_UTF8 && status != PEERAGE_ERR_PANIC);
}

/* All requests are for the same shard, because `direct` wants to be told which peer. */
static inline const peerage_request *request(void)
{
    static peerage_request for_a = PEERAGE_REQUEST_INIT;
    for_a.shard_key = text("a:1");
    return &for_a;
}

static inline void data_drop(void *ctx)
{
    ((world *)ctx)->data_dropped++;
    at(ctx, DATA_DROP);
}

static inline void attach(world *self, const peerage_peer *peer)
{
    self->attached++;
    IS(peerage_peer_set_data(peer, self, data_drop), PEERAGE_OK);
}

/* What was attached before is dropped. */
static inline void attach_all(world *self)
{
    int i;
    for (i = 0; i < self->peers_len; i++)
        if (self->peers[i])
            attach(self, self->peers[i]);
}

static inline void push_all(world *self, int32_t status)
{
    int i;
    for (i = 0; i < self->peers_len; i++)
        if (self->peers[i])
            may(peerage_peer_set_status(self->peers[i], status));
}

static inline int32_t world_retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    world *self = ctx;
    CHECK(id.len > 0 && self->peers_len < 64);
    self->retained++;
    self->peers[self->peers_len++] = peerage_peer_ref(peer);
    attach(self, peer);
    at(self, RETAIN);
    may(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE));
    return 0;
}

static inline void world_release(void *ctx, const peerage_peer *peer)
{
    ((world *)ctx)->released++;
    at(ctx, RELEASE);
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_ERR_GONE);
}

static inline void world_started(void *ctx, const peerage_peer *peer)
{
    at(ctx, STARTED);
    CHECK(peerage_peer_id(peer).len > 0);
}

static inline void world_finished(void *ctx, const peerage_peer *peer, int32_t outcome)
{
    CHECK(outcome >= PEERAGE_OUTCOME_SUCCESS && outcome <= PEERAGE_OUTCOME_ABANDONED);
    at(ctx, FINISHED);
    CHECK(peerage_peer_id(peer).len > 0);
}

static inline void world_drop(void *ctx)
{
    world *self = ctx;
    CHECK(++self->transport_dropped == 1 && self->released == self->retained);
    at(self, TRANSPORT_DROP);
}

static inline void world_emit(void *ctx, int32_t level, peerage_str message)
{
    CHECK(level >= PEERAGE_LOG_ERROR && level <= PEERAGE_LOG_DEBUG);
    at(ctx, LOG_EMIT);
    CHECK(message.len > 0 && message.ptr[message.len] == 0);
}

static inline void world_log_drop(void *ctx)
{
    CHECK(++((world *)ctx)->log_dropped == 1);
    at(ctx, LOG_DROP);
}

static inline void world_ready(void *ctx, int32_t status)
{
    CHECK(status == PEERAGE_OK || status == PEERAGE_ERR_STOPPED);
    at(ctx, READY);
}

static inline void world_notice_drop(void *ctx)
{
    ((world *)ctx)->notices_dropped++;
    at(ctx, NOTICE_DROP);
}

/* Another chooser, for those who are called when this one is gone; made when it is wanted. */
static inline const peerage_chooser *other(world *self)
{
    if (!self->bystander) {
        self->others.push = 1;
        self->bystander = chooser_of(&self->others, "random");
        add(self->bystander, "z:1");
    }
    return self->bystander;
}

static inline uint64_t notify(world *self, const peerage_chooser *chooser)
{
    uint64_t id = 0;
    self->notices++;
    IS(peerage_chooser_notify_ready(chooser, request(), world_ready, self, world_notice_drop, &id),
       PEERAGE_OK);
    return id;
}

static inline void world_attached(void *ctx, const peerage_ask_again *ask_again)
{
    world *self = ctx;
    CHECK(!self->ask_again && self->keys_len == 0);
    self->ask_again = peerage_ask_again_ref(ask_again);
    at(self, POLICY_ATTACHED);
}

static inline void world_available(void *ctx, const peerage_peer_info *peer)
{
    world *self = ctx;
    CHECK(peer->size == sizeof *peer && self->keys_len < 64);
    self->keys[self->keys_len++] = peer->key;
    at(self, POLICY_AVAILABLE);
    CHECK(peer->id.len > 0 && peer->id.ptr[peer->id.len] == 0);
}

static inline void world_unavailable(void *ctx, uint64_t key)
{
    world *self = ctx;
    int i = 0;
    while (self->keys[i] != key)
        CHECK(++i < self->keys_len);
    self->keys[i] = self->keys[--self->keys_len];
    at(self, POLICY_UNAVAILABLE);
}

static inline int32_t world_choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    world *self = ctx;
    at(self, POLICY_CHOOSE);
    CHECK(request->size == sizeof *request);
    if (self->keys_len)
        *out = self->keys[0];
    return self->keys_len ? PEERAGE_CHOICE_MADE : PEERAGE_CHOICE_UNAVAILABLE;
}

static inline void world_policy_finished(void *ctx, uint64_t key, int32_t outcome,
                                         int64_t latency_ns)
{
    (void)key, (void)outcome;
    CHECK(latency_ns >= PEERAGE_LATENCY_UNKNOWN);
    at(ctx, POLICY_FINISHED);
}

static inline void world_policy_drop(void *ctx)
{
    CHECK(++((world *)ctx)->policy_dropped == 1);
    at(ctx, POLICY_DROP);
}

#endif
