/*
 * A notice is one call, when it is worth trying again: at once, at a push, at a stop, or never, if
 * it is taken back. Its context is dropped once each way, after the call or instead of it.
 */
#include "fake.h"
#include <pthread.h>

typedef struct notice {
    int called, dropped;
    int32_t status;
} notice;

static void ready(void *ctx, int32_t status)
{
    notice *self = ctx;
    CHECK(self->dropped == 0);
    self->called++;
    self->status = status;
}

static void drop(void *ctx) { ((notice *)ctx)->dropped++; }

static uint64_t ask(const peerage_chooser *chooser, const peerage_request *request, notice *self)
{
    uint64_t id;
    memset(self, 0, sizeof *self);
    FILL(id);
    IS(peerage_chooser_notify_ready(chooser, request, ready, self, drop, &id), PEERAGE_OK);
    return id;
}

static size_t waiting(const peerage_chooser *chooser)
{
    const peerage_stats stats = stats_of(chooser);
    CHECK(stats.pending == 0);
    return stats.waiting;
}

#define QUIET(n) CHECK((n).called == 0 && (n).dropped == 0)
#define TOLD(n, what) CHECK((n).called == 1 && (n).dropped == 1 && (n).status == (what))

static void at_once(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    notice one;
    add(chooser, "a:1");
    CHECK(ask(chooser, NULL, &one) == 0);
    TOLD(one, PEERAGE_OK);
    CHECK(waiting(chooser) == 0);
    end(chooser, &self);
    TOLD(one, PEERAGE_OK);
}

static void several_at_one_push(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    notice notices[5];
    uint64_t ids[5];
    int i;
    add(chooser, "a:1");
    for (i = 0; i < 5; i++) {
        ids[i] = ask(chooser, NULL, &notices[i]);
        CHECK(ids[i] != 0 && (i == 0 || ids[i] != ids[i - 1]));
    }
    CHECK(waiting(chooser) == 5);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    for (i = 0; i < 5; i++)
        QUIET(notices[i]);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    for (i = 0; i < 5; i++) {
        TOLD(notices[i], PEERAGE_OK);
        IS(peerage_chooser_notify_cancel(chooser, ids[i]), PEERAGE_ERR_NOT_FOUND);
    }
    CHECK(waiting(chooser) == 0);
    /* Once is once. */
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    TOLD(notices[0], PEERAGE_OK);
    end(chooser, &self);
}

static void taken_back(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    notice first, second;
    uint64_t id;
    add(chooser, "a:1");
    id = ask(chooser, NULL, &first);
    ask(chooser, NULL, &second);
    IS(peerage_chooser_notify_cancel(chooser, id), PEERAGE_OK);
    CHECK(first.called == 0 && first.dropped == 1);
    IS(peerage_chooser_notify_cancel(chooser, id), PEERAGE_ERR_NOT_FOUND);
    CHECK(waiting(chooser) == 1);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(first.called == 0 && first.dropped == 1);
    TOLD(second, PEERAGE_OK);
    end(chooser, &self);
}

static void at_the_stop_and_after(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "two-random-choices");
    notice before, after;
    add(chooser, "a:1");
    CHECK(ask(chooser, NULL, &before) != 0);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    TOLD(before, PEERAGE_ERR_STOPPED);
    CHECK(ask(chooser, NULL, &after) == 0);
    TOLD(after, PEERAGE_ERR_STOPPED);
    end(chooser, &self);
}

static void when_the_chooser_goes(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "fewest-pending-requests");
    notice one;
    CHECK(ask(chooser, NULL, &one) != 0);
    end(chooser, &self);
    TOLD(one, PEERAGE_ERR_STOPPED);
}

static void at_the_start_and_by_an_update(void)
{
    fake self = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    notice one;
    opts.policy = text("random");
    chooser = idle_with(&self, opts);
    CHECK(ask(chooser, NULL, &one) != 0);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    TOLD(one, PEERAGE_OK);
    CHECK(ask(chooser, NULL, &one) != 0);
    QUIET(one);
    add(chooser, "a:1");
    TOLD(one, PEERAGE_OK);
    end(chooser, &self);
}

/* With `direct` it makes the transport connect the peer that the request names. */
static void for_one_peer(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_request request = PEERAGE_REQUEST_INIT;
    notice one;
    request.shard_key = text("a:1");
    CHECK(ask(chooser, &request, &one) != 0);
    CHECK(self.retained == 1);
    QUIET(one);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    TOLD(one, PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, &request), "a:1") == 0);
    end(chooser, &self);
}

typedef struct request_in_heap {
    uint64_t id;
    int *served;
} request_in_heap;

static void serve(void *ctx, int32_t status)
{
    request_in_heap *self = ctx;
    IS(status, PEERAGE_OK);
    ++*self->served;
    free(self);
}

static void *push(void *peer)
{
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return NULL;
}

/* The natural place for the number is beside what `ready` frees, also if it is called before the
   call that asked returns: by this thread, or by another. */
static void numbers_in_what_ready_frees(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    int served = 0, round;
    add(chooser, "a:1");
    for (round = 0; round < 300; round++) {
        request_in_heap *request = calloc(1, sizeof *request);
        pthread_t other;
        CHECK(request);
        request->served = &served;
        IS(peerage_peer_set_status(self.last, round % 3 ? PEERAGE_CONNECTION_UNAVAILABLE
                                                        : PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
        CHECK(pthread_create(&other, NULL, push, (void *)self.last) == 0);
        IS(peerage_chooser_notify_ready(chooser, NULL, serve, request, NULL, &request->id),
           PEERAGE_OK);
        CHECK(pthread_join(other, NULL) == 0);
        CHECK(served == round + 1);
    }
    end(chooser, &self);
}

typedef struct again {
    const peerage_chooser *chooser;
    int turns, inside, dropped;
} again;

enum { TURNS = 5000 };

static void drop_again(void *ctx) { ((again *)ctx)->dropped++; }

/* Asks for the next one, which is due at once and comes when this has returned. */
static void asks_again(void *ctx, int32_t status)
{
    again *self = ctx;
    uint64_t id;
    (void)status;
    CHECK(self->inside == 0);
    self->inside = 1;
    if (++self->turns < TURNS) {
        FILL(id);
        IS(peerage_chooser_notify_ready(self->chooser, NULL, asks_again, self, drop_again, &id),
           PEERAGE_OK);
        CHECK(id == 0);
    }
    self->inside = 0;
}

static void without_end(void)
{
    fake self = FAKE_PUSHES;
    again turns = { NULL, 0, 0, 0 };
    int stopped;
    turns.chooser = chooser_of(&self, "random");
    add(turns.chooser, "a:1");
    for (stopped = 0; stopped < 2; stopped++) {
        turns.turns = turns.dropped = 0;
        IS(peerage_chooser_notify_ready(turns.chooser, NULL, asks_again, &turns, drop_again, NULL),
           PEERAGE_OK);
        CHECK(turns.turns == TURNS && turns.dropped == TURNS);
        CHECK(waiting(turns.chooser) == 0);
        IS(peerage_chooser_stop(turns.chooser, NULL), PEERAGE_OK);
    }
    end(turns.chooser, &self);
}

int main(void)
{
    watchdog(60);
    at_once();
    without_end();
    numbers_in_what_ready_frees();
    several_at_one_push();
    taken_back();
    at_the_stop_and_after();
    when_the_chooser_goes();
    at_the_start_and_by_an_update();
    for_one_peer();
    return 0;
}
