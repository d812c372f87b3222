/*
 * Three HTTP servers, and clients that need not know which of them is alive.
 *
 * Four threads send GET requests to the peers that a chooser hands out. Then one server dies: the
 * requests that meet it are tried again elsewhere, and all others go elsewhere from the start. Then
 * it comes back, and gets its share again. The program checks that it is so, and ends with 1 and a
 * message if it is not.
 *
 *   cc -std=c99 -I include ffi-tests/curl/main.c ffi-tests/curl/server.c \
 *      ffi-tests/curl/transport.c ffi-tests/curl/request.c libpeerage.a \
 *      $(pkg-config --libs libcurl) -lgcc_s -lpthread -lm -ldl
 */
#define _POSIX_C_SOURCE 200809L
#include "server.h"
#include "transport.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SERVERS = 3, CLIENTS = 4, ATTEMPTS = 5, VICTIM = 1 };
static const char *const names[SERVERS] = { "alpha", "beta", "gamma" };

/* What came of some requests. */
typedef struct tally {
    int answered_by[SERVERS];
    int failed; /* attempts: each was followed by another */
    int lost;   /* requests without an answer */
} tally;

typedef struct client {
    const peerage_chooser *chooser;
    int requests;
    tally tally;
} client;

static void give_up(const char *what)
{
    fprintf(stderr, "curl: %s\n", what);
    exit(1);
}

static void must(int32_t status, const char *what)
{
    if (status == PEERAGE_OK)
        return;
    fprintf(stderr, "curl: %s: %s\n", what, peerage_status_message(status));
    exit(1);
}

static void check(int holds, const char *what)
{
    if (!holds)
        give_up(what);
}

/* One request, tried again elsewhere if its peer fails it. */
static void request(client *self, CURL *curl)
{
    char body[64];
    int attempt, i;
    for (attempt = 0; attempt < ATTEMPTS; attempt++) {
        peerage_pick pick;
        /* Waits up to half a second, if nothing is available. */
        if (peerage_chooser_choose(self->chooser, NULL, PEERAGE_TIMEOUT_DEFAULT, NULL, &pick) !=
            PEERAGE_OK)
            break;
        if (http_transport_get(curl, &pick, "/", body, sizeof body) == CURLE_OK) {
            for (i = 0; i < SERVERS; i++)
                self->tally.answered_by[i] += strcmp(body, names[i]) == 0;
            return;
        }
        self->tally.failed++;
    }
    self->tally.lost++;
}

static void *requests(void *arg)
{
    client *self = arg;
    CURL *curl = curl_easy_init();
    int i;
    if (!curl)
        give_up("curl_easy_init failed");
    for (i = 0; i < self->requests; i++)
        request(self, curl);
    curl_easy_cleanup(curl);
    return NULL;
}

/* Every client sends so many requests, all at the same time. */
static tally send_requests(const peerage_chooser *chooser, int each)
{
    client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    tally sum;
    int i, j;
    memset(clients, 0, sizeof clients);
    memset(&sum, 0, sizeof sum);
    for (i = 0; i < CLIENTS; i++) {
        clients[i].chooser = chooser;
        clients[i].requests = each;
        check(pthread_create(&threads[i], NULL, requests, &clients[i]) == 0, "no thread");
    }
    for (i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        for (j = 0; j < SERVERS; j++)
            sum.answered_by[j] += clients[i].tally.answered_by[j];
        sum.failed += clients[i].tally.failed;
        sum.lost += clients[i].tally.lost;
    }
    return sum;
}

static void print(const char *when, const tally *tally)
{
    int i;
    printf("%-28s", when);
    for (i = 0; i < SERVERS; i++)
        printf(" %s %3d ", names[i], tally->answered_by[i]);
    printf(" failed attempts %d, lost %d\n", tally->failed, tally->lost);
}

/* Sends requests until every server has answered some. */
static void until_all_answer(const peerage_chooser *chooser, const char *when)
{
    time_t end = time(NULL) + 6;
    tally tally;
    int i, silent;
    do {
        check(time(NULL) < end, "a server that is up gets no requests");
        tally = send_requests(chooser, SERVERS);
        check(tally.lost == 0, "a request was lost although servers are up");
        for (i = 0, silent = 0; i < SERVERS; i++)
            silent += tally.answered_by[i] == 0;
    } while (silent > 0);
    print(when, &tally);
}

static const peerage_chooser *start_chooser(const peerage_transport *transport,
                                            server *const servers[])
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    char texts[SERVERS][32];
    peerage_member members[SERVERS];
    int i;
    opts.policy = peerage_text("round-robin");
    opts.transport = transport;
    must(peerage_chooser_new(&opts, &chooser, NULL), "a chooser");
    must(peerage_chooser_start(chooser, NULL), "its start");
    for (i = 0; i < SERVERS; i++) {
        sprintf(texts[i], "127.0.0.1:%d", server_port(servers[i]));
        members[i] = peerage_member_of(texts[i]);
    }
    must(peerage_chooser_replace(chooser, members, SERVERS, NULL), "the servers");
    return chooser;
}

static server *restart(const char *name, int port)
{
    server *server;
    time_t end = time(NULL) + 3;
    while (!(server = server_start(name, port)))
        check(time(NULL) < end, "the server's port is taken");
    return server;
}

int main(void)
{
    server *servers[SERVERS];
    http_transport *transport;
    const peerage_chooser *chooser;
    tally tally;
    int i, port;
    alarm(15); /* never hangs */
    signal(SIGPIPE, SIG_IGN);
    check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl_global_init failed");
    for (i = 0; i < SERVERS; i++)
        check((servers[i] = server_start(names[i], 0)) != NULL, "no server");
    check((transport = http_transport_new()) != NULL, "no transport");
    chooser = start_chooser(http_transport_handle(transport), servers);
    until_all_answer(chooser, "all are up");

    port = server_port(servers[VICTIM]);
    server_stop(servers[VICTIM]);
    tally = send_requests(chooser, 50);
    print("beta dies", &tally);
    check(tally.lost == 0, "a request was lost although two servers are up");
    check(tally.failed > 0, "nobody noticed that a server is down");
    check(tally.answered_by[VICTIM] == 0, "a dead server answered");
    tally = send_requests(chooser, 50);
    print("beta is known to be down", &tally);
    check(tally.failed == 0 && tally.lost == 0, "requests still go to the server that is down");

    servers[VICTIM] = restart(names[VICTIM], port);
    until_all_answer(chooser, "beta is back");
    tally = send_requests(chooser, 50);
    print("all are up again", &tally);
    check(tally.failed == 0 && tally.lost == 0, "requests fail although all servers are up");
    for (i = 0; i < SERVERS; i++)
        check(tally.answered_by[i] > 0, "a server that is up gets no requests");

    must(peerage_chooser_stop(chooser, NULL), "the stop");
    peerage_chooser_unref(chooser);
    http_transport_close(transport);
    for (i = 0; i < SERVERS; i++)
        server_stop(servers[i]);
    curl_global_cleanup();
    return 0;
}
