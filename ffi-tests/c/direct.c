/*
 * `direct` and `single`: the request names its peer, or there is only one. A peer that is named is
 * connected for it, waited for, and kept for the next request.
 */
#include "fake.h"
#include <pthread.h>

static peerage_request named(const char *peer)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    request.shard_key = text(peer);
    return request;
}

static void the_request_names_the_peer(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_request a = named("a:1"), b = named("b:1"), nobody = named("");
    peerage_error *error;
    peerage_pick pick;
    peerage_str id = text("c:1");
    CHECK(strcmp(chosen(chooser, &a), "a:1") == 0);
    CHECK(strcmp(chosen(chooser, &b), "b:1") == 0);
    CHECK(strcmp(chosen(chooser, &a), "a:1") == 0);
    CHECK(self.retained == 2 && self.released == 0);
    FILL(pick);
    IS(peerage_chooser_try_choose(chooser, &nobody, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(pick);
    /* Updates are not for it. */
    IS(update(chooser, &id, 1, NULL, 0, &error), PEERAGE_ERR_UNSUPPORTED);
    explains(error, PEERAGE_ERR_UNSUPPORTED, "direct");
    CHECK(self.retained == 2);
    end(chooser, &self);
}

static void *connects(void *arg)
{
    IS(peerage_peer_set_status(((fake *)arg)->last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return NULL;
}

static void a_choice_waits_for_its_own_peer(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_request a = named("a:1"), b = named("b:1");
    peerage_pick pick;
    pthread_t thread;
    self.push = 1;
    CHECK(strcmp(chosen(chooser, &b), "b:1") == 0);
    self.push = 0;
    IS(peerage_chooser_try_choose(chooser, &a, &pick), PEERAGE_ERR_NO_PEER);
    IS(peerage_chooser_choose(chooser, &a, 1000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    CHECK(self.retained == 2);
    CHECK(pthread_create(&thread, NULL, connects, &self) == 0);
    IS(peerage_chooser_choose(chooser, &a, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    pthread_join(thread, NULL);
    CHECK(same(peerage_pick_id(&pick), "a:1") && self.retained == 2);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(chooser, &self);
}

/* Idle peers are let go when there are many. */
static void it_does_not_keep_them_all(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    char name[16];
    int i;
    for (i = 0; i < 300; i++) {
        peerage_request request;
        sprintf(name, "n%d:1", i);
        request = named(name);
        CHECK(strcmp(chosen(chooser, &request), name) == 0);
    }
    CHECK(self.retained == 300 && self.released > 0 && self.released < 300);
    end(chooser, &self);
}

static void single_has_one(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "single");
    peerage_request request = named("whatever");
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    add(chooser, "a:1");
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    CHECK(strcmp(chosen(chooser, &request), "a:1") == 0);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    the_request_names_the_peer();
    a_choice_waits_for_its_own_peer();
    it_does_not_keep_them_all();
    single_has_one();
    return 0;
}
