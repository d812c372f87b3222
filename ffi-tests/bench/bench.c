/* The C side: an ordinary program's loop, that happens to be a shared object. */
#define _POSIX_C_SOURCE 199309L
#include "bench.h"

#include <peerage.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const peerage_chooser *chooser;
static size_t retained, released;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)id;
    retained++;
    return peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE);
}

static void release(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer;
    released++;
}

/* Addresses of about 16 bytes. */
static peerage_str name(char *text, size_t n)
{
    peerage_str id;
    id.ptr = text;
    id.len = (size_t)sprintf(text, "10.%u.%u.%u:4040", (unsigned)(n >> 16 & 255),
                             (unsigned)(n >> 8 & 255), (unsigned)(n & 255));
    return id;
}

static peerage_str text(const char *s)
{
    peerage_str str;
    str.ptr = s;
    str.len = strlen(s);
    return str;
}

int32_t bench_start(size_t peers)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_transport *transport;
    peerage_stats stats;
    int32_t status;
    size_t n;
    ops.retain = retain;
    ops.release = release;
    status = peerage_transport_new(&ops, NULL, &transport, NULL);
    if (status)
        return status;
    opts.policy = text("two-random-choices");
    opts.transport = transport;
    opts.shuffle = PEERAGE_SWITCH_OFF;
    status = peerage_chooser_new(&opts, &chooser, NULL);
    peerage_transport_unref(transport);
    if (!status)
        status = peerage_chooser_start(chooser, NULL);
    for (n = 0; !status && n < peers; n++) {
        char space[32];
        peerage_member member = PEERAGE_MEMBER_INIT;
        member.id = name(space, n);
        status = peerage_chooser_update(chooser, &member, 1, NULL, 0, NULL);
    }
    if (!status)
        status = peerage_chooser_stats(chooser, &stats, sizeof stats);
    return status ? status : stats.available == peers ? PEERAGE_OK : PEERAGE_ERR_NO_PEER;
}

int32_t bench_stop(void)
{
    peerage_chooser_unref(chooser);
    return released == retained ? PEERAGE_OK : PEERAGE_ERR_NOT_FOUND;
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* One loop for each way, so that none pays for the choice between them. */
#define LOOP(call)                                                   \
    for (round = 0; round < rounds && !status; round++) {            \
        status = (call);                                             \
        if (!status)                                                 \
            status = peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS);    \
    }

int64_t bench_choose(int32_t way, uint64_t rounds)
{
    const int64_t second = 1000000000;
    peerage_request keyed = PEERAGE_REQUEST_INIT, headed = PEERAGE_REQUEST_INIT;
    peerage_header headers[2];
    peerage_pick pick;
    int32_t status = PEERAGE_OK;
    uint64_t round;
    int64_t begun;
    keyed.shard_key = text("user-4711");
    headers[0].name = text("tenant");
    headers[0].value = text("blue");
    headers[1].name = text("x-trace");
    headers[1].value = text("0af7651916cd43dd8448eb211c80319c");
    headed.headers = headers;
    headed.headers_len = 2;
    begun = now();
    switch (way) {
    case 0: LOOP(peerage_chooser_choose(chooser, NULL, second, NULL, &pick)) break;
    case 1: LOOP(peerage_chooser_try_choose(chooser, NULL, &pick)) break;
    case 2: LOOP(peerage_chooser_choose(chooser, &keyed, second, NULL, &pick)) break;
    case 3: LOOP(peerage_chooser_choose(chooser, &headed, second, NULL, &pick)) break;
    default: status = PEERAGE_ERR_INVALID_ARGUMENT;
    }
    return status ? status : now() - begun;
}
