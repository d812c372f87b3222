/*
 * The data of a peer is replaced while requests are in flight, as by a transport that reconnects: a
 * pick keeps what was attached when it was made, and what no pick has any more is dropped.
 */
#include "fake.h"
#include <pthread.h>
#include <sched.h>

typedef struct {
    int number;
    int *live;
} connection;

static void close_connection(void *ctx)
{
    connection *self = ctx;
    __atomic_sub_fetch(self->live, 1, __ATOMIC_ACQ_REL);
    self->number = -1;
    free(self);
}

static void connect_as(const peerage_peer *peer, int number, int *live)
{
    connection *made = malloc(sizeof *made);
    CHECK(made);
    made->number = number;
    made->live = live;
    __atomic_add_fetch(live, 1, __ATOMIC_ACQ_REL);
    IS(peerage_peer_set_data(peer, made, close_connection), PEERAGE_OK);
}

static int number(const peerage_pick *pick)
{
    const connection *used = peerage_pick_data(pick);
    return used->number;
}

static peerage_pick waited_pick(const peerage_chooser *chooser)
{
    peerage_pick pick;
    IS(peerage_chooser_choose(chooser, NULL, 0, NULL, &pick), PEERAGE_OK);
    return pick;
}

static void finish(peerage_pick *pick)
{
    IS(peerage_pick_finish(pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
}

static void a_pick_keeps_its_data(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    const peerage_peer *peer;
    peerage_pick old, mid, last;
    int live = 0;
    add(chooser, "a:1");
    peer = peerage_peer_ref(self.last);
    connect_as(peer, 1, &live);
    old = waited_pick(chooser);
    connect_as(peer, 2, &live);
    CHECK(live == 2 && number(&old) == 1);
    mid = waited_pick(chooser);
    connect_as(peer, 3, &live);
    last = waited_pick(chooser);
    CHECK(live == 3 && number(&old) == 1 && number(&mid) == 2 && number(&last) == 3);
    CHECK(peerage_pick_peer(&mid) == peer && same(peerage_pick_id(&mid), "a:1"));
    CHECK(((connection *)peerage_peer_data(peer))->number == 3);
    finish(&mid);
    CHECK(live == 2 && number(&old) == 1);
    /* A peer that is removed keeps what its last requests use. */
    discard(chooser, "a:1");
    CHECK(self.released == 0 && number(&old) == 1 && number(&last) == 3);
    connect_as(peer, 4, &live);
    CHECK(live == 3 && number(&last) == 3);
    finish(&old);
    CHECK(live == 2);
    finish(&last);
    CHECK(live == 1 && self.released == 1);
    /* Nothing is in flight: what was is dropped at once. */
    connect_as(peer, 5, &live);
    CHECK(live == 1);
    peerage_peer_unref(peer);
    end(chooser, &self);
    CHECK(live == 0);
}

/* A peer that is never idle, and one with a request that never ends, do not collect data. */
static void a_busy_peer_keeps_little(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    peerage_pick held, next, stuck;
    int live = 0, i;
    add(chooser, "a:1");
    connect_as(self.last, 0, &live);
    held = waited_pick(chooser);
    for (i = 1; i < 1000; i++) {
        connect_as(self.last, i, &live);
        CHECK(live == 2 && number(&held) == i - 1);
        next = waited_pick(chooser);
        finish(&held);
        CHECK(live == 1);
        held = next;
    }
    stuck = held;
    for (i = 1000; i < 2000; i++) {
        connect_as(self.last, i, &live);
        next = waited_pick(chooser);
        CHECK(number(&next) == i && number(&stuck) == 999);
        finish(&next);
        CHECK(live == 2);
    }
    finish(&stuck);
    CHECK(live == 1);
    end(chooser, &self);
    CHECK(live == 0);
}

/* Two choosers share the peer: its data is dropped when neither uses it. */
static void choosers_share_it(void)
{
    fake self = FAKE_PUSHES;
    const peerage_transport *transport = fake_transport(&self);
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *one, *two, *late;
    peerage_pick first, second, third;
    int live = 0;
    opts.transport = transport;
    opts.policy = text("round-robin");
    IS(peerage_chooser_new(&opts, &one, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &two, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &late, NULL), PEERAGE_OK);
    peerage_transport_unref(transport);
    IS(peerage_chooser_start(one, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(two, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(late, NULL), PEERAGE_OK);
    add(one, "a:1");
    connect_as(self.last, 1, &live);
    add(two, "a:1");
    first = waited_pick(one);
    second = waited_pick(two);
    connect_as(self.last, 2, &live);
    finish(&first);
    CHECK(live == 2 && number(&second) == 1);
    /* One that joins meanwhile records its picks too. */
    add(late, "a:1");
    third = waited_pick(late);
    connect_as(self.last, 3, &live);
    CHECK(live == 3 && number(&third) == 2);
    finish(&second);
    CHECK(live == 2 && number(&third) == 2);
    finish(&third);
    CHECK(live == 1);
    peerage_chooser_unref(one);
    peerage_chooser_unref(late);
    end(two, &self);
    CHECK(live == 0);
}

typedef struct {
    const peerage_chooser *chooser;
    int stop;
} caller;

static void *calls(void *arg)
{
    const caller *self = arg;
    peerage_pick held[3];
    int i, n = 0;
    for (i = 0; i < 3; i++)
        held[i] = waited_pick(self->chooser);
    while (!__atomic_load_n(&self->stop, __ATOMIC_ACQUIRE)) {
        i = n++ % 3;
        CHECK(number(&held[i]) >= 0);
        finish(&held[i]);
        held[i] = waited_pick(self->chooser);
    }
    for (i = 0; i < 3; i++) {
        CHECK(number(&held[i]) >= 0);
        finish(&held[i]);
    }
    return NULL;
}

static void threads_use_what_they_got(const char *policy)
{
    enum { CALLERS = 3, TIMES = 300 };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    caller callers[CALLERS];
    pthread_t threads[CALLERS];
    int live = 0, i;
    add(chooser, "a:1");
    connect_as(self.last, 0, &live);
    for (i = 0; i < CALLERS; i++) {
        callers[i].chooser = chooser;
        callers[i].stop = 0;
        CHECK(pthread_create(&threads[i], NULL, calls, &callers[i]) == 0);
    }
    for (i = 1; i < TIMES; i++) {
        connect_as(self.last, i, &live);
        CHECK(__atomic_load_n(&live, __ATOMIC_ACQUIRE) <= 3 * CALLERS + 2);
        sched_yield();
    }
    for (i = 0; i < CALLERS; i++)
        __atomic_store_n(&callers[i].stop, 1, __ATOMIC_RELEASE);
    for (i = 0; i < CALLERS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    /* The next data at the latest finds that nothing is in flight. */
    connect_as(self.last, TIMES, &live);
    CHECK(live == 1);
    end(chooser, &self);
    CHECK(live == 0);
}

/* A drop may call anything, also attach once more. */
static const peerage_peer *attached_to;
static int attached_by_drop;

static void attaches(void *ctx)
{
    (void)ctx;
    attached_by_drop++;
    IS(peerage_peer_set_data(attached_to, NULL, NULL), PEERAGE_OK);
}

static void a_drop_may_attach(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_pick pick;
    add(chooser, "a:1");
    attached_to = self.last;
    IS(peerage_peer_set_data(self.last, &self, attaches), PEERAGE_OK);
    pick = waited_pick(chooser);
    IS(peerage_peer_set_data(self.last, NULL, NULL), PEERAGE_OK);
    CHECK(attached_by_drop == 0 && peerage_pick_data(&pick) == &self);
    finish(&pick);
    CHECK(attached_by_drop == 1);
    end(chooser, &self);
}

int main(void)
{
    static const char *const policies[] = { "round-robin", "random", "two-random-choices",
                                            "fewest-pending-requests" };
    size_t i;
    watchdog(120);
    for (i = 0; i < sizeof policies / sizeof *policies; i++) {
        a_pick_keeps_its_data(policies[i]);
        a_busy_peer_keeps_little(policies[i]);
    }
    threads_use_what_they_got("round-robin");
    threads_use_what_they_got("fewest-pending-requests");
    choosers_share_it();
    a_drop_may_attach();
    return 0;
}
