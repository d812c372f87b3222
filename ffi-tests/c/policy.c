/* A policy in C: always the peer that became available last. */
#include "fake.h"

typedef struct newest {
    uint64_t keys[8];
    int len, finished, dropped, bytes;
    /* To be finished once more while its end is told. */
    peerage_pick *pick;
} newest;

/* Bytes, which need not be text. */
static int is_ff00(peerage_str key)
{
    return key.len == 2 && memcmp(key.ptr, "\xff", 2) == 0;
}

static void available(void *ctx, const peerage_peer_info *peer)
{
    newest *self = ctx;
    CHECK(peer->size == sizeof *peer && peer->id.len > 0 && peer->pending == 0);
    CHECK(self->len < 8);
    self->keys[self->len++] = peer->key;
}

static void unavailable(void *ctx, uint64_t key)
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
    int bytes = is_ff00(request->shard_key);
    if (bytes) {
        CHECK(is_ff00(request->routing_key) && is_ff00(request->routing_delegate));
        self->bytes++;
    }
    /* A key that was made up is noticed. */
    if (request->shard_key.len && !bytes)
        *out = UINT64_MAX;
    else if (self->len)
        *out = self->keys[self->len - 1];
    return self->len ? PEERAGE_CHOICE_MADE : PEERAGE_CHOICE_UNAVAILABLE;
}

static void finished(void *ctx, uint64_t key, int32_t outcome, int64_t latency_ns)
{
    newest *self = ctx;
    (void)key;
    if (self->pick)
        IS(peerage_pick_finish(self->pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
    /* The caller did not say it, and the policy did not ask for it to be measured. */
    CHECK(latency_ns == PEERAGE_LATENCY_UNKNOWN);
    self->finished += outcome == PEERAGE_OUTCOME_FAILURE;
}

static void gone(void *ctx) { ((newest *)ctx)->dropped++; }

static const peerage_policy *new_policy(newest *state)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    const peerage_policy *policy;
    memset(state, 0, sizeof *state);
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    ops.finished = finished;
    ops.drop = gone;
    IS(peerage_policy_new(&ops, state, &policy, NULL), PEERAGE_OK);
    return policy;
}

static void it_decides(void)
{
    fake self = FAKE_PUSHES;
    newest state;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_request request = PEERAGE_REQUEST_INIT;
    const peerage_policy *policy = new_policy(&state);
    const peerage_chooser *chooser;
    peerage_pick pick = PEERAGE_PICK_INIT;
    opts.custom_policy = policy;
    chooser = chooser_with(&self, opts);
    peerage_policy_unref(policy);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    add(chooser, "a:1");
    add(chooser, "b:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    CHECK(same(peerage_pick_id(&pick), "b:1"));
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_FAILURE), PEERAGE_OK);
    CHECK(state.finished == 1);
    /* A pick is finished by the time that the policy hears of it. */
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    state.pick = &pick;
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_FAILURE), PEERAGE_OK);
    state.pick = NULL;
    CHECK(state.finished == 2);
    request.shard_key = text("x");
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_NO_PEER);
    request.shard_key.ptr = "\xff";
    request.shard_key.len = 2;
    request.routing_key = request.routing_delegate = request.shard_key;
    CHECK(strcmp(chosen(chooser, &request), "b:1") == 0 && state.bytes == 1);
    /* It only knows of those that can be chosen. */
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    discard(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "b:1") == 0);
    CHECK(state.dropped == 0);
    end(chooser, &self);
    CHECK(state.dropped == 1);
}

static void it_serves_one_chooser(void)
{
    fake self = FAKE_PUSHES;
    newest state, unused;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_policy *policy = new_policy(&state);
    const peerage_chooser *chooser, *second;
    peerage_error *error;
    FILL(second);
    opts.transport = fake_transport(&self);
    opts.custom_policy = policy;
    /* A chooser that could not be made has not used it up. */
    opts.policy = text("random");
    IS(peerage_chooser_new(&opts, &second, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "custom_policy");
    opts.policy = text("");
    opts.default_timeout_ns = -9;
    IS(peerage_chooser_new(&opts, &second, NULL), PEERAGE_ERR_INVALID_ARGUMENT);
    opts.default_timeout_ns = 0;
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &second, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "another chooser");
    UNTOUCHED(second);
    peerage_transport_unref(opts.transport);
    end(chooser, &self);
    CHECK(state.dropped == 0);
    CHECK(peerage_policy_ref(policy) == policy);
    peerage_policy_unref(policy);
    CHECK(state.dropped == 0);
    peerage_policy_unref(policy);
    CHECK(state.dropped == 1);
    peerage_policy_unref(new_policy(&unused));
    CHECK(unused.dropped == 1);
}

int main(void)
{
    watchdog(60);
    it_decides();
    it_serves_one_chooser();
    return 0;
}
