/*
 * A preferred peer, as a request of a session names the one that has it: it is chosen by every policy
 * while it can be, and another one otherwise.
 */
#include "fake.h"

#include <stddef.h>

enum { PICKS = 20 };

static const char *const names[] = { "a:1", "b:1", "c:1" };

static void by(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    const peerage_peer *b = NULL;
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_str avoided = text("b:1");
    int i, n;
    request.shard_key = text("key");
    for (i = 0; i < 3; i++) {
        add(chooser, names[i]);
        b = i == 1 ? self.last : b;
    }
    for (i = 0; i < PICKS; i++)
        for (n = 0; n < 3; n++) {
            request.prefer = text(names[n]);
            CHECK(strcmp(chosen(chooser, &request), names[n]) == 0);
        }
    /* Not there, to be avoided, of a caller that does not know the field, away. */
    request.prefer = text("nobody:1");
    (void)chosen(chooser, &request);
    request.prefer = text("b:1");
    request.avoid = &avoided;
    request.avoid_len = 1;
    for (i = 0; i < PICKS; i++)
        CHECK(strcmp(chosen(chooser, &request), "b:1") != 0);
    request.avoid_len = 0;
    request.size = offsetof(peerage_request, prefer);
    for (i = n = 0; i < PICKS; i++)
        n += strcmp(chosen(chooser, &request), "b:1") == 0;
    CHECK(n < PICKS || strncmp(policy, "hashring32", 10) == 0);
    request.size = sizeof request;
    IS(peerage_peer_set_status(b, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    for (i = 0; i < PICKS; i++)
        CHECK(strcmp(chosen(chooser, &request), "b:1") != 0);
    end(chooser, &self);
}

/* The preferred peer has all that the bound lets it have. */
static void above_the_bound(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random:bound=1");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_pick held;
    add(chooser, "a:1");
    add(chooser, "b:1");
    request.prefer = text("b:1");
    IS(peerage_chooser_try_choose(chooser, &request, &held), PEERAGE_OK);
    CHECK(same(peerage_pick_id(&held), "b:1"));
    CHECK(strcmp(chosen(chooser, &request), "a:1") == 0);
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, &request), "b:1") == 0);
    end(chooser, &self);
}

/* A policy that knows one peer at a time, and what it has been told of it. */
typedef struct told {
    uint64_t key;
    uint32_t pending;
    int available, unavailable, asked, finished;
} told;

static void available(void *ctx, const peerage_peer_info *peer)
{
    told *self = ctx;
    CHECK(self->available++ == self->unavailable);
    self->key = peer->key;
    self->pending = peer->pending;
}

static void unavailable(void *ctx, uint64_t key)
{
    told *self = ctx;
    CHECK(key == self->key);
    self->unavailable++;
}

static peerage_choice choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    told *self = ctx;
    (void)request, (void)out;
    self->asked++;
    return PEERAGE_CHOICE_EXCLUDED;
}

static void finished(void *ctx, uint64_t key, peerage_outcome outcome, int64_t latency_ns)
{
    told *self = ctx;
    CHECK(key == self->key && outcome == PEERAGE_OUTCOME_SUCCESS);
    (void)latency_ns;
    self->finished++;
}

/* It is not asked, and hears of the request nevertheless. */
static void of_a_policy_in_c(void)
{
    fake self = FAKE_PUSHES;
    told policy = { 0, 0, 0, 0, 0, 0 };
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_request request = PEERAGE_REQUEST_INIT;
    const peerage_chooser *chooser;
    peerage_pick pick;
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    ops.finished = finished;
    IS(peerage_policy_new(&ops, &policy, &opts.custom_policy, NULL), PEERAGE_OK);
    chooser = chooser_with(&self, opts);
    peerage_policy_unref(opts.custom_policy);
    add(chooser, "a:1");
    request.prefer = text("a:1");
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_OK);
    CHECK(policy.available == 2 && policy.unavailable == 1 && policy.pending == 1);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(policy.asked == 0);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    CHECK(policy.asked == 1 && policy.finished == 1);
    end(chooser, &self);
}

/* Every size that a request has had, and some that none had: what is cut is not said. */
static void of_any_size(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "single");
    struct {
        peerage_request request;
        unsigned char more[8];
    } at;
    const peerage_request plain = PEERAGE_REQUEST_INIT;
    peerage_pick untouched = PEERAGE_PICK_INIT;
    size_t size;
    add(chooser, "a:1");
    add(chooser, "b:1");
    memset(&at, 0, sizeof at);
    at.request = plain;
    at.request.prefer = text("b:1");
    for (size = sizeof(size_t); size <= sizeof at; size++) {
        peerage_pick pick;
        int is_whole = size >= sizeof plain;
        if (size % sizeof(void *) && size < sizeof plain)
            continue; /* half of a number is another one */
        at.request.size = size;
        CHECK(strcmp(chosen(chooser, &at.request), is_whole ? "b:1" : "a:1") == 0);
        if (size <= sizeof plain)
            continue;
        at.more[size - sizeof plain - 1] = 1;
        memset(&pick, 0x5a, sizeof pick);
        IS(peerage_chooser_try_choose(chooser, &at.request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(pick.opaque[0] == UINT64_C(0x5a5a5a5a5a5a5a5a));
        at.more[size - sizeof plain - 1] = 0;
    }
    at.request.size = sizeof at.request;
    at.request.prefer = text("b:1\xff");
    IS(peerage_chooser_try_choose(chooser, &at.request, &untouched), PEERAGE_ERR_INVALID_UTF8);
    at.request.prefer.ptr = NULL;
    IS(peerage_chooser_try_choose(chooser, &at.request, &untouched), PEERAGE_ERR_NULL_POINTER);
    CHECK(untouched.opaque[0] == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    by("round-robin");
    by("random");
    by("two-random-choices");
    by("fewest-pending-requests");
    by("least-loaded");
    by("hashring32");
    by("round-robin:bound=1.25");
    above_the_bound();
    of_a_policy_in_c();
    of_any_size();
    return 0;
}
