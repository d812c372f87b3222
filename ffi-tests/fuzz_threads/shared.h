/* What the threads share, and what is known about it.
 *
 * The program must not order what the library does not: two threads that take turns at a lock here
 * would hide a race there. So what they share is counted with relaxed atomics, which order nothing,
 * and what the library promises to order (all callbacks of a context before its last, the use of a
 * pick before the release of its peer, one callback of a policy before the next) is kept in plain
 * memory, where the thread sanitizer sees whether it does. */
#ifndef SHARED_H
#define SHARED_H

#include <peerage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fuzz/bytes.h"

#define CHECK(what)                                                    \
    do {                                                               \
        if (!(what)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
            abort();                                                   \
        }                                                              \
    } while (0)

#define GET(place) __atomic_load_n(&(place), __ATOMIC_RELAXED)
#define SET(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)
#define ADD(place, n) __atomic_add_fetch(&(place), (n), __ATOMIC_RELAXED)
/* What was there; for what one thread hands to another, which does order the two. */
#define SWAP(place, value) __atomic_exchange_n(&(place), (value), __ATOMIC_ACQ_REL)

enum { THREADS = 3, CHOOSERS = 2, TOKENS = 2, PICKS = 4, PEERS = 2, RECORDS = 256, DEPTH = 3 };
enum { NAMES = 6, HANDED = 3, KEYS = 64 };

typedef enum kind { TRANSPORT = 1, POLICY, LOG, NOTICE, DATA, GONE } kind;

/* A context pointer that the library was given. */
typedef struct context {
    struct context *next;
    kind kind; /* GONE after the last call */
    int drops; /* the library has a drop function to call */
    int active, dropped; /* atomic */
    int ready; /* of a notice */
    unsigned chooser; /* of a notice */
    uint64_t number; /* of a notice */
    /* Of a policy, whose callbacks are called one at a time. */
    uint64_t keys[KEYS];
    int keys_len, inside, chosen, told;
    const peerage_ask_again *ask_again;
} context;

/* A call of `retain`. */
typedef enum standing { ASKED = 1, REFUSED, HELD, LEAVING, LEFT } standing;
typedef struct record {
    const peerage_peer *handle, *kept; /* atomic */
    int standing; /* atomic */
    int requests; /* atomic: started and not finished */
    int released;
} record;

typedef struct thread {
    bytes bytes;
    unsigned number;
    int depth, in_policy;
    const peerage_chooser *choosers[CHOOSERS]; /* each with a reference, until it is given back */
    const peerage_cancel *tokens[TOKENS];
    const peerage_peer *peers[PEERS];
    peerage_pick picks[PICKS];
    int live[PICKS];
} thread;

/* What an input chose for all of its threads. */
typedef struct plan {
    unsigned threads;
    int hooks; /* the transport hears of requests */
    int keeps; /* it keeps its peers beyond their release, and reports then too */
    int changes_data; /* and so data cannot be looked at */
} plan;

typedef struct shared {
    plan plan;
    thread threads[THREADS + 1]; /* the last is the one that the others are joined by */
    const peerage_transport *transport;
    context *policy; /* the first chooser's, if it is not one of the library's */
    context *contexts; /* atomic */
    record records[RECORDS];
    int records_len; /* atomic */
    int fds[CHOOSERS]; /* atomic: the descriptor that was given out, plus 1 */
    int direct[CHOOSERS];
    int prefers; /* atomic: some request did, whose end a policy hears and which it did not choose */
    peerage_pick *picks[HANDED]; /* handed from one thread to another */
    context *notices[HANDED];
} shared;

extern shared s;

/* The thread that runs this. */
thread *self(void);
void be(thread *t);

context *new_shared_context(kind kind, int drops);
peerage_str name_text(unsigned name);
record *record_of(const peerage_peer *handle, standing standing);

/* hears.c: what the library is given to call. */
void hear_transport(peerage_transport_ops *ops, int hooks);
void hear_policy(peerage_policy_ops *ops, unsigned which);
void hear_line(void *ctx, int32_t level, peerage_str line);
void hear_ready(void *ctx, int32_t status);
void hear_last(void *ctx);

/* set_up.c */
void set_up_transport(void);
const peerage_chooser *set_up_chooser(unsigned i, bytes *b);

/* requests.c, members.c, waits.c, looks.c: one call each, on a chooser that the thread has. */
void begin_request(thread *t, unsigned i), end_request(thread *t), hand_pick(thread *t);
void end_pick(peerage_pick *pick, unsigned how);
void change_members(thread *t, unsigned i), change_state(thread *t, unsigned i);
void report_peer(thread *t);
void wait_for_notice(thread *t, unsigned i), take_notice(thread *t), use_token(thread *t);
void wait_for_drain(thread *t, unsigned i), watch_descriptor(thread *t, unsigned i);
void look_at_numbers(thread *t, unsigned i), ask_why(thread *t, unsigned i);

/* threaded_calls.c */
void call_one(thread *t);
/* Perhaps makes calls: for the inside of callbacks. */
void call_from_inside(void);

#endif
