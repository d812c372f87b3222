/*
 * Why a policy in C has no peer, and when who waits asks it again: each answer waits for what it
 * says and for nothing else.
 */
#include "fake.h"

/* Answers what the test says, or its newest peer. */
typedef struct oracle {
    const peerage_ask_again *ask_again;
    uint64_t keys[8];
    int len, asked, attached, calls;
    int32_t answer;
    uint64_t needed;
} oracle;

static void attached(void *ctx, const peerage_ask_again *ask_again)
{
    oracle *self = ctx;
    CHECK(self->calls++ == 0 && ++self->attached == 1);
    CHECK(peerage_ask_again_ref(ask_again) == ask_again);
    self->ask_again = ask_again;
    /* No caller waits yet. */
    IS(peerage_ask_again_trigger(ask_again), PEERAGE_OK);
}

static void available(void *ctx, const peerage_peer_info *peer)
{
    oracle *self = ctx;
    self->calls++;
    CHECK(self->len < 8);
    self->keys[self->len++] = peer->key;
}

static void unavailable(void *ctx, uint64_t key)
{
    oracle *self = ctx;
    int i = 0;
    while (self->keys[i] != key)
        CHECK(++i < self->len);
    self->keys[i] = self->keys[--self->len];
}

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    oracle *self = ctx;
    (void)request;
    self->asked++;
    if (self->answer == PEERAGE_CHOICE_TOO_FEW)
        *out = self->needed;
    if (self->answer != PEERAGE_CHOICE_MADE)
        return self->answer;
    if (self->len == 0)
        return PEERAGE_CHOICE_UNAVAILABLE;
    *out = self->keys[self->len - 1];
    return PEERAGE_CHOICE_MADE;
}

static void drop(void *ctx)
{
    oracle *self = ctx;
    peerage_ask_again_unref(self->ask_again);
    self->ask_again = NULL;
}

static const peerage_chooser *running(fake *transport, oracle *self, uint64_t watches)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    memset(self, 0, sizeof *self);
    ops.attached = attached;
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    ops.drop = drop;
    ops.watches = watches;
    IS(peerage_policy_new(&ops, self, &opts.custom_policy, NULL), PEERAGE_OK);
    CHECK(self->attached == 0);
    chooser = chooser_with(transport, opts);
    CHECK(self->attached == 1 && self->ask_again);
    peerage_policy_unref(opts.custom_policy);
    return chooser;
}

static void given(void *ctx, int32_t status)
{
    IS(status, PEERAGE_OK);
    ++*(int *)ctx;
}

static void wait_for(const peerage_chooser *chooser, const char *key, int *told)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    request.shard_key = text(key);
    *told = 0;
    IS(peerage_chooser_notify_ready(chooser, &request, given, told, NULL, NULL), PEERAGE_OK);
}

static void another_peer(void)
{
    static const int32_t answers[] = {
        PEERAGE_CHOICE_EXCLUDED, PEERAGE_CHOICE_UNAVAILABLE, 7, -1, 1000,
    };
    size_t i;
    for (i = 0; i < sizeof answers / sizeof *answers; i++) {
        fake transport = FAKE_PUSHES;
        oracle self;
        const peerage_chooser *chooser = running(&transport, &self, 0);
        peerage_pick pick;
        int told;
        add(chooser, "a:1");
        self.answer = answers[i];
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
        wait_for(chooser, "", &told);
        CHECK(told == 0);
        add(chooser, "b:1");
        CHECK(told == 1);
        end(chooser, &transport);
        CHECK(!self.ask_again);
    }
}

static void enough_peers(void)
{
    fake transport = FAKE_PUSHES;
    oracle self;
    const peerage_chooser *chooser = running(&transport, &self, 0);
    int told;
    self.answer = PEERAGE_CHOICE_TOO_FEW;
    self.needed = 3;
    add(chooser, "a:1");
    wait_for(chooser, "", &told);
    add(chooser, "b:1");
    CHECK(told == 0);
    add(chooser, "c:1");
    CHECK(told == 1);
    /* So many there never are. */
    self.needed = UINT64_MAX;
    wait_for(chooser, "", &told);
    add(chooser, "d:1");
    CHECK(told == 0);
    self.answer = PEERAGE_CHOICE_MADE;
    IS(peerage_ask_again_trigger(self.ask_again), PEERAGE_OK);
    CHECK(told == 1);
    end(chooser, &transport);
}

static void the_named_peer(void)
{
    fake transport = FAKE_PUSHES;
    oracle self;
    const peerage_chooser *chooser = running(&transport, &self, 0);
    int told;
    self.answer = PEERAGE_CHOICE_NOT_THE_NAMED;
    add(chooser, "a:1");
    wait_for(chooser, "c:1", &told);
    add(chooser, "b:1");
    CHECK(told == 0);
    add(chooser, "c:1");
    CHECK(told == 1);
    end(chooser, &transport);
}

/* Not a peer that comes: only the policy's own word. It can be given inside a callback too. */
static void the_policys_word(void)
{
    fake transport = FAKE_PUSHES;
    oracle self;
    const peerage_chooser *chooser = running(&transport, &self, 0);
    int told, also;
    self.answer = PEERAGE_CHOICE_NOT_READY;
    add(chooser, "a:1");
    wait_for(chooser, "", &told);
    wait_for(chooser, "", &also);
    add(chooser, "b:1");
    CHECK(told == 0 && also == 0);
    self.answer = PEERAGE_CHOICE_MADE;
    IS(peerage_ask_again_trigger(self.ask_again), PEERAGE_OK);
    CHECK(told == 1 && also == 1);
    end(chooser, &transport);
}

/* A request that ends is a reason for every notice, which cannot pass a place on, if the policy
 * watches places. */
static void a_place(uint64_t watches)
{
    fake transport = FAKE_PUSHES;
    oracle self;
    const peerage_chooser *chooser = running(&transport, &self, watches);
    peerage_pick pick;
    int told, also;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    self.answer = PEERAGE_CHOICE_AT_CAPACITY;
    wait_for(chooser, "", &told);
    wait_for(chooser, "", &also);
    CHECK(told == 0 && also == 0);
    IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, 5), PEERAGE_OK);
    CHECK(told + also == (watches ? 2 : 0));
    if (!watches) {
        /* A peer that becomes available is a reason too. */
        add(chooser, "b:1");
        CHECK(told + also == 2);
    }
    end(chooser, &transport);
}

int main(void)
{
    watchdog(60);
    another_peer();
    enough_peers();
    the_named_peer();
    the_policys_word();
    a_place(PEERAGE_WATCH_PLACES);
    a_place(0);
    return 0;
}
