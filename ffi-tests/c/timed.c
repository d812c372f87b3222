/*
 * How long requests took: said by the caller, or measured because the policy asked, or unknown.
 */
#include "fake.h"
#include <limits.h>

/* Hands out its only peer, and remembers what it heard last. */
typedef struct listener {
    uint64_t key;
    int ends;
    int32_t outcome;
    int64_t latency;
} listener;

static void available(void *ctx, const peerage_peer_info *peer)
{
    ((listener *)ctx)->key = peer->key;
}

static void unavailable(void *ctx, uint64_t key) { (void)ctx, (void)key; }

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    (void)request;
    *out = ((listener *)ctx)->key;
    return PEERAGE_CHOICE_MADE;
}

static void finished(void *ctx, uint64_t key, int32_t outcome, int64_t latency_ns)
{
    listener *self = ctx;
    CHECK(key == self->key);
    self->ends++;
    self->outcome = outcome;
    self->latency = latency_ns;
}

static const peerage_chooser *chooser_that(fake *transport, listener *self, uint64_t watches)
{
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    memset(self, 0, sizeof *self);
    ops.available = available;
    ops.unavailable = unavailable;
    ops.choose = choose;
    ops.finished = finished;
    ops.watches = watches;
    IS(peerage_policy_new(&ops, self, &opts.custom_policy, NULL), PEERAGE_OK);
    chooser = chooser_with(transport, opts);
    peerage_policy_unref(opts.custom_policy);
    add(chooser, "a:1");
    return chooser;
}

/* What is said is told as it is, whether the policy asked or not. */
static void what_is_said(uint64_t watches)
{
    static const int64_t said[] = { 0, 1, 12345678, INT64_MAX };
    fake transport = FAKE_PUSHES;
    listener self;
    const peerage_chooser *chooser = chooser_that(&transport, &self, watches);
    size_t i;
    for (i = 0; i < sizeof said / sizeof *said; i++) {
        peerage_pick pick = pick_of(chooser);
        IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_OVERLOADED, said[i]), PEERAGE_OK);
        CHECK(self.latency == said[i] && self.outcome == PEERAGE_OUTCOME_OVERLOADED);
        IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, 1), PEERAGE_ERR_FINISHED);
        CHECK(self.ends == (int)i + 1);
    }
    end(chooser, &transport);
}

/* What is not said is measured from the choice on, for a policy that asked, and unknown else. */
static void what_is_not_said(uint64_t watches)
{
    fake transport = FAKE_PUSHES;
    listener self;
    const peerage_chooser *chooser = chooser_that(&transport, &self, watches);
    int i;
    for (i = 0; i < 3; i++) {
        const struct timespec a_while = { 0, 2000000 };
        int64_t before = now_ns(), after;
        peerage_pick pick = pick_of(chooser), moved;
        CHECK((pick.opaque[2] != 0) == (watches != 0));
        CHECK(nanosleep(&a_while, NULL) == 0);
        moved = pick;
        if (i == 0)
            IS(peerage_pick_finish(&moved, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
        else if (i == 1)
            IS(peerage_pick_finish_timed(&moved, PEERAGE_OUTCOME_SUCCESS, PEERAGE_LATENCY_UNKNOWN),
               PEERAGE_OK);
        else /* a mistake, which must not keep the request in flight */
            IS(peerage_pick_finish_timed(&moved, PEERAGE_OUTCOME_SUCCESS, -2),
               PEERAGE_ERR_INVALID_ARGUMENT);
        after = now_ns();
        CHECK(self.ends == i + 1 && self.outcome == PEERAGE_OUTCOME_SUCCESS);
        if (watches)
            CHECK(self.latency >= 2000000 && self.latency <= after - before);
        else
            CHECK(self.latency == PEERAGE_LATENCY_UNKNOWN);
    }
    end(chooser, &transport);
}

/* The request has ended, as abandoned, with the latency that was said. */
static void an_unknown_outcome(void)
{
    static const int32_t strange[] = { -1, 6, INT32_MIN, INT32_MAX };
    fake transport = FAKE_PUSHES;
    listener self;
    const peerage_chooser *chooser = chooser_that(&transport, &self, 0);
    size_t i;
    for (i = 0; i < sizeof strange / sizeof *strange; i++) {
        peerage_pick pick = pick_of(chooser);
        IS(peerage_pick_finish_timed(&pick, strange[i], 7), PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(self.outcome == PEERAGE_OUTCOME_ABANDONED && self.latency == 7);
        pick = pick_of(chooser);
        IS(peerage_pick_finish_timed(&pick, strange[i], INT64_MIN), PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(self.outcome == PEERAGE_OUTCOME_ABANDONED && self.latency == PEERAGE_LATENCY_UNKNOWN);
    }
    CHECK(stats_of(chooser).pending == 0);
    end(chooser, &transport);
}

/* A choice that is taken back is told as not sent, and took no time. */
static void a_choice_that_is_taken_back(void)
{
    fake transport = FAKE_PUSHES;
    listener self;
    const peerage_chooser *chooser = chooser_that(&transport, &self, PEERAGE_WATCH_LATENCY);
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_str avoid = text("a:1");
    peerage_pick pick;
    request.avoid = &avoid;
    request.avoid_len = 1;
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_OK);
    CHECK(self.ends > 0 && self.outcome == PEERAGE_OUTCOME_NOT_SENT);
    CHECK(self.latency == PEERAGE_LATENCY_UNKNOWN);
    IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, 5), PEERAGE_OK);
    CHECK(self.outcome == PEERAGE_OUTCOME_SUCCESS && self.latency == 5);
    end(chooser, &transport);
}

/* The library's own policies, of which this one watches nothing and that one the ends. */
static void by_name(const char *policy)
{
    fake transport = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&transport, policy);
    peerage_pick pick;
    add(chooser, "a:1");
    pick = pick_of(chooser);
    IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, 1000), PEERAGE_OK);
    IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, 1000), PEERAGE_ERR_FINISHED);
    pick = pick_of(chooser);
    IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, -2), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, -2), PEERAGE_ERR_FINISHED);
    CHECK(stats_of(chooser).pending == 0);
    end(chooser, &transport);
}

int main(void)
{
    watchdog(60);
    what_is_said(0);
    what_is_said(PEERAGE_WATCH_LATENCY);
    what_is_not_said(0);
    what_is_not_said(PEERAGE_WATCH_LATENCY);
    an_unknown_outcome();
    a_choice_that_is_taken_back();
    by_name("random");
    by_name("fewest-pending-requests");
    return 0;
}
