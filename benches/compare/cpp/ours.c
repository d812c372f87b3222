#include "ours.h"

#include <peerage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 1024, KEY_SPACE = 16 };
static const int64_t MINUTE = 60 * (int64_t)1000000000;

struct ours_list {
    const peerage_chooser *chooser;
    /* The connections, in the order in which they were asked for. */
    const peerage_peer **peers;
    size_t room, next;
    /* What an update takes, for all peers, so that no update has to write it. */
    peerage_member *members;
    peerage_str *ids;
    /* Requests carry a key, as a ring wants. */
    int keyed;
    char keys[KEYS][KEY_SPACE];
};

static void must(peerage_status status, const char *what)
{
    if (!status)
        return;
    fprintf(stderr, "compare-cpp: %s: %s\n", what, peerage_status_message(status));
    exit(1);
}

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    must(memory ? PEERAGE_OK : PEERAGE_ERR_NULL_POINTER, "calloc");
    return memory;
}

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    struct ours_list *ours = ctx;
    (void)id;
    ours->peers[ours->next++ % ours->room] = peer;
    return peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE);
}

static void release(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer;
}

struct ours_list *ours_open(const char *policy, const struct peer_name *names, size_t peers)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_transport *transport;
    struct ours_list *ours = room(1, sizeof *ours);
    size_t n;
    ours->room = peers;
    ours->peers = room(peers, sizeof *ours->peers);
    ours->members = room(peers, sizeof *ours->members);
    ours->ids = room(peers, sizeof *ours->ids);
    for (n = 0; n < peers; n++) {
        const peerage_member member = PEERAGE_MEMBER_INIT;
        ours->members[n] = member;
        ours->members[n].id.ptr = ours->ids[n].ptr = names[n].text;
        ours->members[n].id.len = ours->ids[n].len = names[n].len;
    }
    ours->keyed = strncmp(policy, "hashring32", 10) == 0;
    for (n = 0; n < KEYS; n++)
        sprintf(ours->keys[n], "user-%06u", (unsigned)n);
    ops.retain = retain;
    ops.release = release;
    must(peerage_transport_new(&ops, ours, &transport, NULL), "a transport");
    opts.policy = peerage_text(policy);
    opts.transport = transport;
    must(peerage_chooser_new(&opts, &ours->chooser, NULL), policy);
    peerage_transport_unref(transport);
    must(peerage_chooser_start(ours->chooser, NULL), "a start");
    return ours;
}

void ours_close(struct ours_list *ours)
{
    peerage_chooser_unref(ours->chooser);
    free(ours->peers);
    free(ours->members);
    free(ours->ids);
    free(ours);
}

void ours_requests(struct ours_list *ours, uint64_t rounds, uint64_t first)
{
    const peerage_chooser *chooser = ours->chooser;
    peerage_request request = PEERAGE_REQUEST_INIT;
    const peerage_request *asked = ours->keyed ? &request : NULL;
    peerage_status status = PEERAGE_OK;
    peerage_pick pick;
    uint64_t round;
    for (round = first; round < first + rounds && !status; round++) {
        if (asked) {
            request.shard_key.ptr = ours->keys[round % KEYS];
            request.shard_key.len = 11;
        }
        status = peerage_chooser_choose(chooser, asked, MINUTE, NULL, &pick);
        if (!status)
            status = peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS);
    }
    must(status, "a request");
}

void ours_add(struct ours_list *ours, size_t first, size_t count)
{
    must(peerage_chooser_update(ours->chooser, ours->members + first, count, NULL, 0, NULL),
         "an addition");
}

void ours_remove(struct ours_list *ours, size_t first, size_t count)
{
    must(peerage_chooser_update(ours->chooser, NULL, 0, ours->ids + first, count, NULL),
         "a removal");
}

void ours_set(struct ours_list *ours, size_t peer, int available)
{
    must(peerage_peer_set_status(ours->peers[peer], available ? PEERAGE_CONNECTION_AVAILABLE
                                                              : PEERAGE_CONNECTION_UNAVAILABLE),
         "a status");
}

static peerage_stats stats(const struct ours_list *ours)
{
    peerage_stats stats;
    must(peerage_chooser_stats(ours->chooser, &stats, sizeof stats), "the counts");
    return stats;
}

size_t ours_available(struct ours_list *ours)
{
    return stats(ours).available;
}

size_t ours_waiting(struct ours_list *ours)
{
    return stats(ours).waiting;
}
