/* What the calls are made on, and what is known about it.
 *
 * Handles are only half of an object here. The other half is a record of what the header promises
 * about it: who was retained and not released, which status was pushed last, how many picks are
 * out, which context has had its last call. Every call and every callback is checked against the
 * records, and changes them.
 *
 * A call that is made inside a callback may meet a library that is half way through something, and
 * then several answers are right. So the records say what is certain: `quiet` tells whether anything
 * was called from inside a callback since a moment, and `certain` whether a chooser's members are
 * known. The strict checks are for quiet calls that are not themselves inside a callback. */
#ifndef WORLD_H
#define WORLD_H

#include <peerage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define CHECK(what)                                                    \
    do {                                                               \
        if (!(what)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
            abort();                                                   \
        }                                                              \
    } while (0)

/* Whether a status is one of those that follow. */
#define ONE_OF(status, ...)                                           \
    one_of(__FILE__, __LINE__, (status), (const int32_t[]){__VA_ARGS__}, \
           sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t))

enum { IDS = 11, DEPTH = 5, SLOTS = 3, PICKS = 8 };

typedef enum kind { TRANSPORT, POLICY, LOG, NOTICE, DATA } kind;
typedef enum state { IDLE, RUNNING, STOPPED } state;
typedef struct chooser chooser;
struct asked;

/* A context pointer that the library was given. */
typedef struct context {
    struct context *next;
    kind kind;
    int drops;   /* the library has a drop function to call */
    int refused; /* the call that took it failed */
    int active;  /* callbacks that have it now */
    int dropped;
    int hears, hooks;                   /* of a transport: started or finished; both */
    int32_t level;                      /* of a log */
    int ready, taking_back, asking;     /* of a notice */
    uint64_t number;                    /* of a notice */
    chooser *chooser;                   /* of a notice */
    uint64_t keys[64];                  /* of a policy: what is available */
    int keys_len, chosen, told, inside; /* of a policy */
    uint64_t watches;                   /* of a policy */
    int picky; /* of a policy: it may let callers wait for more than a peer */
    const peerage_ask_again *ask_again; /* of a policy, once it serves a chooser */
} context;

/* What is known of a peer beside its name, by a number. */
typedef struct about {
    uint32_t weight, tier;
    const char *shard, *zone;
} about;
enum { ABOUTS = 5, ABOUT_UNKNOWN = 255 };
extern const about abouts[ABOUTS];

typedef struct peer {
    struct peer *next;
    const peerage_peer *handle;
    context *transport;
    unsigned id;
    int retaining, retained, releasing;
    int refs;
    int picks; /* live ones */
    int requests; /* started and not finished, if the transport hears of both */
    int32_t status;
    int pushing;        /* calls under way */
    unsigned long left; /* when it was Available last */
    context *data;
} peer;

struct chooser {
    chooser *next;
    const peerage_chooser *handle;
    int refs;
    context *transport, *policy;
    int direct, fail_fast, short_default;
    /* By its options or its policy: peers are set aside or have no place for reasons that are not
     * followed here, so it is never certain; a choice may fail although one is available; how many
     * wait is limited; not every peer has its turn. */
    int sets_aside, may_fail, refuses, bounded;
    int open; /* its memory is */
    state state;
    int busy; /* calls under way that change members or state */
    int certain;
    unsigned members; /* a bit for each identifier */
    unsigned char about[IDS]; /* of each member, a number below ABOUTS or ABOUT_UNKNOWN */
    unsigned char reasons[IDS]; /* PEERAGE_REASON_* but for NOT_CONNECTED */
    int has_fd, fd; /* that it was asked for */
};

typedef struct pick {
    peerage_pick pick;
    int live;
    chooser *chooser;
    peer *peer;
    int orphan; /* the peer may have left the list since */
} pick;

typedef struct owned {
    const void *handle;
    int refs;
    context *context;
} owned;

typedef struct world {
    bytes bytes;
    int depth, closing;
    int seeded; /* every chooser has a seed */
    int prefers; /* a request preferred a peer, which a policy hears the end of and did not choose */
    unsigned long now; /* counts calls */
    unsigned long entered; /* counts callbacks */
    const void *waits_with; /* the token of the choice under way */
    context *contexts;
    peer *peers;
    chooser *choosers;
    owned transports[2], policies[2], cancels[2];
    chooser *slots[SLOTS];
    pick picks[PICKS];
    peerage_snapshot *snapshots[2];
    peerage_error *errors[2];
    unsigned refusals[IDS]; /* since the last change of a chooser began */
    const chooser *any_notice_of; /* any notice of it may be taken back now */
    pick *finishing;
    int32_t outcome;
    const struct asked *asking; /* what the choice under way was asked for */
    const peerage_request *lent; /* what the policy that is called now was given */
} world;

extern world w;

void one_of(const char *file, int line, int32_t status, const int32_t *these, size_t len);

/* Identifiers that are valid: short, empty, long, not ASCII, with a zero, with a new line. */
peerage_str id_text(unsigned id);
unsigned id_of(peerage_str text);
int same_text(peerage_str a, peerage_str b);
void check_text(peerage_str text);
/* A text that is not one, or one of the identifiers (`*id`). The status it leads to, or 0. */
int32_t any_text(peerage_str *text, unsigned *id);
/* The same where bytes are taken: those that are no text lead to nothing. */
int32_t any_bytes(peerage_str *bytes, unsigned *id);
/* The same where a text must not hold a zero. */
int32_t any_name(peerage_str *name, unsigned *id);

/* For `err` parameters: checks what a call left there, and keeps or frees it. */
peerage_error **maybe_err(peerage_error **place);
void check_err(peerage_error **place, int32_t status);

context *new_context(kind kind, int drops);
chooser *any_chooser(void);
int popcount(unsigned bits);
/* Whether nothing was called from inside a callback since `then`. */
int quiet(unsigned long then);
peer *retained_peer(const context *transport, unsigned id);
int usable(const peer *p);
peer *peer_of(const peerage_peer *handle);
/* Whether `p` was Available at some moment since `then`. */
int was_available(const peer *p, unsigned long then);
unsigned available(const chooser *c);
int waiting(const chooser *c);
void begin_change(chooser *c), end_change(chooser *c);
/* The picks of these peers: they may have left the list. */
void orphan(const chooser *c, unsigned ids);
int32_t push(peer *p, int32_t status);
int32_t finish(pick *p, int32_t outcome, int64_t latency_ns);
/* A latency to finish with, one of those that a policy may then hear. */
int64_t any_latency(void);
int may_hear(int64_t latency_ns);
/* memory.c: the same without a call, if the header allows it. */
int finish_by_memory(peerage_pick *p);
/* choose.c: the record of a pick that was just made; somewhere to keep it. */
void keep_pick(const peerage_pick *made, chooser *c, const struct asked *a, unsigned long then);
void unref_chooser(unsigned slot);

/* callbacks.c: what the library is given to call. */
void transport_callbacks(peerage_transport_ops *ops, unsigned hooks);
void policy_callbacks(peerage_policy_ops *ops, int finished);
void log_line(void *ctx, int32_t level, peerage_str message);
void notice_ready(void *ctx, int32_t status);
void last_call(void *ctx);

/* members.c: members in an array of any size. */
typedef struct members {
    union {
        peerage_member aligned;
        unsigned char room[4 * (sizeof(peerage_member) + 16)];
    } at;
    const peerage_member *given;
    size_t len;
    unsigned ids[4];          /* IDS: not one */
    unsigned char abouts[4];
    int32_t wrong; /* the status it leads to, or 0; one of several */
} members;
void any_members(members *m, unsigned len, unsigned shape);
void check_about(unsigned number, uint32_t weight, uint32_t tier, peerage_str shard,
                 peerage_str zone);
/* Whether a member may have both. */
int is_of_an_about(peerage_str shard, peerage_str zone);

/* request.c: what a request may look like. */
typedef struct asked {
    union {
        peerage_request request;
        unsigned char room[sizeof(peerage_request) + 32];
    } at;
    peerage_header headers[2];
    peerage_str avoid[3];
    const peerage_request *given;
    int32_t wrong; /* the status it leads to, or 0; one of several */
    unsigned shard, avoided, preferred;
    int plain; /* no headers, and all of it is read */
} asked;
void ask(asked *a);
/* Whether a policy is given what was asked for. */
void check_request(const peerage_request *request);

/* One call each. */
void make_transport(void), make_policy(void), make_chooser(void), make_cancel(void);
void give_back(void), use_peer(void), report_load(void), use_cancel(void), use_error(void);
void start_chooser(void), stop_chooser(void), update_chooser(void);
void replace_members(void), set_reason(void);
void choose_peer(int waits), finish_pick(void), ask_notice(void), take_notice_back(void);
void choose_by_memory(void);
void look_at_chooser(void), look_at_snapshot(void), look_at_texts(void);
void look_at_settings(void), explain_choice(void), drain_chooser(void), open_descriptor(void);
void reset_cancel(void);

/* readable.c: whether the descriptor shows what it should; is closed. */
void check_readable(const chooser *c);
void check_closed(const chooser *c);

/* calls.c */
void call_something(void);
/* Perhaps makes calls: for the inside of callbacks. */
void meddle(void);
void calls(const uint8_t *data, size_t len);

#endif
