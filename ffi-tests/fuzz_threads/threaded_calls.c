/* From bytes to threads: the first bytes say what there is, the others are dealt out; in the end all is
 * given back, and then nothing may be left. */
#define _POSIX_C_SOURCE 200809L
#include "threaded_calls.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>

#include "shared.h"

static pthread_barrier_t all_there;

/* Of inside a callback the reference that the call was made with may be given back, too. */
static void give_chooser_back(thread *t, unsigned i)
{
    const peerage_chooser *chooser = t->choosers[i];
    if (take(&t->bytes) % 4 || t->in_policy)
        return;
    t->choosers[i] = NULL;
    peerage_chooser_unref(chooser);
}

void call_one(thread *t)
{
    unsigned b = take(&t->bytes), i = b >> 7;
    if (!t->choosers[i])
        i = !i;
    switch (b & 31) {
    case 0: case 1: case 2: end_request(t); return;
    case 3: case 4: hand_pick(t); return;
    case 5: case 6: case 7: report_peer(t); return;
    case 8: take_notice(t); return;
    case 9: use_token(t); return;
    case 10: sched_yield(); return;
    default: break;
    }
    if (!t->choosers[i])
        return;
    switch (b & 31) {
    case 11: case 12: case 13: case 14: case 15: case 16: begin_request(t, i); return;
    case 17: case 18: case 19: case 20: change_members(t, i); return;
    case 21: case 22: change_state(t, i); return;
    case 23: case 24: wait_for_notice(t, i); return;
    case 25: wait_for_drain(t, i); return;
    case 26: watch_descriptor(t, i); return;
    case 27: case 28: look_at_numbers(t, i); return;
    case 29: case 30: ask_why(t, i); return;
    default: give_chooser_back(t, i); return;
    }
}

void call_from_inside(void)
{
    thread *t = self();
    unsigned b = take(&t->bytes), n;
    if ((b & 3) != 3 || t->depth >= DEPTH)
        return;
    t->depth++;
    for (n = 1 + (b >> 2) % 2; n > 0 && t->bytes.at < t->bytes.end; n--)
        call_one(t);
    t->depth--;
}

static void *run(void *arg)
{
    thread *t = arg;
    be(t);
    pthread_barrier_wait(&all_there);
    while (t->bytes.at < t->bytes.end)
        call_one(t);
    return NULL;
}

/* What one thread has left. The picks may go before or after the choosers. */
static void end_thread(thread *t)
{
    unsigned i;
    for (i = 0; i < PICKS; i++)
        if (t->live[i]) {
            t->live[i] = 0;
            end_pick(&t->picks[i], i);
        }
    for (i = 0; i < TOKENS; i++)
        peerage_cancel_unref(t->tokens[i]);
    for (i = 0; i < PEERS; i++)
        peerage_peer_unref(t->peers[i]);
}

static void end_requests(void)
{
    unsigned i;
    for (i = 0; i < HANDED; i++)
        if (s.picks[i]) {
            end_pick(s.picks[i], i);
            free(s.picks[i]);
        }
    for (i = 0; i <= THREADS; i++)
        end_thread(&s.threads[i]);
}

/* A chooser that has stopped, and all of whose requests have ended, has nothing left. */
static void check_empty(const peerage_chooser *chooser)
{
    peerage_stats stats;
    CHECK(peerage_chooser_drain(chooser, 0) == PEERAGE_OK);
    CHECK(peerage_chooser_stats(chooser, &stats, sizeof stats) == PEERAGE_OK);
    CHECK(stats.peers == 0 && stats.available == 0 && stats.pending == 0);
    CHECK(stats.departing == 0 && stats.departing_pending == 0 && stats.waiting == 0);
    CHECK(stats.state == PEERAGE_STATE_STOPPED);
}

static void end_choosers(int stop)
{
    unsigned i, n;
    for (n = 0; n <= THREADS; n++)
        for (i = 0; i < CHOOSERS; i++) {
            const peerage_chooser *chooser = s.threads[n].choosers[i];
            if (chooser && stop) {
                CHECK(peerage_chooser_stop(chooser, NULL) == PEERAGE_OK);
                check_empty(chooser);
            }
            s.threads[n].choosers[i] = NULL;
            peerage_chooser_unref(chooser);
        }
}

static void check_nothing_left(void)
{
    int i, len = s.records_len < RECORDS ? s.records_len : RECORDS;
    for (i = 0; i < len; i++) {
        record *r = &s.records[i];
        CHECK(r->standing == LEFT || r->standing == REFUSED);
        CHECK(r->requests == 0 && r->released == (r->standing == LEFT));
        peerage_peer_unref(r->kept);
    }
    peerage_transport_unref(s.transport);
    for (i = 0; i < CHOOSERS; i++)
        CHECK(!s.fds[i] || fcntl(s.fds[i] - 1, F_GETFD) == -1);
    if (s.policy)
        peerage_ask_again_unref(s.policy->ask_again);
    while (s.contexts) {
        context *c = s.contexts;
        CHECK(c->dropped == c->drops && c->active == 0);
        s.contexts = c->next;
        free(c);
    }
}

static void run_threads(void)
{
    pthread_t ids[THREADS];
    unsigned i;
    CHECK(pthread_barrier_init(&all_there, NULL, s.plan.threads) == 0);
    for (i = 0; i < s.plan.threads; i++)
        CHECK(pthread_create(&ids[i], NULL, run, &s.threads[i]) == 0);
    for (i = 0; i < s.plan.threads; i++)
        CHECK(pthread_join(ids[i], NULL) == 0);
    CHECK(pthread_barrier_destroy(&all_there) == 0);
}

/* Every thread gets a share of the bytes, and references of its own. */
static void deal_out(const bytes *all, const peerage_chooser *const *choosers, int shares_refs)
{
    size_t share = (size_t)(all->end - all->at) / s.plan.threads;
    unsigned i, n;
    for (n = 0; n < s.plan.threads; n++) {
        thread *t = &s.threads[n];
        t->number = n;
        t->bytes.at = all->at + n * share;
        t->bytes.end = t->bytes.at + share;
        for (i = 0; i < CHOOSERS; i++)
            t->choosers[i] = n || shares_refs ? peerage_chooser_ref(choosers[i]) : choosers[i];
        for (i = 0; i < TOKENS; i++)
            t->tokens[i] = n ? peerage_cancel_ref(s.threads[0].tokens[i]) : peerage_cancel_new();
    }
    if (shares_refs)
        for (i = 0; i < CHOOSERS; i++)
            s.threads[THREADS].choosers[i] = choosers[i];
}

void threaded_calls(const uint8_t *data, size_t len)
{
    const peerage_chooser *choosers[CHOOSERS];
    bytes all;
    unsigned b, i;
    memset(&s, 0, sizeof s);
    if (len < 16)
        return;
    all.at = data;
    all.end = data + len;
    b = take(&all);
    s.plan.threads = 2 + (b & 1);
    s.plan.hooks = b >> 1 & 1;
    s.plan.keeps = b >> 2 & 1;
    s.plan.changes_data = b >> 3 & 1;
    /* It has no bytes: only the threads make calls inside callbacks. */
    be(&s.threads[THREADS]);
    set_up_transport();
    for (i = 0; i < CHOOSERS; i++)
        choosers[i] = set_up_chooser(i, &all);
    deal_out(&all, choosers, b >> 4 & 1);
    run_threads();
    if (b & 32) {
        end_requests();
        end_choosers(1);
    } else {
        end_choosers(0);
        end_requests();
    }
    check_nothing_left();
    be(NULL);
}
