/*
 * Peers to avoid, as a retry names those that have failed it: none of them is chosen as long as
 * another is available, and one of them rather than nobody.
 */
#include "fake.h"

enum { PEERS = 24, PICKS = 40 };

static const char *name_of(int i)
{
    static char names[PEERS][8];
    sprintf(names[i], "p%02d:1", i);
    return names[i];
}

static int number_of(const char *id) { return (id[1] - '0') * 10 + id[2] - '0'; }

/* A request that avoids all peers but those from `first` to before `end`. */
static peerage_request avoiding_all_but(int first, int end, peerage_str *ids)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    int i;
    for (i = 0; i < PEERS; i++)
        if (i < first || i >= end)
            ids[request.avoid_len++] = text(name_of(i));
    request.avoid = ids;
    return request;
}

static void by(const char *policy)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    const peerage_peer *peers[PEERS];
    peerage_str ids[PEERS + 1];
    peerage_request request;
    int i, seen[PEERS] = { 0 };
    for (i = 0; i < PEERS; i++) {
        add(chooser, name_of(i));
        peers[i] = self.last;
    }
    /* All but two, which is more than the library has room for without asking for memory. */
    request = avoiding_all_but(7, 9, ids);
    for (i = 0; i < PICKS; i++)
        seen[number_of(chosen(chooser, &request))]++;
    CHECK(seen[7] + seen[8] == PICKS);
    CHECK(seen[7] > 0 && seen[8] > 0);
    /* One of the two is gone. */
    IS(peerage_peer_set_status(peers[7], PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    for (i = 0; i < PICKS; i++)
        CHECK(number_of(chosen(chooser, &request)) == 8);
    /* Both are: an avoided peer is better than none. */
    IS(peerage_peer_set_status(peers[8], PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    for (i = 0; i < PICKS; i++) {
        int n = number_of(chosen(chooser, &request));
        CHECK(n != 7 && n != 8);
    }
    /* Who is not there, or named twice, makes no difference. */
    ids[0] = ids[1] = text("nobody:1");
    request.avoid_len = 2;
    for (i = 0; i < PICKS; i++)
        (void)chosen(chooser, &request);
    end(chooser, &self);
}

/* A key's next home is the same for every retry that avoids the first. */
static void a_ring_walks_on(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "hashring32");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_str avoided;
    char home[64], next[64];
    int i;
    for (i = 0; i < PEERS; i++)
        add(chooser, name_of(i));
    request.shard_key = text("some key");
    strcpy(home, chosen(chooser, &request));
    avoided = text(home);
    request.avoid = &avoided;
    request.avoid_len = 1;
    strcpy(next, chosen(chooser, &request));
    CHECK(strcmp(next, home) != 0);
    for (i = 0; i < PICKS; i++)
        CHECK(strcmp(chosen(chooser, &request), next) == 0);
    /* It is where the key would go if its home were down. */
    request.avoid_len = 0;
    discard(chooser, home);
    CHECK(strcmp(chosen(chooser, &request), next) == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    by("round-robin");
    by("random");
    by("two-random-choices");
    by("fewest-pending-requests");
    by("hashring32");
    a_ring_walks_on();
    return 0;
}
