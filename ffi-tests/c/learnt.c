/* What a policy learns from how requests end: failures, latencies, and what peers report. */
#include "fake.h"

enum { PEERS = 10, ROUNDS = 4000 };

static const char *const names[PEERS] = { "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9" };

static const peerage_chooser *with_peers(fake *transport, const char *policy)
{
    const peerage_chooser *chooser = chooser_of(transport, policy);
    int i;
    for (i = 0; i < PEERS; i++)
        add(chooser, names[i]);
    return chooser;
}

/* How many of the rounds the first peer gets, of which each has two requests in flight. `end` ends one. */
static int share(const peerage_chooser *chooser, void (*end)(peerage_pick *pick, int is_first))
{
    int i, firsts = 0;
    peerage_pick held = PEERAGE_PICK_INIT, pick;
    for (i = 0; i < ROUNDS; i++) {
        int is_first;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        is_first = equal(peerage_pick_id(&pick), text("p0"));
        firsts += is_first;
        if (held.opaque[0])
            end(&held, equal(peerage_pick_id(&held), text("p0")));
        held = pick;
    }
    end(&held, equal(peerage_pick_id(&held), text("p0")));
    return firsts;
}

static void first_fails(peerage_pick *pick, int is_first)
{
    IS(peerage_pick_finish(pick, is_first ? PEERAGE_OUTCOME_FAILURE : PEERAGE_OUTCOME_SUCCESS),
       PEERAGE_OK);
    CHECK(!pick->opaque[0]);
}

static void first_is_slow(peerage_pick *pick, int is_first)
{
    IS(peerage_pick_finish_timed(pick, PEERAGE_OUTCOME_SUCCESS, is_first ? 50000000 : 1000000),
       PEERAGE_OK);
}

static void first_is_busy(peerage_pick *pick, int is_first)
{
    peerage_finish how = PEERAGE_FINISH_INIT;
    how.outcome = PEERAGE_OUTCOME_SUCCESS;
    /* A server of one processor: who joins 60 waits for them. */
    how.in_flight = is_first ? 60 : 0;
    how.latency_ns = 1000000 * (how.in_flight + 1);
    IS(peerage_pick_finish_with(pick, &how), PEERAGE_OK);
}

static void learnt(const char *policy, void (*how)(peerage_pick *pick, int is_first))
{
    fake transport = FAKE_PUSHES;
    const peerage_chooser *chooser = with_peers(&transport, policy);
    int firsts = share(chooser, how);
    /* Due is a tenth. */
    if (firsts > ROUNDS / 50) {
        fprintf(stderr, "%s: the first peer got %d of %d\n", policy, firsts, ROUNDS);
        abort();
    }
    end(chooser, &transport);
}

/* The entry of the first peer. */
static peerage_snapshot_peer first(const peerage_chooser *chooser)
{
    peerage_snapshot *snapshot;
    peerage_snapshot_peer peer;
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 0, &peer, sizeof peer), PEERAGE_OK);
    CHECK(equal(peer.id, text("p0")));
    peerage_snapshot_free(snapshot);
    return peer;
}

/* What is learnt is seen, and of a policy that does not price peers nothing. */
static void shown(void)
{
    static const char *const policies[] = { "least-loaded", "least-latency", "least-reported",
                                            "random" };
    size_t i;
    for (i = 0; i < sizeof policies / sizeof *policies; i++) {
        fake transport = FAKE_PUSHES;
        const peerage_chooser *chooser = chooser_of(&transport, policies[i]);
        peerage_snapshot_peer peer;
        int n;
        add(chooser, "p0");
        peer = first(chooser);
        CHECK(peer.price == (i < 3 ? 1000 : 0) && peer.failures == 0 && peer.reported == 0);
        CHECK(peer.latency_ns == PEERAGE_LATENCY_UNKNOWN);
        for (n = 0; n < 9; n++) {
            peerage_finish how = PEERAGE_FINISH_INIT;
            peerage_pick pick;
            how.outcome = n ? PEERAGE_OUTCOME_FAILURE : PEERAGE_OUTCOME_SUCCESS;
            how.latency_ns = 8000000;
            how.in_flight = 10;
            IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
            IS(peerage_pick_finish_with(&pick, &how), PEERAGE_OK);
        }
        peer = first(chooser);
        CHECK(i == 3 ? !peer.failures && !peer.price : peer.failures > 300 && peer.price > 2000);
        CHECK(i == 0 || i == 3 ? peer.latency_ns == PEERAGE_LATENCY_UNKNOWN : peer.latency_ns > 0);
        CHECK(i == 1 ? peer.latency_ns > 7000000 && peer.latency_ns < 9000000 : 1);
        CHECK(i == 2 ? peer.reported > 0 : peer.reported == 0);
        end(chooser, &transport);
    }
}

/* A transport that probes says so before any answer does. */
static void probed(void)
{
    fake transport = FAKE_PUSHES;
    const peerage_chooser *chooser = with_peers(&transport, "least-reported:memory=0,choices=16");
    peerage_pick pick;
    int i;
    IS(peerage_peer_report(transport.last, 200), PEERAGE_OK);
    for (i = 0; i < 200; i++) {
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        CHECK(!equal(peerage_pick_id(&pick), text("p9")));
        first_is_busy(&pick, 0);
    }
    end(chooser, &transport);
}

/* Of every size: shorter is none that it has had, and longer says nothing more, or is not understood. */
static void sizes(const peerage_chooser *chooser)
{
    struct {
        peerage_finish how;
        unsigned char more[9];
    } at;
    const peerage_finish plain = PEERAGE_FINISH_INIT;
    size_t size;
    memset(&at, 0, sizeof at);
    at.how = plain;
    at.how.outcome = PEERAGE_OUTCOME_SUCCESS;
    for (size = 0; size <= sizeof plain + sizeof at.more; size++) {
        peerage_pick pick, before;
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        before = pick;
        at.how.size = size;
        if (size > sizeof plain) {
            at.more[size - sizeof plain - 1] = 1;
            IS(peerage_pick_finish_with(&pick, &at.how), PEERAGE_ERR_INVALID_ARGUMENT);
            at.more[size - sizeof plain - 1] = 0;
        }
        if (size < sizeof plain) {
            IS(peerage_pick_finish_with(&pick, &at.how), PEERAGE_ERR_INVALID_ARGUMENT);
            at.how.size = sizeof plain;
        }
        IS(peerage_pick_finish_with(&pick, NULL), PEERAGE_ERR_NULL_POINTER);
        IS(peerage_pick_finish_with(NULL, &at.how), PEERAGE_ERR_NULL_POINTER);
        CHECK(memcmp(&pick, &before, sizeof pick) == 0);
        IS(peerage_pick_finish_with(&pick, &at.how), PEERAGE_OK);
    }
}

static void strange_numbers(void)
{
    fake transport = FAKE_PUSHES;
    const peerage_chooser *chooser = with_peers(&transport, "least-latency");
    peerage_finish how = PEERAGE_FINISH_INIT;
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    how.size = sizeof how - 1;
    IS(peerage_pick_finish_with(&pick, &how), PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(pick.opaque[0]);
    how.size = sizeof how;
    how.in_flight = -2;
    IS(peerage_pick_finish_with(&pick, &how), PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(!pick.opaque[0]);
    how.in_flight = INT64_MAX;
    how.latency_ns = INT64_MAX;
    how.outcome = PEERAGE_OUTCOME_SUCCESS;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish_with(&pick, &how), PEERAGE_OK);
    IS(peerage_pick_finish_with(&pick, &how), PEERAGE_ERR_FINISHED);
    sizes(chooser);
    CHECK(stats_of(chooser).pending == 0);
    end(chooser, &transport);
}

int main(void)
{
    learnt("least-loaded", first_fails);
    learnt("two-random-choices:errors=on", first_fails);
    learnt("least-latency:measure=off", first_is_slow);
    learnt("least-latency", first_is_slow);
    learnt("least-reported:measure=off", first_is_busy);
    probed();
    shown();
    strange_numbers();
    return 0;
}
