/*
 * What a policy in C sees of a request: its keys, its headers, the peers to avoid, the one it
 * prefers. And that it can pass the request on to another chooser as it is.
 */
#include "fake.h"

/* A policy that checks what it is given, and asks another chooser. */
typedef struct reader {
    uint64_t key;
    const peerage_request *expected; /* what the caller asked for */
    const peerage_chooser *inner;
    char passed_to[16];
    int asked;
} reader;

static void available(void *ctx, const peerage_peer_info *peer) { ((reader *)ctx)->key = peer->key; }

static void unavailable(void *ctx, uint64_t key) { (void)ctx, (void)key; }

static void has(const peerage_request *request, const char *name, int32_t status, peerage_str value)
{
    peerage_str found;
    FILL(found);
    IS(peerage_request_header(request, text(name), &found), status);
    if (status == PEERAGE_OK)
        CHECK(equal(found, value) && found.ptr);
    else
        UNTOUCHED(found);
}

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    reader *self = ctx;
    const peerage_request *expected = self->expected;
    peerage_request changed;
    peerage_pick pick;
    size_t i;
    self->asked++;
    CHECK(request->size == sizeof *request);
    CHECK(equal(request->shard_key, expected->shard_key) && request->shard_key.ptr);
    CHECK(equal(request->routing_key, expected->routing_key) && request->routing_key.ptr);
    CHECK(equal(request->routing_delegate, expected->routing_delegate));
    CHECK(request->avoid_len == expected->avoid_len);
    for (i = 0; i < request->avoid_len; i++)
        CHECK(equal(request->avoid[i], expected->avoid[i]));
    CHECK(equal(request->prefer, expected->prefer));
    for (i = 0; i < expected->headers_len; i++)
        has(request, expected->headers[i].name.ptr, PEERAGE_OK, expected->headers[i].value);
    has(request, "x-none", PEERAGE_ERR_NOT_FOUND, text(""));
    has(request, "\xff", PEERAGE_ERR_INVALID_UTF8, text(""));
    if (self->inner) {
        IS(peerage_chooser_try_choose(self->inner, request, &pick), PEERAGE_OK);
        strcpy(self->passed_to, peerage_pick_id(&pick).ptr);
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
        /* A copy can be changed, and its headers are still the caller's. */
        changed = *request;
        changed.avoid_len = 0;
        changed.shard_key = text("other");
        if (expected->headers_len)
            has(&changed, "X-SHARD", PEERAGE_OK, expected->headers[0].value);
        IS(peerage_chooser_try_choose(self->inner, &changed, &pick), PEERAGE_OK);
        if (expected->headers_len && expected->avoid_len == 0)
            CHECK(same(peerage_pick_id(&pick), self->passed_to));
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    }
    *out = self->key;
    return PEERAGE_CHOICE_MADE;
}

static const peerage_chooser *running(fake *transport, reader *self)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    memset(self, 0, sizeof *self);
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    IS(peerage_policy_new(&ops, self, &opts.custom_policy, NULL), PEERAGE_OK);
    chooser = chooser_with(transport, opts);
    peerage_policy_unref(opts.custom_policy);
    add(chooser, "a:1");
    return chooser;
}

static void ask(const peerage_chooser *chooser, reader *self, const peerage_request *request)
{
    static const peerage_request nothing = PEERAGE_REQUEST_INIT;
    peerage_pick pick;
    int asked = self->asked;
    self->expected = request ? request : &nothing;
    IS(peerage_chooser_try_choose(chooser, request, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, request, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self->asked >= asked + 2);
}

int main(void)
{
    fake transport = FAKE_PUSHES, rings = FAKE_PUSHES;
    reader self;
    const peerage_chooser *chooser, *ring;
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_header headers[2];
    peerage_str avoid[40], value;
    char direct[16], key[8];
    size_t i;
    watchdog(60);
    chooser = running(&transport, &self);
    ring = chooser_of(&rings, "hashring32:replicas=9,delimiter=#,alternate-shard-key-header=x-shard");
    for (i = 0; i < 5; i++) {
        static const char *const peers[] = { "p0:1", "p1:1", "p2:1", "p3:1", "p4:1" };
        add(ring, peers[i]);
    }
    ask(chooser, &self, NULL);
    request.shard_key = request.routing_key = text("key");
    ask(chooser, &self, &request);
    /* Any bytes, none of them, and names in another case. */
    headers[0].name = text("X-Shard");
    headers[0].value.ptr = "\xff\0z";
    headers[0].value.len = 3;
    headers[1].name = text("empty");
    headers[1].value = text("");
    request.headers = headers;
    request.headers_len = 2;
    ask(chooser, &self, &request);
    /* As many peers to avoid as fit on the library's stack, one more, and many. */
    for (i = 0; i < 40; i++)
        avoid[i] = text("nobody:1");
    request.avoid = avoid;
    for (i = 1; i <= 40; i++) {
        request.avoid_len = i;
        ask(chooser, &self, &request);
    }
    request.prefer = text("nobody:1");
    ask(chooser, &self, &request);
    request.prefer = text("");
    /* Passed on, it goes where it would have gone itself, by the key in its header. */
    self.inner = ring;
    request.avoid_len = 0;
    for (i = 0; i < 20; i++) {
        sprintf(key, "key-%d", (int)i);
        headers[0].value = text(key);
        strcpy(direct, chosen(ring, &request));
        ask(chooser, &self, &request);
        CHECK(strcmp(self.passed_to, direct) == 0);
    }
    avoid[0] = text(direct);
    request.avoid_len = 1;
    ask(chooser, &self, &request);
    CHECK(strcmp(self.passed_to, direct) != 0);
    /* One's own request can be looked at too, an older one with fewer fields as well. */
    IS(peerage_request_header(&request, text("EMPTY"), &value), PEERAGE_OK);
    CHECK(value.len == 0);
    request.size = sizeof(size_t);
    IS(peerage_request_header(&request, text("EMPTY"), &value), PEERAGE_ERR_NOT_FOUND);
    request.size = 1;
    IS(peerage_request_header(&request, text("EMPTY"), &value), PEERAGE_ERR_INVALID_ARGUMENT);
    end(chooser, &transport);
    end(ring, &rings);
    return 0;
}
