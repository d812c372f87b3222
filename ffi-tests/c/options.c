/*
 * What the options of a chooser change: seeds make it repeatable, order can be kept, waiting can be
 * limited or left out, and the name is in what people read. What a chooser tells of them is in
 * settings.c.
 */
#include "fake.h"

enum { PEERS = 8, PICKS = 64 };

static void add_all(const peerage_chooser *chooser)
{
    static const char *const names[PEERS] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    peerage_str ids[PEERS];
    int i;
    for (i = 0; i < PEERS; i++)
        ids[i] = text(names[i]);
    IS(update(chooser, ids, PEERS, NULL, 0, NULL), PEERAGE_OK);
}

/* The first picks of a chooser with these options, one letter each. */
static const char *picks_of(peerage_chooser_opts opts)
{
    static char letters[PICKS + 1];
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_with(&self, opts);
    int i;
    add_all(chooser);
    for (i = 0; i < PICKS; i++)
        letters[i] = chosen(chooser, NULL)[0];
    end(chooser, &self);
    return letters;
}

static void a_seed_makes_picks_repeatable(void)
{
    static const char *const policies[] = { "random", "two-random-choices", "round-robin" };
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    char before[PICKS + 1];
    size_t i, seed;
    int differ;
    opts.has_seed = 1;
    for (i = 0; i < 3; i++) {
        opts.policy = text(policies[i]);
        opts.seed = 42;
        strcpy(before, picks_of(opts));
        CHECK(strcmp(picks_of(opts), before) == 0);
        for (seed = 0, differ = 0; seed < 8; seed++) {
            opts.seed = seed;
            differ += strcmp(picks_of(opts), before) != 0;
        }
        CHECK(differ >= 7);
    }
}

static void without_a_seed_clients_differ(void)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    char before[PICKS + 1];
    opts.policy = text("random");
    opts.seed = 42; /* does not count */
    strcpy(before, picks_of(opts));
    CHECK(strcmp(picks_of(opts), before) != 0);
}

static void the_order_can_be_kept(void)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const char *letters;
    int i;
    opts.policy = text("round-robin");
    opts.shuffle = PEERAGE_SWITCH_OFF;
    letters = picks_of(opts);
    for (i = 1; i < PICKS; i++)
        CHECK(letters[i] - 'a' == (letters[i - 1] - 'a' + 1) % PEERS);
}

static void waiting_has_a_limit_of_its_own(void)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_pick pick;
    int64_t begun;
    opts.policy = text("random");
    opts.default_timeout_ns = 20000000;
    chooser = chooser_with(&self, opts);
    add(chooser, "a:1");
    begun = now_ns();
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_DEFAULT, NULL, &pick),
       PEERAGE_ERR_TIMED_OUT);
    CHECK(now_ns() - begun >= 20000000);
    IS(peerage_chooser_choose(chooser, NULL, 0, NULL, &pick), PEERAGE_ERR_NO_PEER);
    end(chooser, &self);

    /* If nothing is said it is half a second. */
    self.dropped = 0;
    opts.default_timeout_ns = PEERAGE_TIMEOUT_DEFAULT;
    chooser = chooser_with(&self, opts);
    begun = now_ns();
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_DEFAULT, NULL, &pick),
       PEERAGE_ERR_TIMED_OUT);
    CHECK(now_ns() - begun >= 500000000);
    end(chooser, &self);
}

static void who_fails_fast_does_not_wait(void)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_pick pick;
    opts.policy = text("fewest-pending-requests");
    opts.fail_fast = PEERAGE_SWITCH_ON;
    chooser = chooser_with(&self, opts);
    add(chooser, "a:1");
    FILL(pick);
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), PEERAGE_ERR_NO_PEER);
    UNTOUCHED(pick);
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    end(chooser, &self);
}

static void the_name_is_in_texts(void)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    char line[64];
    opts.policy = text("random");
    chooser = chooser_with(&self, opts);
    IS(peerage_chooser_describe(chooser, line, sizeof line, NULL), PEERAGE_OK);
    CHECK(strncmp(line, "random: ", 8) == 0);
    end(chooser, &self);
    self.dropped = 0;
    opts.name = text("users");
    chooser = chooser_with(&self, opts);
    IS(peerage_chooser_describe(chooser, line, sizeof line, NULL), PEERAGE_OK);
    CHECK(strncmp(line, "users: ", 7) == 0);
    end(chooser, &self);
}

static void seed_and_order_in_the_text(void)
{
    peerage_chooser_opts field = PEERAGE_CHOOSER_OPTS_INIT, written = PEERAGE_CHOOSER_OPTS_INIT;
    char before[PICKS + 1];
    field.policy = written.policy = text("round-robin");
    field.shuffle = PEERAGE_SWITCH_OFF;
    strcpy(before, picks_of(field));
    written.options = text("shuffle=off");
    CHECK(strcmp(picks_of(written), before) == 0);
    field.policy = written.policy = text("random");
    field.has_seed = 1;
    field.seed = 7;
    strcpy(before, picks_of(field));
    written.options = text("seed=7,shuffle=off");
    CHECK(strcmp(picks_of(written), before) == 0);
    /* Fields stand above. */
    written.options = text("seed=8,shuffle=on");
    CHECK(strcmp(picks_of(written), before) != 0);
    written.has_seed = 1;
    written.seed = 7;
    written.shuffle = PEERAGE_SWITCH_OFF;
    CHECK(strcmp(picks_of(written), before) == 0);
}

int main(void)
{
    watchdog(60);
    a_seed_makes_picks_repeatable();
    without_a_seed_clients_differ();
    the_order_can_be_kept();
    waiting_has_a_limit_of_its_own();
    who_fails_fast_does_not_wait();
    the_name_is_in_texts();
    seed_and_order_in_the_text();
    return 0;
}
