/*
 * A transport that refuses peers. The number it refuses with comes back in the error, a peer it
 * refused is never released, and what else was asked for is done.
 */
#include "fake.h"

/* Refuses every peer whose name begins with an x, after it has called it available. */
static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    fake *self = ctx;
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    if (self->reject && id.ptr[0] == 'x')
        return self->reject;
    self->retained++;
    return 0;
}

static const peerage_chooser *picky(fake *self, const char *policy)
{
    peerage_transport_ops ops = fake_ops();
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    ops.retain = retain;
    opts.policy = text(policy);
    return idle_over(self, ops, opts);
}

static void some_of_an_update(void)
{
    fake self = { 1, 7, 0, 0, 0, NULL };
    const peerage_chooser *chooser = picky(&self, "round-robin");
    peerage_error *error;
    peerage_str ids[3];
    ids[0] = text("a:1"), ids[1] = text("x:1"), ids[2] = text("c:1");
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    IS(update(chooser, ids, 3, NULL, 0, &error), PEERAGE_ERR_REJECTED);
    CHECK(strstr(peerage_error_message(error).ptr, "x:1"));
    explains(error, PEERAGE_ERR_REJECTED, "7");
    CHECK(self.retained == 2 && stats_of(chooser).peers == 2);
    /* It is not in the list, so it can be neither chosen nor removed. */
    IS(update(chooser, NULL, 0, &ids[1], 1, NULL), PEERAGE_ERR_NOT_IN_LIST);
    CHECK(strcmp(chosen(chooser, NULL), "x:1") != 0);
    CHECK(strcmp(chosen(chooser, NULL), "x:1") != 0);
    self.reject = INT32_MIN;
    IS(update(chooser, &ids[1], 1, NULL, 0, &error), PEERAGE_ERR_REJECTED);
    explains(error, PEERAGE_ERR_REJECTED, "-2147483648");
    /* And it may be asked for again. */
    self.reject = 0;
    IS(update(chooser, &ids[1], 1, NULL, 0, NULL), PEERAGE_OK);
    CHECK(stats_of(chooser).peers == 3);
    end(chooser, &self);
}

static void a_start(void)
{
    fake self = { 1, 9, 0, 0, 0, NULL };
    const peerage_chooser *chooser = picky(&self, "random");
    peerage_error *error;
    peerage_pick pick;
    peerage_str ids[2];
    ids[0] = text("a:1"), ids[1] = text("x:1");
    IS(update(chooser, ids, 2, NULL, 0, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(chooser, &error), PEERAGE_ERR_REJECTED);
    explains(error, PEERAGE_ERR_REJECTED, "x:1");
    CHECK(self.retained == self.released && stats_of(chooser).peers == 0);
    CHECK(!peerage_chooser_is_running(chooser));
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NOT_RUNNING);
    IS(update(chooser, NULL, 0, &ids[1], 1, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    end(chooser, &self);
}

static void a_choice_that_names_the_peer(void)
{
    fake self = { 1, 5, 0, 0, 0, NULL };
    const peerage_chooser *chooser = picky(&self, "direct");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_pick pick;
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    request.shard_key = text("x:1");
    FILL(pick);
    IS(peerage_chooser_choose(chooser, &request, PEERAGE_TIMEOUT_FOREVER, NULL, &pick),
       PEERAGE_ERR_REJECTED);
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_REJECTED);
    UNTOUCHED(pick);
    CHECK(stats_of(chooser).peers == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    some_of_an_update();
    a_start();
    a_choice_that_names_the_peer();
    return 0;
}
