/* Assertions that stay on, and a transport that the tests share. */
#ifndef CHECK_H
#define CHECK_H

#include <peerage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what)                                                     \
    do {                                                                \
        if (!(what)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);  \
            abort();                                                    \
        }                                                               \
    } while (0)
#define IS(call, expected)                                              \
    do {                                                                \
        int32_t got_ = (call);                                          \
        if (got_ != (expected)) {                                       \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__,      \
                    #call, peerage_status_name(got_));                  \
            abort();                                                    \
        }                                                               \
    } while (0)

/* Counts what it is asked; pushes Available inline unless told not to. */
typedef struct fake {
    int push;
    int reject;
    int retained, released, dropped;
    const peerage_peer *last;
} fake;

static int32_t fake_retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    fake *self = ctx;
    (void)id;
    if (self->reject)
        return self->reject;
    self->retained++;
    self->last = peer;
    if (self->push)
        IS(peerage_peer_set_status(peer, PEERAGE_AVAILABLE), PEERAGE_OK);
    return 0;
}

static void fake_release(void *ctx, const peerage_peer *peer)
{
    fake *self = ctx;
    IS(peerage_peer_set_status(peer, PEERAGE_AVAILABLE), PEERAGE_ERR_GONE);
    self->released++;
}

static void fake_drop(void *ctx) { ((fake *)ctx)->dropped++; }

static const peerage_transport *fake_transport(fake *self)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    const peerage_transport *transport;
    ops.retain = fake_retain;
    ops.release = fake_release;
    ops.drop = fake_drop;
    IS(peerage_transport_new(&ops, self, &transport, NULL), PEERAGE_OK);
    return transport;
}

static peerage_str text(const char *s)
{
    peerage_str str;
    str.ptr = s;
    str.len = strlen(s);
    return str;
}

static const peerage_chooser *chooser_of(fake *self, const char *policy)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    opts.policy = text(policy);
    opts.transport = fake_transport(self);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    return chooser;
}

static void add(const peerage_chooser *chooser, const char *id)
{
    peerage_str str = text(id);
    IS(peerage_chooser_update(chooser, &str, 1, NULL, 0, NULL), PEERAGE_OK);
}

#endif
