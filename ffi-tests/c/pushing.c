/*
 * A transport with a thread of its own, as real ones have: `retain` only puts the peer on the
 * thread's list. The thread connects it, loses the connection after a while, and connects again,
 * until the peer is released. Callers see nothing of that but peers that are available.
 */
#include "check.h"
#include <pthread.h>

enum { PEERS = 3, ROUNDS = 50 };

typedef struct wire {
    const peerage_peer *peer; /* a reference of the thread's */
    int reconnects, released;
} wire;

typedef struct connector {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    wire wires[PEERS];
    int len, ended;
    int retained, released, dropped;
} connector;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    connector *self = ctx;
    (void)id;
    pthread_mutex_lock(&self->lock);
    CHECK(self->len < PEERS);
    self->wires[self->len++].peer = peerage_peer_ref(peer);
    self->retained++;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    return 0;
}

static void release(void *ctx, const peerage_peer *peer)
{
    connector *self = ctx;
    int i;
    pthread_mutex_lock(&self->lock);
    for (i = 0; i < self->len && self->wires[i].peer != peer; i++)
        ;
    CHECK(i < self->len);
    self->wires[i].released = 1;
    self->released++;
    pthread_mutex_unlock(&self->lock);
}

static void drop(void *ctx) { ((connector *)ctx)->dropped++; }

/* Says how the peer is, without the lock: a status may call back. */
static void report(connector *self, wire *wire, int32_t status)
{
    int released = wire->released;
    int32_t answer;
    pthread_mutex_unlock(&self->lock);
    answer = peerage_peer_set_status(wire->peer, status);
    pthread_mutex_lock(&self->lock);
    /* A push is refused a little before `release` says why. */
    CHECK(answer == PEERAGE_ERR_GONE || (answer == PEERAGE_OK && !released));
}

static void *connects(void *ctx)
{
    connector *self = ctx;
    int i;
    pthread_mutex_lock(&self->lock);
    while (!self->ended) {
        for (i = 0; i < self->len; i++) {
            wire *wire = &self->wires[i];
            report(self, wire, PEERAGE_CONNECTION_UNAVAILABLE);
            report(self, wire, PEERAGE_CONNECTION_CONNECTING);
            report(self, wire, PEERAGE_CONNECTION_AVAILABLE);
            wire->reconnects++;
        }
        pthread_cond_broadcast(&self->changed);
        while (!self->ended && self->len == 0)
            pthread_cond_wait(&self->changed, &self->lock);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* Waits until every peer has been connected so often again. */
static void reconnected(connector *self, int often)
{
    int before[PEERS], i;
    pthread_mutex_lock(&self->lock);
    while (self->len < PEERS)
        pthread_cond_wait(&self->changed, &self->lock);
    for (i = 0; i < PEERS; i++)
        before[i] = self->wires[i].reconnects;
    for (i = 0; i < PEERS; i++)
        while (self->wires[i].reconnects < before[i] + often)
            pthread_cond_wait(&self->changed, &self->lock);
    pthread_mutex_unlock(&self->lock);
}

static void finish(connector *self)
{
    pthread_mutex_lock(&self->lock);
    self->ended = 1;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
}

static const peerage_chooser *running(connector *self)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    ops.retain = retain;
    ops.release = release;
    ops.drop = drop;
    IS(peerage_transport_new(&ops, self, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text("two-random-choices");
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    return chooser;
}

int main(void)
{
    connector self;
    const peerage_chooser *chooser;
    peerage_str ids[PEERS];
    peerage_stats stats;
    peerage_pick pick;
    int i;
    watchdog(60);
    memset(&self, 0, sizeof self);
    pthread_mutex_init(&self.lock, NULL);
    pthread_cond_init(&self.changed, NULL);
    chooser = running(&self);
    CHECK(pthread_create(&self.thread, NULL, connects, &self) == 0);
    ids[0] = text("a:1"), ids[1] = text("b:1"), ids[2] = text("c:1");
    IS(update(chooser, ids, PEERS, NULL, 0, NULL), PEERAGE_OK);
    for (i = 0; i < ROUNDS; i++) {
        IS(peerage_chooser_choose(chooser, NULL, 10000000000, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
        reconnected(&self, 1);
    }
    /* Released while the thread still pushes: that changes nothing any more. */
    IS(update(chooser, NULL, 0, ids, 1, NULL), PEERAGE_OK);
    reconnected(&self, 2);
    stats = stats_of(chooser);
    CHECK(stats.peers == 2 && stats.pending == 0);
    /* At rest, all that is left is available. */
    finish(&self);
    stats = stats_of(chooser);
    CHECK(stats.available == 2);
    peerage_chooser_unref(chooser);
    CHECK(self.retained == PEERS && self.released == PEERS && self.dropped == 1);
    for (i = 0; i < PEERS; i++)
        peerage_peer_unref(self.wires[i].peer);
    pthread_mutex_destroy(&self.lock);
    pthread_cond_destroy(&self.changed);
    return 0;
}
