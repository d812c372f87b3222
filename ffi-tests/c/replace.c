/* A whole set instead of differences: what stays is left alone. */
#include "fake.h"

static peerage_member of(const char *id, uint32_t weight)
{
    peerage_member member = peerage_member_of(id);
    member.weight = weight;
    return member;
}

/* Which peers there are, one letter each. */
static const char *letters(const peerage_chooser *chooser)
{
    static char found[80];
    peerage_snapshot *snapshot;
    peerage_snapshot_peer info;
    size_t n;
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    CHECK(peerage_snapshot_len(snapshot) < sizeof found);
    for (n = 0; n < peerage_snapshot_len(snapshot); n++) {
        IS(peerage_snapshot_get(snapshot, n, &info, sizeof info), PEERAGE_OK);
        found[n] = info.id.ptr[0];
    }
    found[n] = '\0';
    peerage_snapshot_free(snapshot);
    return found;
}

static void what_stays_is_left_alone(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    peerage_member members[4];
    const peerage_peer *b;
    peerage_pick pick;
    members[0] = of("a:1", 1);
    members[1] = of("b:1", 1);
    IS(peerage_chooser_replace(chooser, members, 2, NULL), PEERAGE_OK);
    CHECK(strcmp(letters(chooser), "ab") == 0 && self.retained == 2);
    /* The same once more is nothing. */
    IS(peerage_chooser_replace(chooser, members, 2, NULL), PEERAGE_OK);
    CHECK(self.retained == 2 && self.released == 0);
    do
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    while (!same(peerage_pick_id(&pick), "b:1") &&
           peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS) == PEERAGE_OK);
    b = peerage_pick_peer(&pick);
    /* One goes, one comes, one gets another weight, one is named twice. */
    members[0] = of("b:1", 7);
    members[1] = of("c:1", 1);
    members[2] = of("b:1", 9);
    members[3] = of("c:1", 1);
    IS(peerage_chooser_replace(chooser, members, 4, NULL), PEERAGE_OK);
    CHECK(strcmp(letters(chooser), "bc") == 0);
    CHECK(self.retained == 3 && self.released == 1);
    CHECK(peerage_pick_peer(&pick) == b);
    {
        peerage_snapshot *snapshot;
        peerage_snapshot_peer info;
        IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
        IS(peerage_snapshot_get(snapshot, 0, &info, sizeof info), PEERAGE_OK);
        CHECK(same(info.id, "b:1") && info.weight == 7 && info.pending == 1);
        CHECK(peerage_snapshot_state(snapshot) == PEERAGE_STATE_RUNNING);
        peerage_snapshot_free(snapshot);
    }
    /* None: the list is empty, but for the request in flight. */
    IS(peerage_chooser_replace(chooser, NULL, 0, NULL), PEERAGE_OK);
    CHECK(strcmp(letters(chooser), "") == 0 && self.released == 2);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 3);
    end(chooser, &self);
}

static void before_the_start(void)
{
    fake self = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_member members[2];
    members[0] = of("a:1", 1);
    members[1] = of("b:1", 1);
    opts.policy = text("random");
    chooser = idle_with(&self, opts);
    IS(peerage_chooser_replace(chooser, members, 2, NULL), PEERAGE_OK);
    IS(peerage_chooser_replace(chooser, members + 1, 1, NULL), PEERAGE_OK);
    CHECK(self.retained == 0);
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    CHECK(strcmp(letters(chooser), "b") == 0 && self.retained == 1);
    end(chooser, &self);
}

/* A member that cannot be read: nothing is changed. A peer that is refused: the rest is done. */
static void what_fails(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_member members[2];
    peerage_error *error;
    add(chooser, "a:1");
    add(chooser, "b:1");
    members[0] = of("c:1", 1);
    members[1] = of("b:1\xff", 1);
    IS(peerage_chooser_replace(chooser, members, 2, &error), PEERAGE_ERR_INVALID_UTF8);
    explains(error, PEERAGE_ERR_INVALID_UTF8, "members[1].id");
    members[1] = of("b:1", 65536);
    IS(peerage_chooser_replace(chooser, members, 2, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "members[1].weight is 65536: it can be 65535 at most");
    CHECK(strcmp(letters(chooser), "ab") == 0 && self.released == 0 && self.retained == 2);

    members[1] = of("b:1", 1);
    self.reject = 9;
    IS(peerage_chooser_replace(chooser, members, 2, &error), PEERAGE_ERR_REJECTED);
    explains(error, PEERAGE_ERR_REJECTED, "\"c:1\": the transport refused it with 9");
    CHECK(strcmp(letters(chooser), "b") == 0 && self.released == 1);
    end(chooser, &self);
}

/* As many as a discovery service might name, past every small constant. */
static void many(void)
{
    enum { MANY = 70 };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "fewest-pending-requests");
    peerage_member members[MANY];
    static char ids[MANY][8];
    int i;
    for (i = 0; i < MANY; i++) {
        sprintf(ids[i], "%c%02d:1", 'a' + i % 26, i);
        members[i] = peerage_member_of(ids[i]);
    }
    for (i = 1; i <= MANY; i++) {
        IS(peerage_chooser_replace(chooser, members, (size_t)i, NULL), PEERAGE_OK);
        CHECK(self.retained == i && self.released == 0);
    }
    for (i = 1; i <= MANY; i++) {
        IS(peerage_chooser_replace(chooser, members + i, (size_t)(MANY - i), NULL), PEERAGE_OK);
        CHECK(self.retained == MANY && self.released == i);
    }
    end(chooser, &self);
}

static void not_by_direct(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_member member = peerage_member_of("a:1");
    peerage_error *error;
    IS(peerage_chooser_replace(chooser, &member, 1, &error), PEERAGE_ERR_UNSUPPORTED);
    explains(error, PEERAGE_ERR_UNSUPPORTED, "direct");
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_DRAINING, 1, &error),
       PEERAGE_ERR_UNSUPPORTED);
    explains(error, PEERAGE_ERR_UNSUPPORTED, "direct");
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    what_stays_is_left_alone();
    before_the_start();
    what_fails();
    many();
    not_by_direct();
    return 0;
}
