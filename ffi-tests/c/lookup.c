/*
 * From a name, and from a snapshot's entry, to the peer and its data, without a table of one's own.
 */
#include "fake.h"

static int data_dropped;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    char *name = malloc(id.len + 1);
    CHECK(name);
    memcpy(name, id.ptr, id.len + 1);
    (void)ctx;
    IS(peerage_peer_set_data(peer, name, free), PEERAGE_OK);
    return peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE);
}
static void release(void *ctx, const peerage_peer *peer)
{
    (void)ctx;
    IS(peerage_peer_set_data(peer, &data_dropped, count_drop), PEERAGE_OK);
}

static const peerage_chooser *chooser_with_data(const char *policy)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    ops.retain = retain;
    ops.release = release;
    opts.policy = text(policy);
    IS(peerage_transport_new(&ops, NULL, &opts.transport, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    peerage_transport_unref(opts.transport);
    return chooser;
}

static void by_name(void)
{
    const peerage_chooser *chooser = chooser_with_data("round-robin");
    const peerage_peer *peer;
    FILL(peer);
    add(chooser, "a:1");
    IS(peerage_chooser_peer(chooser, text("a:1"), &peer), PEERAGE_ERR_NOT_IN_LIST);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    add(chooser, "b:1");
    IS(peerage_chooser_peer(chooser, text("c:1"), &peer), PEERAGE_ERR_NOT_IN_LIST);
    IS(peerage_chooser_peer(chooser, text(""), &peer), PEERAGE_ERR_NOT_IN_LIST);
    IS(peerage_chooser_peer(chooser, text("a:\xff"), &peer), PEERAGE_ERR_INVALID_UTF8);
    UNTOUCHED(peer);
    IS(peerage_chooser_peer(chooser, text("b:1"), &peer), PEERAGE_OK);
    CHECK(same(peerage_peer_id(peer), "b:1"));
    CHECK(strcmp(peerage_peer_data(peer), "b:1") == 0);
    /* It can be reported on, and kept beyond its time in the list. */
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0 && strcmp(chosen(chooser, NULL), "a:1") == 0);
    data_dropped = 0;
    peerage_chooser_unref(chooser);
    CHECK(data_dropped == 1);
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_ERR_GONE);
    peerage_peer_unref(peer);
    CHECK(data_dropped == 2);
}

static void by_key_of_direct(void)
{
    const peerage_chooser *chooser = chooser_with_data("direct");
    peerage_request request = PEERAGE_REQUEST_INIT;
    const peerage_peer *peer;
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_peer(chooser, text("a:1"), &peer), PEERAGE_ERR_NOT_IN_LIST);
    request.shard_key = text("a:1");
    CHECK(strcmp(chosen(chooser, &request), "a:1") == 0);
    IS(peerage_chooser_peer(chooser, text("a:1"), &peer), PEERAGE_OK);
    CHECK(strcmp(peerage_peer_data(peer), "a:1") == 0);
    peerage_peer_unref(peer);
    peerage_chooser_unref(chooser);
}

/* Short names are kept in another place than long ones, and all end in a NUL. */
static void by_names_of_any_length(void)
{
    const peerage_chooser *chooser = chooser_with_data("round-robin");
    char name[300];
    size_t len;
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    for (len = 1; len < sizeof name; len++) {
        const peerage_peer *peer;
        memset(name, 'n', len);
        name[len] = 0;
        add(chooser, name);
        IS(peerage_chooser_peer(chooser, text(name), &peer), PEERAGE_OK);
        CHECK(same(peerage_peer_id(peer), name));
        CHECK(strlen(peerage_peer_id(peer).ptr) == len);
        CHECK(strcmp(peerage_peer_data(peer), name) == 0);
        peerage_peer_unref(peer);
    }
    peerage_chooser_unref(chooser);
}

static void of_a_snapshot(void)
{
    const peerage_chooser *chooser = chooser_with_data("round-robin");
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    const peerage_peer *kept;
    size_t n;
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    add(chooser, "a:1");
    add(chooser, "b:1");
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    CHECK(peerage_snapshot_state(snapshot) == PEERAGE_STATE_RUNNING);
    for (n = 0; n < 2; n++) {
        IS(peerage_snapshot_get(snapshot, n, &info, sizeof info), PEERAGE_OK);
        CHECK(equal(peerage_peer_id(info.peer), info.id));
        CHECK(strcmp(peerage_peer_data(info.peer), info.id.ptr) == 0);
        CHECK(peerage_peer_status(info.peer) == info.status);
    }
    kept = peerage_peer_ref(info.peer);
    /* The snapshot keeps its peers, whatever becomes of the chooser. */
    data_dropped = 0;
    peerage_chooser_unref(chooser);
    CHECK(data_dropped == 0);
    CHECK(peerage_peer_data(info.peer) == &data_dropped);
    IS(peerage_peer_set_status(info.peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_ERR_GONE);
    peerage_snapshot_free(snapshot);
    CHECK(data_dropped == 1);
    peerage_peer_unref(kept);
    CHECK(data_dropped == 2);
}

int main(void)
{
    watchdog(60);
    by_name();
    by_key_of_direct();
    by_names_of_any_length();
    of_a_snapshot();
    return 0;
}
