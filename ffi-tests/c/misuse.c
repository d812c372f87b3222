/* Whatever is passed: the right status, no crash, nothing leaked. */
#include "check.h"

static void count(void *ctx) { ++*(int *)ctx; }

int main(void)
{
    fake self = {1, 0, 0, 0, 0, NULL};
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_request request = PEERAGE_REQUEST_INIT;
    const peerage_transport *transport = NULL;
    const peerage_chooser *chooser = NULL;
    peerage_pick pick = PEERAGE_PICK_INIT;
    peerage_error *error = NULL;
    peerage_str id = {NULL, 3};
    int dropped = 0;

    ops.drop = count;
    IS(peerage_transport_new(NULL, NULL, &transport, NULL), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_transport_new(&ops, &dropped, &transport, NULL), PEERAGE_ERR_NULL_POINTER);
    CHECK(dropped == 1 && transport == NULL);
    ops.size = 3;
    IS(peerage_transport_new(&ops, NULL, &transport, NULL), PEERAGE_ERR_INVALID_ARGUMENT);
    peerage_transport_unref(NULL);
    peerage_chooser_unref(NULL);
    peerage_peer_unref(NULL);
    peerage_policy_unref(NULL);
    peerage_cancel_unref(NULL);
    peerage_error_free(NULL);
    peerage_snapshot_free(NULL);
    IS(peerage_peer_set_status(NULL, 0), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_chooser_new(&opts, &chooser, &error), PEERAGE_ERR_NULL_POINTER);
    CHECK(strstr(peerage_error_message(error).ptr, "transport"));
    peerage_error_free(error);
    opts.transport = fake_transport(&self);
    opts.policy = text("roundrobin");
    IS(peerage_chooser_new(&opts, &chooser, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    CHECK(strstr(peerage_error_message(error).ptr, "roundrobin"));
    peerage_error_free(error);
    peerage_transport_unref(opts.transport);
    CHECK(self.dropped == 1);

    chooser = chooser_of(&self, "round-robin");
    IS(peerage_chooser_update(chooser, &id, 1, NULL, 0, NULL), PEERAGE_ERR_NULL_POINTER);
    id = text("\xff");
    IS(peerage_chooser_update(chooser, &id, 1, NULL, 0, NULL), PEERAGE_ERR_INVALID_UTF8);
    id = text("a:1");
    IS(peerage_chooser_update(chooser, NULL, 0, &id, 1, NULL), PEERAGE_ERR_NOT_FOUND);
    add(chooser, "a:1");
    IS(peerage_chooser_update(chooser, &id, 1, NULL, 0, NULL), PEERAGE_ERR_DUPLICATE);
    IS(peerage_peer_set_status(self.last, 3), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_chooser_try_choose(chooser, NULL, NULL), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_chooser_try_choose(NULL, NULL, &pick), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_chooser_choose(chooser, NULL, -3, NULL, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
    request.headers_len = 1;
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_NULL_POINTER);
    request.size = 0;
    IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
    IS(peerage_pick_finish(&pick, PEERAGE_SUCCESS), PEERAGE_ERR_FINISHED);
    IS(peerage_pick_finish(NULL, PEERAGE_SUCCESS), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_chooser_notify_ready(chooser, NULL, NULL, &dropped, count, NULL),
       PEERAGE_ERR_NULL_POINTER);
    CHECK(dropped == 2);
    peerage_chooser_unref(chooser);
    CHECK(self.dropped == 2 && self.released == self.retained);
    CHECK(strcmp(peerage_status_name(12345), "UNKNOWN") == 0);
    return 0;
}
