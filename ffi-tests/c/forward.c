/*
 * The types have tags, so that a header of one's own can name them without including peerage.h, and
 * still talk of the same ones.
 */
struct peerage_chooser;
struct peerage_peer;
struct peerage_transport;
struct peerage_policy;
struct peerage_cancel;
struct peerage_ask_again;
struct peerage_error;
struct peerage_snapshot;
struct peerage_pick;
struct peerage_request;
struct peerage_header;
struct peerage_str;
struct peerage_member;
struct peerage_peer_info;
struct peerage_stats;
struct peerage_settings;
struct peerage_memory;
struct peerage_snapshot_peer;
struct peerage_chooser_opts;
struct peerage_log_opts;
struct peerage_transport_ops;
struct peerage_policy_ops;
struct peerage_policy_row;
struct peerage_key_row;

struct client {
    const struct peerage_chooser *users;
    const struct peerage_peer *last;
    const struct peerage_cancel *cancel;
};
static int call(struct client *client, const struct peerage_request *request,
                struct peerage_pick *pick);

#include "fake.h"

static int call(struct client *client, const peerage_request *request, peerage_pick *pick)
{
    const int status = peerage_chooser_try_choose(client->users, request, pick);
    client->last = peerage_pick_peer(pick);
    return status;
}

int main(void)
{
    fake self = FAKE_PUSHES;
    struct client client = { NULL, NULL, NULL };
    struct peerage_request request = PEERAGE_REQUEST_INIT;
    struct peerage_pick pick = PEERAGE_PICK_INIT;
    watchdog(60);
    client.users = chooser_of(&self, "random");
    add(client.users, "a:1");
    IS(call(&client, &request, &pick), PEERAGE_OK);
    CHECK(client.last == self.last);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(client.users, &self);
    return 0;
}
