/* The policy of examples/c/least_latency.h prefers the peer that answers first, whichever it is. */
#include "fake.h"
#include "../../examples/c/least_latency.h"

enum { PEERS = 3, ROUNDS = 1000 };
static const char *const names[PEERS] = { "slow:1", "quick:1", "middle:1" };

static int number_of(const peerage_pick *pick)
{
    int n = 0;
    while (!same(peerage_pick_id(pick), names[n]))
        CHECK(++n < PEERS);
    return n;
}

/* How often each peer is chosen, one request after the other, when it takes so many milliseconds. */
static void serve(const peerage_chooser *chooser, const int64_t *latency, int *seen)
{
    peerage_pick pick;
    int i;
    memset(seen, 0, PEERS * sizeof *seen);
    for (i = 0; i < ROUNDS; i++) {
        int n;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        n = number_of(&pick);
        seen[n]++;
        IS(peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS, latency[n] * 1000000), PEERAGE_OK);
    }
}

/* Three requests at once: the quick peer takes several before the slow one takes any. */
static void spread(const peerage_chooser *chooser)
{
    peerage_pick picks[3];
    int i, quick = 0;
    for (i = 0; i < 3; i++) {
        IS(peerage_chooser_try_choose(chooser, NULL, &picks[i]), PEERAGE_OK);
        quick += number_of(&picks[i]) == 1;
    }
    CHECK(quick == 3 || quick == 2);
    for (i = 0; i < 3; i++)
        IS(peerage_pick_finish(&picks[i], PEERAGE_OUTCOME_NOT_SENT), PEERAGE_OK);
}

/* More peers than it has room for at first, which come and go. */
static void many(const peerage_chooser *chooser)
{
    peerage_member members[70];
    char ids[70][8];
    int i;
    for (i = 0; i < 70; i++) {
        sprintf(ids[i], "m%02d:1", i);
        members[i] = peerage_member_of(ids[i]);
    }
    for (i = 0; i < 3; i++) {
        IS(peerage_chooser_replace(chooser, members, 70, NULL), PEERAGE_OK);
        CHECK(chosen(chooser, NULL)[0] == 'm');
        IS(peerage_chooser_replace(chooser, members + 66, 4, NULL), PEERAGE_OK);
        CHECK(chosen(chooser, NULL)[0] == 'm');
    }
    IS(peerage_chooser_replace(chooser, NULL, 0, NULL), PEERAGE_OK);
}

int main(void)
{
    static const int64_t before[PEERS] = { 9, 1, 3 }, after[PEERS] = { 9, 30, 3 };
    fake self = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_pick pick;
    int i, seen[PEERS];
    watchdog(60);
    opts.custom_policy = least_latency();
    chooser = chooser_with(&self, opts);
    peerage_policy_unref(opts.custom_policy);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    for (i = 0; i < PEERS; i++)
        add(chooser, names[i]);
    serve(chooser, before, seen);
    /* The others are tried once. */
    CHECK(seen[1] == ROUNDS - 2 && seen[0] == 1 && seen[2] == 1);
    spread(chooser);
    /* It gets slow: the next one is found soon. */
    serve(chooser, after, seen);
    CHECK(seen[2] > ROUNDS - 20 && seen[0] == 0);
    many(chooser);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    end(chooser, &self);
    return 0;
}
