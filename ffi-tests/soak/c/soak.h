/*
 * The client in C: what its files share. src/bin/client/main.rs says what a client takes and says.
 *
 * link.c     a connection, and what is said on it
 * tally.c    what is counted, and how it is said
 * calls.c    a call: choose, send, finish, and again elsewhere
 * watched.c  a transport of its own
 * main.c     the choosers; the threads, which pause and go on together
 */
#ifndef SOAK_H
#define SOAK_H

#include <peerage.h>
#include <stdint.h>

enum { MAX_CHOOSERS = 8, MAX_LINKS = 32, BUCKETS = 512, OUTCOMES = 6 };

/* Why a choice found no peer. */
enum missed { NO_PEER, TIMED_OUT, QUEUE_FULL, OTHER, MISSED };

/* A chooser with what feeds it. */
struct fed {
    const char *name;
    const peerage_chooser *chooser;
    const peerage_updater *updater;
};

/* What each thread does. */
extern struct work {
    unsigned client;
    int64_t every_ns;
    const char *plant;
    size_t choosers;
    struct fed fed[MAX_CHOOSERS];
} work;

struct chooser_tally {
    uint64_t picks, outcomes[OUTCOMES], missed[MISSED];
};

struct tally {
    struct chooser_tally choosers[MAX_CHOOSERS];
    uint64_t calls, good, latencies[BUCKETS];
};

void tally_call(struct tally *tally, int good, int64_t took_ns);
void tally_add(struct tally *to, const struct tally *from);
void tally_print(const char *event, const struct tally *tally);

/* How a request went: well, refused, failed by the server; no connection, or no answer in time. */
enum answer { WELL, BUSY, ERROR, LOST };

/* The connections of one thread, by server. One on which anything goes wrong is closed. */
struct links {
    size_t len;
    struct link {
        char server[32];
        int fd;
    } all[MAX_LINKS];
};

int link_dial(const char *server); /* -1 if there is no connection */
enum answer link_ask(struct links *links, const char *server, int64_t *in_flight);
void link_give_up(struct links *links, const char *server);
void links_close(struct links *links);

/* One thread's calls. */
struct caller {
    struct links links;
    struct tally tally;
    uint64_t dice, number;
};

/* A transport that connects to each peer ten times a second, and says how that went. */
peerage_status watched_new(const peerage_transport **out, peerage_error **error);

void call(struct caller *caller);
int64_t now_ns(void);

#endif
