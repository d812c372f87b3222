/*
 * Limits: so many requests in flight at a peer, so many that wait for a place, and whose turn it is
 * when one becomes free.
 */
#include "fake.h"
#include <pthread.h>
#include <sched.h>

static const peerage_chooser *limited(fake *self, const char *policy, const char *options)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.policy = text(policy);
    opts.options = text(options);
    return chooser_with(self, opts);
}

/* The cause and a part of the sentence of a choice that has ended so. */
static void explained(const peerage_chooser *chooser, int32_t status, int64_t waited, int32_t cause,
                      const char *part)
{
    char sentence[512];
    int32_t why;
    FILL(why);
    IS(peerage_chooser_explain(chooser, status, waited, NULL, sentence, sizeof sentence, NULL, &why),
       PEERAGE_OK);
    IS(why, cause);
    CHECK(strstr(sentence, part) != NULL);
}

static void no_more_than_the_limit(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = limited(&self, policy, "max-pending=3");
    peerage_pick picks[6], copy, more;
    int n;
    add(chooser, "a:1");
    add(chooser, "b:1");
    for (n = 0; n < 6; n++) {
        IS(peerage_chooser_try_choose(chooser, NULL, &picks[n]), PEERAGE_OK);
        CHECK(stats_of(chooser).pending == (uint64_t)n + 1);
    }
    IS(peerage_chooser_try_choose(chooser, NULL, &more), PEERAGE_ERR_NO_PEER);
    explained(chooser, PEERAGE_ERR_NO_PEER, PEERAGE_DID_NOT_WAIT, PEERAGE_CAUSE_AT_CAPACITY,
              "none with a place for this request");
    IS(peerage_chooser_choose(chooser, NULL, 1000000, NULL, &more), PEERAGE_ERR_TIMED_OUT);
    explained(chooser, PEERAGE_ERR_TIMED_OUT, 1000000, PEERAGE_CAUSE_AT_CAPACITY,
              "timed out waiting for a request to end");
    /* At the limit a pick is known as live, and below it a copy of a finished one as none. */
    CHECK(peerage_pick_peer(&picks[5]) != NULL);
    copy = picks[0];
    for (n = 0; n < 6; n++)
        IS(peerage_pick_finish(&picks[n], PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(peerage_pick_peer(&copy) == NULL);
    IS(peerage_pick_finish(&copy, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
    CHECK(stats_of(chooser).pending == 0);
    /* Removed while full, it is released by its last request. */
    for (n = 0; n < 6; n++)
        IS(peerage_chooser_try_choose(chooser, NULL, &picks[n]), PEERAGE_OK);
    discard(chooser, "a:1");
    discard(chooser, "b:1");
    CHECK(self.released == 0 && stats_of(chooser).departing_pending == 6);
    for (n = 0; n < 6; n++)
        IS(peerage_pick_finish(&picks[n], PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 2);
    end(chooser, &self);
}

static void *wait_for_one(void *chooser)
{
    peerage_pick pick;
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    return NULL;
}

static void a_finish_hands_its_place_over(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = limited(&self, "least-loaded", "max-pending=1");
    peerage_pick held;
    pthread_t waiters[4];
    int n;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &held), PEERAGE_OK);
    for (n = 0; n < 4; n++)
        CHECK(pthread_create(&waiters[n], NULL, wait_for_one, (void *)chooser) == 0);
    while (stats_of(chooser).waiting < 4)
        sched_yield();
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    for (n = 0; n < 4; n++)
        CHECK(pthread_join(waiters[n], NULL) == 0);
    CHECK(stats_of(chooser).pending == 0);
    end(chooser, &self);
}

typedef struct notice {
    int called;
    int32_t status;
} notice;

static void ready(void *ctx, int32_t status)
{
    notice *self = ctx;
    self->called++;
    self->status = status;
}

static void ask(const peerage_chooser *chooser, notice *self)
{
    self->called = 0;
    IS(peerage_chooser_notify_ready(chooser, NULL, ready, self, NULL, NULL), PEERAGE_OK);
}

static void whose_turn(const char *options, int first)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = limited(&self, "random", options);
    peerage_pick held;
    notice notices[3];
    int n;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &held), PEERAGE_OK);
    for (n = 0; n < 3; n++)
        ask(chooser, &notices[n]);
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    for (n = 0; n < 3; n++)
        CHECK(notices[n].called == (n == first));
    end(chooser, &self);
}

/* A finish gives the notice of one that waits, and a notice that was given and is taken back too late
 * leads to that of the next. */
static void a_late_cancel_gives_the_next_notice(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = limited(&self, "random", "max-pending=1");
    peerage_pick held;
    notice first = { 0, 0 }, second = { 0, 0 };
    uint64_t id;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &held), PEERAGE_OK);
    IS(peerage_chooser_notify_ready(chooser, NULL, ready, &first, NULL, &id), PEERAGE_OK);
    ask(chooser, &second);
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(first.called == 1 && second.called == 0);
    IS(peerage_chooser_notify_cancel(chooser, id), PEERAGE_ERR_NOT_FOUND);
    CHECK(first.called == 1 && second.called == 1 && second.status == PEERAGE_OK);
    end(chooser, &self);
}

static void so_many_wait(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = limited(&self, "random", "max-pending=1,max-waiting=2");
    peerage_pick held, pick;
    notice notices[3];
    int n;
    add(chooser, "a:1");
    IS(peerage_chooser_try_choose(chooser, NULL, &held), PEERAGE_OK);
    for (n = 0; n < 3; n++)
        ask(chooser, &notices[n]);
    CHECK(notices[0].called == 0 && notices[1].called == 0);
    CHECK(notices[2].called == 1 && notices[2].status == PEERAGE_ERR_QUEUE_FULL);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick),
       PEERAGE_ERR_QUEUE_FULL);
    explained(chooser, PEERAGE_ERR_QUEUE_FULL, 0, PEERAGE_CAUSE_QUEUE_FULL,
              "2 callers wait already (max-waiting is 2)");
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(notices[0].called == 1 && notices[0].status == PEERAGE_OK);
    CHECK(notices[1].called == 0);
    end(chooser, &self);
}

static void wrong_options(void)
{
    fake self = FAKE_PUSHES;
    const char *const wrong[] = {"max-pending=0", "queue=random", "max-waiting=-1"};
    const peerage_chooser *chooser;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    size_t n;
    opts.transport = fake_transport(&self);
    opts.policy = text("random");
    for (n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        opts.options = text(wrong[n]);
        IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_ERR_INVALID_ARGUMENT);
    }
    peerage_transport_unref(opts.transport);
}

int main(void)
{
    no_more_than_the_limit("round-robin");
    no_more_than_the_limit("fewest-pending-requests");
    no_more_than_the_limit("least-latency");
    a_finish_hands_its_place_over();
    whose_turn("max-pending=1,queue=fifo", 0);
    whose_turn("max-pending=1,queue=lifo", 2);
    a_late_cancel_gives_the_next_notice();
    so_many_wait();
    wrong_options();
    return 0;
}
