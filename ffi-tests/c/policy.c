/* A policy in C: always the peer that was added last. */
#include "check.h"

typedef struct newest {
    uint64_t keys[8];
    int len, finished, dropped;
} newest;

static void added(void *ctx, uint64_t key, peerage_str id, uint32_t pending)
{
    newest *self = ctx;
    CHECK(id.len > 0 && pending == 0 && self->len < 8);
    self->keys[self->len++] = key;
}

static void removed(void *ctx, uint64_t key)
{
    newest *self = ctx;
    int i = 0;
    while (self->keys[i] != key)
        CHECK(++i < self->len);
    self->len--;
    memmove(&self->keys[i], &self->keys[i + 1], (size_t)(self->len - i) * sizeof key);
}

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    newest *self = ctx;
    /* A key that was made up is noticed. */
    if (request->shard_key.len)
        *out = UINT64_MAX;
    else if (self->len)
        *out = self->keys[self->len - 1];
    return self->len == 0;
}

static void finished(void *ctx, uint64_t key, int32_t outcome)
{
    (void)key;
    ((newest *)ctx)->finished += outcome == PEERAGE_FAILURE;
}

static void gone(void *ctx) { ((newest *)ctx)->dropped++; }

int main(void)
{
    fake self = {1, 0, 0, 0, 0, NULL};
    newest state;
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_request request = PEERAGE_REQUEST_INIT;
    const peerage_policy *policy;
    const peerage_chooser *chooser, *second = NULL;
    peerage_pick pick = PEERAGE_PICK_INIT;
    memset(&state, 0, sizeof state);
    ops.added = added;
    ops.removed = removed;
    ops.choose = choose;
    ops.finished = finished;
    ops.drop = gone;
    IS(peerage_policy_new(&ops, &state, &policy, NULL), PEERAGE_OK);
    opts.policy_custom = policy;
    opts.transport = fake_transport(&self);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &second, NULL), PEERAGE_ERR_INVALID_ARGUMENT);
    peerage_policy_unref(policy);
    peerage_transport_unref(opts.transport);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    add(chooser, "a:1");
    add(chooser, "b:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    CHECK(strcmp(peerage_pick_id(&pick).ptr, "b:1") == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_FAILURE), PEERAGE_OK);
    CHECK(state.finished == 1);
    request.shard_key = text("x");
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_NO_PEER);
    peerage_chooser_unref(chooser);
    CHECK(state.dropped == 1 && self.dropped == 1 && self.released == 2);
    return 0;
}
