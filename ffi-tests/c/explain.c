/*
 * Why a choice found no peer: the sentence and the number, for every way in which one can end.
 */
#include "fake.h"

static char said[512];

/* The cause of a choice that ended so; its sentence is in `said`. */
static peerage_cause explain(const peerage_chooser *chooser, peerage_status status,
                             int64_t waited_ns, const peerage_request *request)
{
    peerage_cause cause = -1;
    size_t needed;
    IS(peerage_chooser_explain(chooser, status, waited_ns, request, said, sizeof said, &needed,
                               &cause), PEERAGE_OK);
    CHECK(strlen(said) == needed && !strchr(said, '\n'));
    return cause;
}

#define SAYS(expected)                                                        \
    do {                                                                      \
        if (!strstr(said, expected)) {                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, said);         \
            abort();                                                          \
        }                                                                     \
    } while (0)

static const peerage_chooser *users(fake *self, const char *policy, const char *options)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.policy = text(policy);
    opts.name = text("users");
    opts.options = text(options);
    return chooser_with(self, opts);
}

static void lists(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = users(&self, "round-robin", "");
    peerage_pick pick;

    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    CHECK(explain(chooser, PEERAGE_ERR_NO_PEER, PEERAGE_DID_NOT_WAIT, NULL) ==
          PEERAGE_CAUSE_NO_PEERS);
    SAYS("\"users\" peer list has no peers, did not wait (not asked to)");

    add(chooser, "a:1");
    IS(peerage_chooser_choose(chooser, NULL, 1000000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    CHECK(explain(chooser, PEERAGE_ERR_TIMED_OUT, 1000000, NULL) ==
          PEERAGE_CAUSE_NONE_CONNECTED);
    SAYS("has 1 peer but it is not responsive, timed out waiting for a connection to open");
    SAYS("waited 1ms");

    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_DRAINING, 1, NULL),
       PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_NO_PEER);
    CHECK(explain(chooser, PEERAGE_ERR_NO_PEER, PEERAGE_DID_NOT_WAIT, NULL) ==
          PEERAGE_CAUSE_SET_ASIDE);
    SAYS("1 peer, which is connected but set aside (ejected, draining or outside the subset)");

    /* By now there is one. It is not kept. */
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_DRAINING, 0, NULL),
       PEERAGE_OK);
    CHECK(explain(chooser, PEERAGE_ERR_TIMED_OUT, 5, NULL) == PEERAGE_CAUSE_TOO_LATE);
    SAYS("but only now");
    CHECK(stats_of(chooser).pending == 0);

    CHECK(explain(chooser, PEERAGE_ERR_CANCELLED, 0, NULL) == PEERAGE_CAUSE_CANCELLED_BEFORE);
    SAYS("before it began");
    CHECK(explain(chooser, PEERAGE_ERR_CANCELLED, 7, NULL) == PEERAGE_CAUSE_CANCELLED);
    SAYS("the wait was cancelled");
    CHECK(explain(chooser, PEERAGE_ERR_INVALID_UTF8, 0, NULL) == PEERAGE_CAUSE_INVALID_REQUEST);

    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_ERR_STOPPED);
    CHECK(explain(chooser, PEERAGE_ERR_STOPPED, 0, NULL) == PEERAGE_CAUSE_STOPPED);
    SAYS("could not wait for instance to start running: current state is \"stopped\"");
    end(chooser, &self);
}

static void fail_fast(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = users(&self, "random", "fail-fast");
    peerage_pick pick;
    IS(peerage_chooser_choose(chooser, NULL, 1000000, NULL, &pick), PEERAGE_ERR_NO_PEER);
    CHECK(explain(chooser, PEERAGE_ERR_NO_PEER, 10, NULL) == PEERAGE_CAUSE_NO_PEERS);
    SAYS("did not wait for peers to be added (fail-fast is enabled)");
    end(chooser, &self);
}

static void too_few(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = users(&self, "hashring32:offset-header=n", "");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_header header;
    peerage_pick pick;
    header.name = text("n");
    header.value = text("3");
    request.headers = &header;
    request.headers_len = 1;
    request.shard_key = text("key");
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_NO_PEER);
    CHECK(explain(chooser, PEERAGE_ERR_NO_PEER, PEERAGE_DID_NOT_WAIT, &request) ==
          PEERAGE_CAUSE_TOO_FEW);
    SAYS("1 peer, which is available, but not for this request");
    end(chooser, &self);
}

static void direct(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = users(&self, "direct", "");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_pick pick;
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(explain(chooser, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_DID_NOT_WAIT, &request) ==
          PEERAGE_CAUSE_INVALID_REQUEST);
    SAYS("requires ShardKey to be non-empty");
    self.reject = 5;
    request.shard_key = text("b:1");
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_REJECTED);
    CHECK(explain(chooser, PEERAGE_ERR_REJECTED, PEERAGE_DID_NOT_WAIT, &request) ==
          PEERAGE_CAUSE_NOT_RETAINED);
    SAYS("\"users\" chooser can't retain the peer");
    end(chooser, &self);
}

static void refused(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = users(&self, "random", "");
    char few[8];
    size_t needed;
    peerage_cause cause;
    FILL(few), FILL(needed), FILL(cause);
    IS(peerage_chooser_explain(chooser, PEERAGE_OK, 0, NULL, few, sizeof few, &needed, &cause),
       PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_explain(chooser, PEERAGE_ERR_NO_PEER, -2, NULL, few, sizeof few, &needed,
                               &cause), PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(few);
    UNTOUCHED(needed);
    UNTOUCHED(cause);
    IS(peerage_chooser_explain(chooser, PEERAGE_ERR_NO_PEER, 0, NULL, few, sizeof few, NULL, NULL),
       PEERAGE_OK);
    CHECK(strcmp(few, "\"users\"") == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    lists();
    fail_fast();
    too_few();
    direct();
    refused();
    return 0;
}
