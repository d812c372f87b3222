/* `replay POLICY PEERS ROUNDS [trace]`: choose + finish through C, as the Rust side of it in
 * src/replay.rs. */
#include <errno.h>
#include <peerage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 1024

static const peerage_chooser *chooser;
static char keys[KEYS][32];
static peerage_str key_of[KEYS];
static int is_keyed, is_timed;
static size_t allocations;

/* The names under which glibc keeps its own; a program may replace the others. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size)
{
    allocations++;
    return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size)
{
    allocations++;
    return __libc_realloc(block, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
    allocations++;
    *block = __libc_memalign(align, size);
    return *block ? 0 : ENOMEM;
}

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)id;
    return peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE);
}

static void release(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer;
}

static peerage_str text(const char *s)
{
    peerage_str str;
    str.ptr = s;
    str.len = strlen(s);
    return str;
}

static void check(int32_t status, const char *what)
{
    if (status) {
        fprintf(stderr, "%s: status %d\n", what, (int)status);
        exit(1);
    }
}

/* Addresses of about 16 bytes. */
static void name(char *to, size_t n)
{
    sprintf(to, "10.%u.%u.%u:4040", (unsigned)(n >> 16 & 255), (unsigned)(n >> 8 & 255),
            (unsigned)(n & 255));
}

static void start(const char *policy, size_t peers, int trace)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_transport *transport;
    peerage_member *members;
    char(*names)[32];
    size_t n;
    ops.retain = retain;
    ops.release = release;
    check(peerage_transport_new(&ops, NULL, &transport, NULL), "transport");
    opts.policy = text(policy);
    opts.transport = transport;
    opts.shuffle = PEERAGE_SWITCH_OFF;
    is_timed = !strncmp(policy, "least-latency", strlen("least-latency"));
    /* Which peers these look at depends on what is drawn. A seed is a line that all threads write. */
    opts.has_seed = !trace && (is_timed || !strcmp(policy, "least-loaded"));
    opts.seed = 7;
    check(peerage_chooser_new(&opts, &chooser, NULL), "chooser");
    peerage_transport_unref(transport);
    check(peerage_chooser_start(chooser, NULL), "start");
    /* One update: a ring is made anew by each. */
    members = malloc(peers * sizeof *members);
    names = malloc(peers * sizeof *names);
    if (!members || !names)
        check(PEERAGE_ERR_INVALID_ARGUMENT, "memory");
    for (n = 0; n < peers; n++) {
        const peerage_member member = PEERAGE_MEMBER_INIT;
        name(names[n], n);
        members[n] = member;
        members[n].id = text(names[n]);
    }
    check(peerage_chooser_update(chooser, members, peers, NULL, 0, NULL), "update");
    free(members);
    free(names);
    is_keyed = !strcmp(policy, "hashring32") || !strcmp(policy, "maglev");
    for (n = 0; n < KEYS; n++) {
        sprintf(keys[n], "user-%06u", (unsigned)n);
        key_of[n] = text(keys[n]);
    }
}

/* Three loops, so that none pays for the choice between them. */
static void rounds_of(size_t begin, size_t end)
{
    const int64_t second = 1000000000;
    peerage_pick pick;
    size_t round;
    if (is_timed) {
        for (round = begin; round < end; round++) {
            check(peerage_chooser_choose(chooser, NULL, second, NULL, &pick), "choose");
            peerage_pick_finish_timed(&pick, PEERAGE_OUTCOME_SUCCESS,
                                      1000000 + (int64_t)(round & 0xfff) * 1000);
        }
        return;
    }
    if (is_keyed) {
        peerage_request request = PEERAGE_REQUEST_INIT;
        for (round = begin; round < end; round++) {
            request.shard_key = key_of[round % KEYS];
            check(peerage_chooser_choose(chooser, &request, second, NULL, &pick), "choose");
            peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS);
        }
        return;
    }
    for (round = begin; round < end; round++) {
        check(peerage_chooser_choose(chooser, NULL, second, NULL, &pick), "choose");
        peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS);
    }
}

/* What is counted: not inlined, and found by its name. */
void limits_measured(size_t begin, size_t end);
__attribute__((noinline)) void limits_measured(size_t begin, size_t end)
{
    rounds_of(begin, end);
    __asm__ volatile("" ::: "memory");
}

/* Where the trace of a round ends. */
void limits_done(void);
__attribute__((noinline)) void limits_done(void)
{
    __asm__ volatile("" ::: "memory");
}

int main(int argc, char **argv)
{
    size_t rounds, round, before;
    if (argc < 4) {
        fputs("usage: replay POLICY PEERS ROUNDS [trace]\n", stderr);
        return 2;
    }
    rounds = (size_t)strtoul(argv[3], NULL, 10);
    start(argv[1], (size_t)strtoul(argv[2], NULL, 10), argc > 4);
    rounds_of(0, KEYS);
    if (argc > 4) {
        printf("measured %p done %p stack %p own %p\n", (void *)(size_t)limits_measured,
               (void *)(size_t)limits_done, (void *)&rounds, (void *)&errno);
        fflush(stdout);
        for (round = 0; round < rounds; round++) {
            limits_measured(round, round + 1);
            limits_done();
        }
    } else {
        before = allocations;
        limits_measured(0, rounds);
        printf("allocations %lu\n", (unsigned long)(allocations - before));
    }
    peerage_chooser_unref(chooser);
    return 0;
}
