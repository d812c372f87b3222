/*
 * A transport without a network, which most programs here share: it counts what it is asked, and
 * pushes a status from inside `retain` if told to. The test does the rest of the pushing itself.
 */
#ifndef FAKE_H
#define FAKE_H

#include "check.h"

typedef struct fake {
    int push;   /* Available, from inside `retain` */
    int reject; /* what `retain` answers, if not 0 */
    int retained, released, dropped;
    const peerage_peer *last; /* retained last; borrowed */
} fake;

#define FAKE_PUSHES { 1, 0, 0, 0, 0, NULL }
#define FAKE_SILENT { 0, 0, 0, 0, 0, NULL }

static inline int32_t fake_retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    fake *self = ctx;
    CHECK(equal(id, peerage_peer_id(peer)) && id.ptr[id.len] == 0);
    IS(peerage_peer_status(peer), PEERAGE_CONNECTION_UNAVAILABLE);
    if (self->reject)
        return self->reject;
    self->retained++;
    self->last = peer;
    if (self->push)
        IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return 0;
}

static inline void fake_release(void *ctx, const peerage_peer *peer)
{
    fake *self = ctx;
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_ERR_GONE);
    self->released++;
}

static inline void fake_drop(void *ctx)
{
    fake *self = ctx;
    CHECK(self->released == self->retained);
    self->dropped++;
}

/* The three callbacks above. */
static inline peerage_transport_ops fake_ops(void)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    ops.retain = fake_retain;
    ops.release = fake_release;
    ops.drop = fake_drop;
    return ops;
}

static inline const peerage_transport *fake_transport(fake *self)
{
    const peerage_transport_ops ops = fake_ops();
    const peerage_transport *transport;
    IS(peerage_transport_new(&ops, self, &transport, NULL), PEERAGE_OK);
    return transport;
}

/* A chooser with these options and a transport of its own that has these callbacks; not started. */
static inline const peerage_chooser *idle_over(fake *self, peerage_transport_ops ops,
                                               peerage_chooser_opts opts)
{
    const peerage_chooser *chooser;
    IS(peerage_transport_new(&ops, self, &opts.transport, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    return chooser;
}

/* One with the callbacks of the fake. */
static inline const peerage_chooser *idle_with(fake *self, peerage_chooser_opts opts)
{
    return idle_over(self, fake_ops(), opts);
}

/* The same two, running. */
static inline const peerage_chooser *chooser_over(fake *self, peerage_transport_ops ops,
                                                  peerage_chooser_opts opts)
{
    const peerage_chooser *chooser = idle_over(self, ops, opts);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    return chooser;
}

static inline const peerage_chooser *chooser_with(fake *self, peerage_chooser_opts opts)
{
    return chooser_over(self, fake_ops(), opts);
}

static inline const peerage_chooser *chooser_of(fake *self, const char *policy)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.policy = text(policy);
    return chooser_with(self, opts);
}

static inline void add(const peerage_chooser *chooser, const char *id)
{
    peerage_str str = text(id);
    IS(update(chooser, &str, 1, NULL, 0, NULL), PEERAGE_OK);
}

static inline void discard(const peerage_chooser *chooser, const char *id)
{
    peerage_str str = text(id);
    IS(update(chooser, NULL, 0, &str, 1, NULL), PEERAGE_OK);
}

/* The chooser is not used any more: everything was given back, once. */
static inline void end(const peerage_chooser *chooser, const fake *self)
{
    peerage_chooser_unref(chooser);
    CHECK(self->retained == self->released);
    CHECK(self->dropped == 1);
}

/* The same of one that an updater has fed, whose thread may hold it for a moment longer. */
static inline void end_fed(const peerage_chooser *chooser, const fake *self)
{
    peerage_chooser_unref(chooser);
    while (!*(const volatile int *)&self->dropped)
        breathe();
    CHECK(self->retained == self->released);
}

static inline peerage_pick pick_of(const peerage_chooser *chooser)
{
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    return pick;
}

/* Which peer is chosen for `request`; the request ends well. */
static inline const char *chosen(const peerage_chooser *chooser, const peerage_request *request)
{
    static char id[64];
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, request, &pick), PEERAGE_OK);
    CHECK(peerage_pick_id(&pick).len < sizeof id);
    strcpy(id, peerage_pick_id(&pick).ptr);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    return id;
}

#endif
