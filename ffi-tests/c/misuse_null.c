/*
 * NULL in every pointer position of every function: the documented answer, nothing written, every
 * context that was handed over dropped once. tests/c_programs.rs compares the functions named here
 * with those of the header.
 */
#include "fake.h"

static int dropped;

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)peer, (void)id;
    return 0;
}
static void release(void *ctx, const peerage_peer *peer) { (void)ctx, (void)peer; }
static void available(void *ctx, const peerage_peer_info *peer) { (void)ctx, (void)peer; }
static void unavailable(void *ctx, uint64_t key) { (void)ctx, (void)key; }
static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    (void)ctx, (void)request, (void)out;
    return 1;
}
static void ready(void *ctx, int32_t status) { (void)ctx, (void)status; }

/* The call fails for a NULL. */
#define REFUSED(call) IS(call, PEERAGE_ERR_NULL_POINTER)
/* It also drops the context that it was given. */
#define DROPS(call)          \
    do {                     \
        dropped = 0;         \
        REFUSED(call);       \
        CHECK(dropped == 1); \
    } while (0)
/* It answers with an empty text, which can be read. */
#define EMPTY(call)                                         \
    do {                                                    \
        peerage_str got_ = (call);                          \
        CHECK(got_.len == 0 && got_.ptr && *got_.ptr == 0); \
    } while (0)

static void makers(void)
{
    peerage_transport_ops transport = PEERAGE_TRANSPORT_OPS_INIT, t;
    peerage_policy_ops policy = PEERAGE_POLICY_OPS_INIT, p;
    const peerage_transport *transport_out;
    const peerage_policy *policy_out;
    peerage_error *error = NULL;
    FILL(transport_out), FILL(policy_out);
    transport.retain = retain;
    transport.release = release;
    transport.drop = count_drop;
    policy.available = available;
    policy.unavailable = unavailable;
    policy.choose = choose;
    policy.drop = count_drop;

    REFUSED(peerage_transport_new(NULL, &dropped, &transport_out, NULL));
    DROPS(peerage_transport_new(&transport, &dropped, NULL, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "out");
    t = transport, t.retain = NULL;
    DROPS(peerage_transport_new(&t, &dropped, &transport_out, NULL));
    t = transport, t.release = NULL;
    DROPS(peerage_transport_new(&t, &dropped, &transport_out, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "release");
    t = transport, t.retain = NULL, t.drop = NULL;
    REFUSED(peerage_transport_new(&t, NULL, &transport_out, NULL));
    UNTOUCHED(transport_out);

    REFUSED(peerage_policy_new(NULL, &dropped, &policy_out, NULL));
    DROPS(peerage_policy_new(&policy, &dropped, NULL, NULL));
    p = policy, p.available = NULL;
    DROPS(peerage_policy_new(&p, &dropped, &policy_out, NULL));
    p = policy, p.unavailable = NULL;
    DROPS(peerage_policy_new(&p, &dropped, &policy_out, NULL));
    p = policy, p.choose = NULL;
    DROPS(peerage_policy_new(&p, &dropped, &policy_out, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "choose");
    UNTOUCHED(policy_out);

    CHECK(peerage_transport_ref(NULL) == NULL);
    CHECK(peerage_policy_ref(NULL) == NULL);
    CHECK(peerage_ask_again_ref(NULL) == NULL);
    REFUSED(peerage_ask_again_trigger(NULL));
    peerage_transport_unref(NULL);
    peerage_policy_unref(NULL);
    peerage_ask_again_unref(NULL);
}

static void choosers(const peerage_chooser *running, const peerage_transport *transport)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT, o;
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_header header = { { NULL, 0 }, { NULL, 0 } };
    const peerage_chooser *out;
    peerage_error *error = NULL;
    peerage_pick pick;
    peerage_str id = text("b:1"), null = { NULL, 3 };
    peerage_member member = peerage_member_of("b:1"), m;
    FILL(out), FILL(pick);
    opts.policy = text("random");
    opts.transport = transport;

    REFUSED(peerage_chooser_new(NULL, &out, NULL));
    REFUSED(peerage_chooser_new(&opts, NULL, NULL));
    o = opts, o.transport = NULL;
    REFUSED(peerage_chooser_new(&o, &out, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "transport");
    o = opts, o.policy = null;
    REFUSED(peerage_chooser_new(&o, &out, NULL));
    o = opts, o.name = null;
    REFUSED(peerage_chooser_new(&o, &out, NULL));
    o = opts, o.options = null;
    REFUSED(peerage_chooser_new(&o, &out, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "opts.options");
    UNTOUCHED(out);
    CHECK(peerage_chooser_ref(NULL) == NULL);
    peerage_chooser_unref(NULL);
    REFUSED(peerage_chooser_start(NULL, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "NULL");
    REFUSED(peerage_chooser_stop(NULL, NULL));
    CHECK(peerage_chooser_is_running(NULL) == 0);

    REFUSED(peerage_chooser_update(NULL, &member, 1, NULL, 0, NULL));
    REFUSED(peerage_chooser_update(running, NULL, 1, NULL, 0, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "add:");
    REFUSED(peerage_chooser_update(running, &member, 1, NULL, 1, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "remove:");
    REFUSED(peerage_chooser_update(running, &member, 1, &null, 1, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "remove[0]:");
    m = member, m.id = null;
    REFUSED(peerage_chooser_update(running, &m, 1, NULL, 0, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "add[0].id:");
    m = member, m.shard = null;
    REFUSED(peerage_chooser_update(running, &m, 1, NULL, 0, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "add[0].shard:");
    m = member, m.zone = null;
    REFUSED(peerage_chooser_replace(running, &m, 1, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "members[0].zone:");
    REFUSED(peerage_chooser_replace(NULL, &member, 1, NULL));
    REFUSED(peerage_chooser_replace(running, NULL, 1, NULL));
    IS(peerage_chooser_update(running, NULL, 0, NULL, 0, NULL), PEERAGE_OK);
    REFUSED(peerage_chooser_set_reason(NULL, id, PEERAGE_REASON_DRAINING, 1, NULL));
    REFUSED(peerage_chooser_set_reason(running, null, PEERAGE_REASON_DRAINING, 1, NULL));

    REFUSED(peerage_chooser_try_choose(NULL, NULL, &pick));
    REFUSED(peerage_chooser_try_choose(running, NULL, NULL));
    REFUSED(peerage_chooser_try_again(NULL, NULL, &pick));
    REFUSED(peerage_chooser_try_again(running, NULL, NULL));
    REFUSED(peerage_chooser_waited(NULL, PEERAGE_OK, 1));
    REFUSED(peerage_chooser_choose(NULL, NULL, 0, NULL, &pick));
    REFUSED(peerage_chooser_choose(running, NULL, 0, NULL, NULL));
    request.shard_key = null;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    request.shard_key = text(""), request.routing_key = null;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    request.routing_key = text(""), request.routing_delegate = null;
    REFUSED(peerage_chooser_choose(running, &request, 0, NULL, &pick));
    request.routing_delegate = text(""), request.headers_len = 1;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    request.headers = &header, header.name = null;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    header.name = text("name"), header.value = null;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    header.value = text("value"), request.avoid_len = 1;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    request.avoid = &null;
    REFUSED(peerage_chooser_try_choose(running, &request, &pick));
    UNTOUCHED(pick);
    request.avoid_len = 0;
    FILL(id);
    REFUSED(peerage_request_header(NULL, text("name"), &id));
    REFUSED(peerage_request_header(&request, text("name"), NULL));
    REFUSED(peerage_request_header(&request, null, &id));
    UNTOUCHED(id);

    /* NULL with a length of 0 is the empty text, no headers, nobody to avoid. */
    request.headers_len = request.avoid_len = 0;
    request.headers = NULL;
    request.avoid = NULL;
    request.shard_key.ptr = request.routing_key.ptr = NULL;
    IS(peerage_chooser_choose(running, &request, 0, NULL, &pick), PEERAGE_OK);
    CHECK(peerage_pick_data(&pick) == NULL);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_NOT_SENT), PEERAGE_OK);
}

static void peers_and_picks(const peerage_peer *peer)
{
    int attached = 0;
    CHECK(peerage_peer_ref(NULL) == NULL);
    peerage_peer_unref(NULL);
    REFUSED(peerage_peer_set_status(NULL, PEERAGE_CONNECTION_AVAILABLE));
    REFUSED(peerage_peer_status(NULL));
    EMPTY(peerage_peer_id(NULL));
    DROPS(peerage_peer_set_data(NULL, &dropped, count_drop));
    REFUSED(peerage_peer_set_data(NULL, &dropped, NULL));
    CHECK(peerage_peer_data(NULL) == NULL);
    IS(peerage_peer_set_data(peer, &attached, NULL), PEERAGE_OK);
    CHECK(peerage_peer_data(peer) == &attached);
    IS(peerage_peer_set_data(peer, NULL, NULL), PEERAGE_OK);
    CHECK(peerage_peer_data(peer) == NULL);

    CHECK(peerage_pick_peer(NULL) == NULL);
    EMPTY(peerage_pick_id(NULL));
    CHECK(peerage_pick_data(NULL) == NULL);
    REFUSED(peerage_pick_finish(NULL, PEERAGE_OUTCOME_SUCCESS));
    REFUSED(peerage_pick_finish_timed(NULL, PEERAGE_OUTCOME_SUCCESS, 1));
    {
        const peerage_finish how = PEERAGE_FINISH_INIT;
        peerage_pick none = PEERAGE_PICK_INIT;
        REFUSED(peerage_pick_finish_with(NULL, &how));
        REFUSED(peerage_pick_finish_with(&none, NULL));
        REFUSED(peerage_peer_report(NULL, 1));
        REFUSED(peerage_peer_checked(NULL, 1, text("")));
    }
}

static void waiting(const peerage_chooser *running)
{
    uint64_t id;
    int32_t fd;
    int64_t next_ns;
    FILL(id);
    CHECK(peerage_cancel_ref(NULL) == NULL);
    peerage_cancel_unref(NULL);
    peerage_memory_half(0);
    REFUSED(peerage_cancel_trigger(NULL));
    REFUSED(peerage_cancel_reset(NULL));
    CHECK(peerage_cancel_is_triggered(NULL) == 0);
    REFUSED(peerage_chooser_drain(NULL, 0));
    FILL(fd);
    REFUSED(peerage_chooser_tick(NULL, &next_ns));
    REFUSED(peerage_chooser_tick(NULL, NULL));
    REFUSED(peerage_chooser_ready_fd(NULL, &fd, NULL));
    REFUSED(peerage_chooser_ready_fd(running, NULL, NULL));
    UNTOUCHED(fd);
    DROPS(peerage_chooser_notify_ready(NULL, NULL, ready, &dropped, count_drop, &id));
    DROPS(peerage_chooser_notify_ready(running, NULL, NULL, &dropped, count_drop, &id));
    REFUSED(peerage_chooser_notify_ready(running, NULL, NULL, NULL, NULL, &id));
    UNTOUCHED(id);
    IS(peerage_chooser_notify_ready(running, NULL, ready, NULL, NULL, NULL), PEERAGE_OK);
    REFUSED(peerage_chooser_notify_cancel(NULL, 1));
}

static void introspection(const peerage_chooser *running)
{
    peerage_stats stats;
    peerage_settings settings;
    peerage_memory memory;
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    const peerage_peer *peer;
    peerage_str null = { NULL, 3 };
    char buf[8];
    size_t needed;
    FILL(stats), FILL(memory), FILL(snapshot);
    FILL(info), FILL(buf), FILL(needed);
    REFUSED(peerage_chooser_stats(NULL, &stats, sizeof stats));
    REFUSED(peerage_chooser_stats(running, NULL, sizeof stats));
    UNTOUCHED(stats);
    FILL(settings);
    REFUSED(peerage_chooser_settings(NULL, &settings, sizeof settings));
    REFUSED(peerage_chooser_settings(running, NULL, sizeof settings));
    UNTOUCHED(settings);
    REFUSED(peerage_catalogue_policy(0, NULL, sizeof(peerage_policy_row)));
    REFUSED(peerage_catalogue_key(0, 0, NULL, sizeof(peerage_key_row)));
    REFUSED(peerage_catalogue_option(0, NULL, sizeof(peerage_key_row)));
    REFUSED(peerage_chooser_snapshot(NULL, &snapshot));
    REFUSED(peerage_chooser_snapshot(running, NULL));
    UNTOUCHED(snapshot);
    CHECK(peerage_snapshot_len(NULL) == 0);
    CHECK(peerage_snapshot_state(NULL) == PEERAGE_STATE_IDLE);
    REFUSED(peerage_snapshot_get(NULL, 0, &info, sizeof info));
    UNTOUCHED(info);
    FILL(peer);
    REFUSED(peerage_chooser_peer(NULL, text("a:1"), &peer));
    REFUSED(peerage_chooser_peer(running, text("a:1"), NULL));
    REFUSED(peerage_chooser_peer(running, null, &peer));
    UNTOUCHED(peer);
    IS(peerage_chooser_snapshot(running, &snapshot), PEERAGE_OK);
    REFUSED(peerage_snapshot_get(snapshot, 0, NULL, sizeof info));
    peerage_snapshot_free(snapshot);
    peerage_snapshot_free(NULL);
    REFUSED(peerage_chooser_describe(NULL, buf, sizeof buf, &needed));
    REFUSED(peerage_chooser_describe(running, NULL, sizeof buf, &needed));
    UNTOUCHED(buf);
    UNTOUCHED(needed);
    IS(peerage_chooser_describe(running, NULL, 0, NULL), PEERAGE_OK);
    REFUSED(peerage_chooser_explain(NULL, PEERAGE_ERR_NO_PEER, 0, NULL, buf, sizeof buf, &needed,
                                    NULL));
    REFUSED(peerage_chooser_explain(running, PEERAGE_ERR_NO_PEER, 0, NULL, NULL, sizeof buf,
                                    &needed, NULL));
    UNTOUCHED(buf);
    UNTOUCHED(needed);
    IS(peerage_chooser_explain(running, PEERAGE_ERR_NO_PEER, 0, NULL, NULL, 0, NULL, NULL),
       PEERAGE_OK);
    REFUSED(peerage_chooser_memory(NULL, &memory, sizeof memory));
    REFUSED(peerage_chooser_memory(running, NULL, sizeof memory));
    UNTOUCHED(memory);

    REFUSED(peerage_error_status(NULL));
    EMPTY(peerage_error_message(NULL));
    peerage_error_free(NULL);
}

static void pages(const peerage_chooser *running)
{
    const peerage_chooser *one[2];
    const peerage_str none = { NULL, 1 };
    peerage_error *error = NULL;
    char buf[8];
    size_t needed;
    one[0] = running, one[1] = NULL;
    FILL(buf), FILL(needed);
    REFUSED(peerage_metrics_text(NULL, 1, NULL, buf, sizeof buf, &needed));
    REFUSED(peerage_metrics_text(one, 2, NULL, buf, sizeof buf, &needed));
    REFUSED(peerage_metrics_text(one, 1, NULL, NULL, sizeof buf, &needed));
    REFUSED(peerage_status_html(NULL, 1, text(""), buf, sizeof buf, &needed, NULL));
    REFUSED(peerage_status_html(one, 2, text(""), buf, sizeof buf, &needed, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "choosers[1]");
    REFUSED(peerage_status_html(one, 1, none, buf, sizeof buf, &needed, NULL));
    REFUSED(peerage_status_html(one, 1, text(""), NULL, sizeof buf, &needed, NULL));
    IS(peerage_status_html(one, SIZE_MAX, text(""), buf, sizeof buf, &needed, NULL),
       PEERAGE_ERR_INVALID_ARGUMENT);
    REFUSED(peerage_status_json(NULL, 1, buf, sizeof buf, &needed));
    REFUSED(peerage_status_json(one, 2, buf, sizeof buf, &needed));
    if (peerage_has("json"))
        REFUSED(peerage_status_json(one, 1, NULL, sizeof buf, &needed));
    UNTOUCHED(buf);
    UNTOUCHED(needed);
}

static void updaters(const peerage_chooser *running, const peerage_transport *transport)
{
    const peerage_updater *updater, *out;
    const peerage_transport *probing;
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_source_status counts;
    peerage_error *error = NULL;
    peerage_str uri = text("static:b:1"), null = { NULL, 3 };
    size_t needed;
    char buf[8];
    FILL(out), FILL(counts), FILL(needed), FILL(buf), FILL(probing);
    REFUSED(peerage_updater_new(NULL, uri, &out, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "chooser");
    REFUSED(peerage_updater_new(running, null, &out, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "uri");
    REFUSED(peerage_updater_new(running, uri, NULL, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "out");
    UNTOUCHED(out);
    CHECK(peerage_updater_ref(NULL) == NULL);
    peerage_updater_unref(NULL);
    REFUSED(peerage_updater_start(NULL, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "NULL");
    REFUSED(peerage_updater_stop(NULL, NULL));
    REFUSED(peerage_updater_refresh(NULL));
    IS(peerage_updater_new(running, uri, &updater, NULL), PEERAGE_OK);
    EMPTY(peerage_updater_uri(NULL));
    REFUSED(peerage_chooser_updater(NULL, &out));
    REFUSED(peerage_chooser_updater(running, NULL));
    UNTOUCHED(out);
    REFUSED(peerage_updater_status(NULL, &counts, sizeof counts));
    REFUSED(peerage_updater_status(updater, NULL, sizeof counts));
    UNTOUCHED(counts);
    REFUSED(peerage_updater_last_error(NULL, buf, sizeof buf, &needed));
    REFUSED(peerage_updater_last_error(updater, NULL, sizeof buf, &needed));
    UNTOUCHED(buf);
    UNTOUCHED(needed);
    IS(peerage_updater_last_error(updater, NULL, 0, NULL), PEERAGE_OK);
    peerage_updater_unref(updater);

    REFUSED(peerage_transport_probing_new(null, &probing, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "options");
    REFUSED(peerage_transport_probing_new(text(""), NULL, NULL));
    ops.retain = retain;
    ops.drop = count_drop;
    REFUSED(peerage_transport_probing_with(text(""), NULL, &dropped, &probing, NULL));
    DROPS(peerage_transport_probing_with(text(""), &ops, &dropped, &probing, &error));
    explains(error, PEERAGE_ERR_NULL_POINTER, "release");
    ops.release = release;
    DROPS(peerage_transport_probing_with(text(""), &ops, &dropped, NULL, NULL));
    DROPS(peerage_transport_probing_with(null, &ops, &dropped, &probing, NULL));
    UNTOUCHED(probing);
    REFUSED(peerage_transport_doubt(NULL, text("a:1")));
    REFUSED(peerage_transport_doubt(transport, null));
    REFUSED(peerage_transport_describe(NULL, buf, sizeof buf, &needed));
    UNTOUCHED(buf);
    UNTOUCHED(needed);
    CHECK(peerage_has(NULL) == 0);
    REFUSED(peerage_catalogue_scheme(0, NULL, sizeof(peerage_scheme_row)));
    REFUSED(peerage_catalogue_scheme_key(0, 0, NULL, sizeof(peerage_key_row)));
    if (peerage_has("probing"))
        REFUSED(peerage_catalogue_probe_option(0, NULL, sizeof(peerage_key_row)));
}

int main(void)
{
    fake self = FAKE_PUSHES, idle = FAKE_SILENT;
    const peerage_chooser *running;
    const peerage_transport *transport = fake_transport(&idle);
    watchdog(60);
    running = chooser_of(&self, "random");
    add(running, "a:1");
    makers();
    choosers(running, transport);
    peers_and_picks(self.last);
    waiting(running);
    introspection(running);
    pages(running);
    updaters(running, transport);
    end(running, &self);
    peerage_transport_unref(transport);
    CHECK(idle.dropped == 1);
    return 0;
}
