/*
 * A transport without callbacks: who listens is up and who does not is down; a doubt has a peer probed
 * at once; and a build without probes says so.
 */
#include "check.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

/* A socket on a port of loopback, and the name of a peer there. */
static int server(char *id)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
    sprintf(id, "127.0.0.1:%d", ntohs(at.sin_port));
    return fd;
}

static void a_build_without(void)
{
    const peerage_transport *out;
    peerage_error *error = NULL;
    peerage_key_row key;
    FILL(out), FILL(key);
    IS(peerage_transport_probing_new(text(""), &out, &error), PEERAGE_ERR_UNSUPPORTED);
    explains(error, PEERAGE_ERR_UNSUPPORTED, "\"probing\"");
    IS(peerage_catalogue_probe_option(0, &key, sizeof key), PEERAGE_ERR_NOT_FOUND);
    UNTOUCHED(out);
    UNTOUCHED(key);
}

static void options(void)
{
    static const struct {
        const char *options, *says;
    } wrong[] = {
        { "check=smoke", "check=\"smoke\" must be tcp or http" },
        { "interval=0s", "interval=\"0s\" must be a duration" },
        { "rhythm=1s", "there is no key \"rhythm\"" },
    };
    const peerage_transport *transport;
    peerage_error *error = NULL;
    peerage_key_row key;
    char all[512] = "check=http";
    size_t i;
    FILL(transport);
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        IS(peerage_transport_probing_new(text(wrong[i].options), &transport, &error),
           PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, wrong[i].says);
    }
    UNTOUCHED(transport);
    for (i = 0; peerage_catalogue_probe_option(i, &key, sizeof key) == PEERAGE_OK; i++)
        if (i > 0 && key.default_value.len)
            sprintf(all + strlen(all), ",%s=%s", key.name.ptr, key.default_value.ptr);
    CHECK(i >= 12);
    IS(peerage_transport_probing_new(text(all), &transport, NULL), PEERAGE_OK);
    CHECK(peerage_transport_ref(transport) == transport);
    peerage_transport_unref(transport);
    peerage_transport_unref(transport);
}

static peerage_connection status_of(const peerage_chooser *chooser, const char *id)
{
    const peerage_peer *peer;
    peerage_connection status;
    IS(peerage_chooser_peer(chooser, text(id), &peer), PEERAGE_OK);
    status = peerage_peer_status(peer);
    peerage_peer_unref(peer);
    return status;
}

static void who_listens_is_up(void)
{
    char up[32], down[32], lines[256];
    int up_fd = server(up), down_fd = server(down), dropped = 0;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    const peerage_peer *peer;
    peerage_str name = text("no address");
    peerage_member members[2];
    peerage_error *error = NULL;
    peerage_pick pick;
    size_t needed;
    /* Probes come when they are asked for, and else not in the time of this test. */
    const char *set = "interval=1h,slow-interval=1h,fast-interval=5ms,rise=1,fall=1,doubt-failures";
    CHECK(listen(up_fd, 8) == 0);
    opts.policy = text("round-robin");
    IS(peerage_transport_probing_new(text(set), &opts.transport, NULL), PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    members[0] = peerage_member_of("no address");
    IS(peerage_chooser_update(chooser, members, 1, NULL, 0, &error), PEERAGE_ERR_REJECTED);
    explains(error, PEERAGE_ERR_REJECTED, "no address");
    IS(peerage_chooser_update(chooser, NULL, 0, &name, 1, NULL), PEERAGE_ERR_NOT_IN_LIST);
    members[0] = peerage_member_of(up);
    members[1] = peerage_member_of(down);
    IS(peerage_chooser_update(chooser, members, 2, NULL, 0, NULL), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    CHECK(same(peerage_pick_id(&pick), up));
    peer = peerage_pick_peer(&pick);
    IS(peerage_peer_status(peer), PEERAGE_CONNECTION_AVAILABLE);
    /* How it is the probes say, and nothing else. */
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_ERR_UNSUPPORTED);
    /* Its data is the program's: a connection, say. */
    IS(peerage_peer_set_data(peer, &dropped, count_drop), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    CHECK(peerage_pick_data(&pick) == &dropped);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    while (status_of(chooser, down) != PEERAGE_CONNECTION_UNAVAILABLE)
        breathe();
    IS(peerage_transport_describe(opts.transport, lines, sizeof lines, &needed), PEERAGE_OK);
    CHECK(strstr(lines, up) && strstr(lines, " is up for ") && strstr(lines, " is down for "));
    CHECK(strlen(lines) == needed);
    /* It comes back, is probed in its own time, and here in an hour: so it is added anew. */
    CHECK(listen(down_fd, 8) == 0);
    name = text(down);
    IS(peerage_chooser_update(chooser, NULL, 0, &name, 1, NULL), PEERAGE_OK);
    IS(peerage_chooser_update(chooser, members + 1, 1, NULL, 0, NULL), PEERAGE_OK);
    while (status_of(chooser, down) != PEERAGE_CONNECTION_AVAILABLE)
        breathe();
    /* The other one goes, as a doubt finds out; and a request that fails finds out nothing worse. */
    CHECK(close(up_fd) == 0);
    while (status_of(chooser, up) != PEERAGE_CONNECTION_UNAVAILABLE) {
        IS(peerage_transport_doubt(opts.transport, text(up)), PEERAGE_OK);
        breathe();
    }
    IS(peerage_transport_doubt(opts.transport, text("of another")), PEERAGE_OK);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    CHECK(same(peerage_pick_id(&pick), down));
    /* The last one stays, whatever its probes say. */
    CHECK(close(down_fd) == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_FAILURE), PEERAGE_OK);
    do {
        breathe();
        IS(peerage_transport_describe(opts.transport, lines, sizeof lines, NULL), PEERAGE_OK);
    } while (!strstr(lines, "kept as the last one"));
    IS(status_of(chooser, down), PEERAGE_CONNECTION_AVAILABLE);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    peerage_chooser_unref(chooser);
    peerage_transport_unref(opts.transport);
    while (*(volatile int *)&dropped != 1)
        breathe();
}

/* Callbacks that count. */
typedef struct {
    int refuse, retained, released, started, finished, dropped;
} counts;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    counts *of = ctx;
    CHECK(equal(id, peerage_peer_id(peer)));
    if (of->refuse)
        return of->refuse;
    of->retained++;
    return peerage_peer_set_data(peer, of, NULL);
}
static void release(void *ctx, const peerage_peer *peer)
{
    (void)peer;
    ((counts *)ctx)->released++;
}
static void started(void *ctx, const peerage_peer *peer)
{
    (void)peer;
    ((counts *)ctx)->started++;
}
static void finished(void *ctx, const peerage_peer *peer, peerage_outcome outcome)
{
    (void)peer, (void)outcome;
    ((counts *)ctx)->finished++;
}
static void drop(void *ctx)
{
    ((counts *)ctx)->dropped++;
}

/* The program is told of the peers, and the probes say how they are. */
static void probes_and_callbacks(void)
{
    counts of = { 7, 0, 0, 0, 0, 0 };
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_member member;
    peerage_error *error = NULL;
    peerage_pick pick;
    char up[32], lines[128];
    int fd = server(up);
    CHECK(listen(fd, 8) == 0);
    ops.retain = retain;
    ops.release = release;
    ops.started = started;
    ops.finished = finished;
    ops.drop = drop;
    opts.policy = text("random");
    IS(peerage_transport_probing_with(text("check=smoke"), &ops, &of, &opts.transport, NULL),
       PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(of.dropped == 1);
    IS(peerage_transport_probing_with(text("interval=1h"), &ops, &of, &opts.transport, NULL),
       PEERAGE_OK);
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    member = peerage_member_of(up);
    IS(peerage_chooser_update(chooser, &member, 1, NULL, 0, &error), PEERAGE_ERR_REJECTED);
    explains(error, PEERAGE_ERR_REJECTED, "refused it with 7");
    /* What was refused is not probed. */
    IS(peerage_transport_describe(opts.transport, lines, sizeof lines, NULL), PEERAGE_OK);
    CHECK(!*lines);
    of.refuse = 0;
    IS(peerage_chooser_update(chooser, &member, 1, NULL, 0, NULL), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_OK);
    CHECK(peerage_pick_data(&pick) == &of && of.retained == 1 && of.started == 1);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_FAILURE), PEERAGE_OK);
    CHECK(of.finished == 1 && of.released == 0);
    peerage_chooser_unref(chooser);
    CHECK(of.released == 1 && of.dropped == 1);
    peerage_transport_unref(opts.transport);
    /* The thread that probes may be telling the chooser something still, and then is the last. */
    while (*(volatile int *)&of.dropped != 2)
        breathe();
    CHECK(close(fd) == 0);
}

static void a_transport_of_callbacks(void)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    const peerage_transport *transport;
    char buf[8];
    ops.retain = retain;
    ops.release = release;
    IS(peerage_transport_new(&ops, NULL, &transport, NULL), PEERAGE_OK);
    FILL(buf);
    IS(peerage_transport_doubt(transport, text("a:1")), PEERAGE_ERR_UNSUPPORTED);
    IS(peerage_transport_describe(transport, buf, sizeof buf, NULL), PEERAGE_ERR_UNSUPPORTED);
    UNTOUCHED(buf);
    peerage_transport_unref(transport);
}

int main(void)
{
    watchdog(60);
    a_transport_of_callbacks();
    if (!peerage_has("probing")) {
        a_build_without();
        return 0;
    }
    options();
    who_listens_is_up();
    probes_and_callbacks();
    return 0;
}
