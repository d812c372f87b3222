/*
 * Two choosers on one transport share its peers: the transport hears of a peer when the first of
 * them wants it and when the last does not any more, and a status that it pushes once reaches both.
 */
#include "fake.h"

static const peerage_chooser *another(const peerage_transport *transport, const char *policy)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    opts.policy = text(policy);
    opts.transport = transport;
    IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    return chooser;
}

static int waits_for(const peerage_chooser *chooser)
{
    peerage_pick pick;
    int32_t status = peerage_chooser_try_choose(chooser, NULL, &pick);
    if (status == PEERAGE_OK)
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    else
        IS(status, PEERAGE_ERR_NO_PEER);
    return status != PEERAGE_OK;
}

int main(void)
{
    fake self = FAKE_SILENT;
    const peerage_transport *transport;
    const peerage_chooser *first, *second;
    const peerage_peer *shared;
    peerage_pick pick;
    watchdog(60);
    transport = fake_transport(&self);
    first = another(transport, "round-robin");
    second = another(transport, "fewest-pending-requests");
    add(first, "a:1");
    shared = self.last;
    add(second, "a:1");
    CHECK(self.retained == 1);

    CHECK(waits_for(first) && waits_for(second));
    IS(peerage_peer_set_status(shared, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(!waits_for(first) && !waits_for(second));
    /* Who joins later finds it as it is. */
    discard(second, "a:1");
    add(second, "a:1");
    CHECK(self.retained == 1 && self.released == 0 && !waits_for(second));

    /* Requests are counted by each for itself. */
    IS(peerage_chooser_try_choose(first, NULL, &pick), PEERAGE_OK);
    CHECK(peerage_pick_peer(&pick) == shared);
    CHECK(stats_of(second).pending == 0);

    /* Gone from the first when its request ends, and still with the second. */
    discard(first, "a:1");
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 0 && waits_for(first) && !waits_for(second));
    IS(peerage_peer_set_status(shared, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    CHECK(waits_for(second));
    IS(peerage_peer_set_status(shared, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    IS(peerage_chooser_try_choose(second, NULL, &pick), PEERAGE_OK);
    discard(second, "a:1");
    CHECK(self.released == 0);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 1);

    /* Wanted again, it is a new peer. */
    add(second, "a:1");
    CHECK(self.retained == 2);
    peerage_chooser_unref(second);
    CHECK(self.released == 2 && self.dropped == 0);
    peerage_chooser_unref(first);
    CHECK(self.dropped == 0);
    peerage_transport_unref(transport);
    CHECK(self.dropped == 1);
    return 0;
}
