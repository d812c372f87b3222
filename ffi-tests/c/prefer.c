/*
 * A preferred peer, as a request of a session names the one that has it: it is chosen by every policy
 * while it can be, and another one otherwise.
 */
#include "fake.h"

#include <stddef.h>

enum { PICKS = 20 };

static const char *const names[] = { "a:1", "b:1", "c:1" };

static void by(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    const peerage_peer *b = NULL;
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_str avoided = text("b:1");
    int i, n;
    request.shard_key = text("key");
    for (i = 0; i < 3; i++) {
        add(chooser, names[i]);
        b = i == 1 ? self.last : b;
    }
    for (i = 0; i < PICKS; i++)
        for (n = 0; n < 3; n++) {
            request.prefer = text(names[n]);
            CHECK(strcmp(chosen(chooser, &request), names[n]) == 0);
        }
    /* Not there, to be avoided, of a caller that does not know the field, away. */
    request.prefer = text("nobody:1");
    (void)chosen(chooser, &request);
    request.prefer = text("b:1");
    request.avoid = &avoided;
    request.avoid_len = 1;
    for (i = 0; i < PICKS; i++)
        CHECK(strcmp(chosen(chooser, &request), "b:1") != 0);
    request.avoid_len = 0;
    request.size = offsetof(peerage_request, prefer);
    for (i = n = 0; i < PICKS; i++)
        n += strcmp(chosen(chooser, &request), "b:1") == 0;
    CHECK(n < PICKS || strncmp(policy, "hashring32", 10) == 0);
    request.size = sizeof request;
    IS(peerage_peer_set_status(b, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    for (i = 0; i < PICKS; i++)
        CHECK(strcmp(chosen(chooser, &request), "b:1") != 0);
    end(chooser, &self);
}

/* The preferred peer has all that the bound lets it have. */
static void above_the_bound(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random:bound=1");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_pick held;
    add(chooser, "a:1");
    add(chooser, "b:1");
    request.prefer = text("b:1");
    IS(peerage_chooser_try_choose(chooser, &request, &held), PEERAGE_OK);
    CHECK(same(peerage_pick_id(&held), "b:1"));
    CHECK(strcmp(chosen(chooser, &request), "a:1") == 0);
    IS(peerage_pick_finish(&held, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, &request), "b:1") == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    by("round-robin");
    by("random");
    by("two-random-choices");
    by("fewest-pending-requests");
    by("least-loaded");
    by("hashring32");
    by("round-robin:bound=1.25");
    above_the_bound();
    return 0;
}
