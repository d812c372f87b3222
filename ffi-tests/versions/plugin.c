/* A plugin that uses peerage for itself: built once for each version of the library. */
#include "plugin.h"
#include <peerage.h>

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)id;
    return peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE) == PEERAGE_OK ? 0 : 1;
}

static void release(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer;
}

static int serve(void)
{
    const peerage_member peers[] = {peerage_member_of("one"), peerage_member_of("two")};
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_transport *transport = NULL;
    const peerage_chooser *chooser = NULL;
    peerage_pick pick;
    int served;

    ops.retain = retain;
    ops.release = release;
    opts.policy = peerage_text("random");
    served = peerage_transport_new(&ops, NULL, &transport, NULL) == PEERAGE_OK;
    opts.transport = transport;
    served = served && peerage_chooser_new(&opts, &chooser, NULL) == PEERAGE_OK
             && peerage_chooser_start(chooser, NULL) == PEERAGE_OK
             && peerage_chooser_update(chooser, peers, 2, NULL, 0, NULL) == PEERAGE_OK
             && peerage_chooser_try_choose(chooser, NULL, &pick) == PEERAGE_OK
             && peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS) == PEERAGE_OK;
    peerage_chooser_unref(chooser);
    peerage_transport_unref(transport);
    return served;
}

/* Of one name in both, as in every plugin; no prototype but the type that the host knows. */
plugin_report_fn plugin_report;

void plugin_report(struct plugin_report *report)
{
    report->version = peerage_version_string();
    report->compiled = PEERAGE_VERSION_NUMBER;
    report->answered = peerage_version();
    *(uint32_t (**)(void))&report->function = peerage_version;
    report->served = serve();
}
