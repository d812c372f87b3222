/* Callbacks may call any function: update, stop, and give up the last reference. */
#include "check.h"

typedef struct state {
    const peerage_chooser *chooser;
    int nested, released, dropped, stop_in_started;
} state;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    state *self = ctx;
    IS(peerage_peer_set_status(peer, PEERAGE_AVAILABLE), PEERAGE_OK);
    if (id.ptr[0] == 'a') {
        peerage_pick pick;
        add(self->chooser, "nested:1");
        IS(peerage_chooser_try_choose(self->chooser, NULL, &pick), PEERAGE_OK);
        IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_OK);
        self->nested++;
    }
    return 0;
}

static void release(void *ctx, const peerage_peer *peer)
{
    peerage_stats stats;
    state *self = ctx;
    (void)peer;
    self->released++;
    if (self->chooser)
        IS(peerage_chooser_stats(self->chooser, &stats, sizeof stats), PEERAGE_OK);
}

static void started(void *ctx, const peerage_peer *peer)
{
    state *self = ctx;
    const peerage_chooser *chooser = self->chooser;
    (void)peer;
    if (!self->stop_in_started)
        return;
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    self->chooser = NULL;
    peerage_chooser_unref(chooser);
}

static void drop(void *ctx) { ((state *)ctx)->dropped++; }

int main(void)
{
    state self = {NULL, 0, 0, 0, 0};
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_pick pick;
    ops.retain = retain;
    ops.release = release;
    ops.started = started;
    ops.drop = drop;
    IS(peerage_transport_new(&ops, &self, &opts.transport, NULL), PEERAGE_OK);
    opts.policy = text("round-robin");
    IS(peerage_chooser_new(&opts, &self.chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(self.chooser, NULL), PEERAGE_OK);
    add(self.chooser, "a:1");
    CHECK(self.nested == 1);
    self.stop_in_started = 1;
    IS(peerage_chooser_choose(self.chooser, NULL, 0, NULL, &pick), PEERAGE_OK);
    CHECK(self.chooser == NULL && self.released == 1 && self.dropped == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 2 && self.dropped == 1);
    return 0;
}
