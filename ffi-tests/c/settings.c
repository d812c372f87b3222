/*
 * What the options of a chooser change: seeds make it repeatable, order can be kept, waiting can be
 * limited or left out, and the name is in what people read. Each can be set by a field or in the
 * text, the field stands above the text, and a chooser tells what came of it.
 */
#include "fake.h"
#include <time.h>

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

static int64_t now(void)
{
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
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
    begun = now();
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_DEFAULT, NULL, &pick),
       PEERAGE_ERR_TIMED_OUT);
    CHECK(now() - begun >= 20000000);
    IS(peerage_chooser_choose(chooser, NULL, 0, NULL, &pick), PEERAGE_ERR_NO_PEER);
    end(chooser, &self);

    /* If nothing is said it is half a second. */
    self.dropped = 0;
    opts.default_timeout_ns = PEERAGE_TIMEOUT_DEFAULT;
    chooser = chooser_with(&self, opts);
    begun = now();
    IS(peerage_chooser_choose(chooser, NULL, PEERAGE_TIMEOUT_DEFAULT, NULL, &pick),
       PEERAGE_ERR_TIMED_OUT);
    CHECK(now() - begun >= 500000000);
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

/* What a chooser with these options was made with. The name is borrowed: the chooser lives on. */
static const peerage_chooser *told(fake *self, peerage_chooser_opts opts, peerage_settings *settings)
{
    const peerage_chooser *chooser = chooser_with(self, opts);
    IS(peerage_chooser_settings(chooser, settings, sizeof *settings), PEERAGE_OK);
    CHECK(settings->name.ptr[settings->name.len] == 0 && settings->reserved == 0);
    return chooser;
}

static void texts_and_fields(void)
{
    enum { FAST = PEERAGE_FAILS_FAST };
    static const struct {
        const char *text, *name; /* in the text, and in the field */
        int64_t timeout;
        int fail_fast;
        const char *is_called;
        int64_t waits;
        uint32_t fails_fast;
    } cases[] = {
        { "", "", 0, 0, "random", 500000000, 0 },
        { "", "", PEERAGE_TIMEOUT_DEFAULT, 0, "random", 500000000, 0 },
        { "fail-fast,timeout=200ms,name=users", "", 0, 0, "users", 200000000, FAST },
        { "fail-fast,timeout=200ms,name=users", "", PEERAGE_TIMEOUT_DEFAULT, 0, "users", 200000000,
          FAST },
        { "fail-fast,timeout=200ms,name=users", "field", 7, PEERAGE_SWITCH_OFF, "field", 7, 0 },
        { "fail-fast=off,timeout=0s", "", 0, PEERAGE_SWITCH_ON, "random", 0, FAST },
        { "timeout=forever", "", 0, 0, "random", PEERAGE_TIMEOUT_FOREVER, 0 },
        { "timeout=2h", "", PEERAGE_TIMEOUT_FOREVER, 0, "random", PEERAGE_TIMEOUT_FOREVER, 0 },
        /* Longer than this type counts. */
        { "timeout=3000000h", "", 0, 0, "random", PEERAGE_TIMEOUT_FOREVER, 0 },
        { "name=a\\,b\\\\", "", 0, 0, "a,b\\", 500000000, 0 },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake self = FAKE_PUSHES;
        peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
        peerage_settings settings;
        const peerage_chooser *chooser;
        opts.policy = text("random");
        opts.options = text(cases[i].text);
        opts.name = text(cases[i].name);
        opts.default_timeout_ns = cases[i].timeout;
        opts.fail_fast = (uint8_t)cases[i].fail_fast;
        chooser = told(&self, opts, &settings);
        CHECK(same(settings.name, cases[i].is_called));
        CHECK(settings.default_timeout_ns == cases[i].waits);
        CHECK((settings.flags & FAST) == cases[i].fails_fast);
        end(chooser, &self);
    }
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

/* What a binding may make of a chooser; these are hooks that would have to be called. */
static void started(void *ctx, const peerage_peer *peer) { (void)ctx, (void)peer; }

static void finished(void *ctx, const peerage_peer *peer, peerage_outcome outcome)
{
    (void)ctx, (void)peer, (void)outcome;
}

static void what_a_choice_may_do(void)
{
    static const struct {
        const char *policy;
        uint32_t flags;
    } cases[] = {
        { "round-robin", PEERAGE_CALLS_NOTHING },
        { "fewest-pending-requests",
          PEERAGE_CALLS_NOTHING | PEERAGE_COUNTS_ENDS | PEERAGE_COUNTS_SUCCESSES },
        { "least-loaded", PEERAGE_CALLS_NOTHING | PEERAGE_COUNTS_SUCCESSES },
        { "two-random-choices:errors=on", PEERAGE_CALLS_NOTHING | PEERAGE_COUNTS_SUCCESSES },
        { "least-latency:measure=off", PEERAGE_CALLS_NOTHING },
        { "least-reported", PEERAGE_CALLS_NOTHING },
        { "hashring32:replicas=1", PEERAGE_CALLS_NOTHING },
        { "single", PEERAGE_CALLS_NOTHING },
        { "direct", 0 },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake self = FAKE_PUSHES;
        peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
        peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
        peerage_settings settings;
        const peerage_chooser *chooser;
        opts.policy = text(cases[i].policy);
        chooser = told(&self, opts, &settings);
        CHECK(settings.flags == cases[i].flags);
        end(chooser, &self);

        self.dropped = 0;
        ops.retain = fake_retain;
        ops.release = fake_release;
        ops.drop = fake_drop;
        ops.started = started;
        IS(peerage_transport_new(&ops, &self, &opts.transport, NULL), PEERAGE_OK);
        IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
        peerage_transport_unref(opts.transport);
        IS(peerage_chooser_settings(chooser, &settings, sizeof settings), PEERAGE_OK);
        CHECK(settings.flags == (cases[i].flags & ~(uint32_t)PEERAGE_CALLS_NOTHING));
        end(chooser, &self);

        /* Who hears of ends is to hear how they were. */
        self.dropped = 0;
        ops.started = NULL;
        ops.finished = finished;
        IS(peerage_transport_new(&ops, &self, &opts.transport, NULL), PEERAGE_OK);
        IS(peerage_chooser_new(&opts, &chooser, NULL), PEERAGE_OK);
        peerage_transport_unref(opts.transport);
        IS(peerage_chooser_settings(chooser, &settings, sizeof settings), PEERAGE_OK);
        CHECK(settings.flags == (cases[i].flags & PEERAGE_COUNTS_SUCCESSES));
        end(chooser, &self);

        /* A place is to be given back at once, and a list that ejects is to hear of each end. */
        self.dropped = 0;
        opts.options = text("max-pending=9");
        chooser = told(&self, opts, &settings);
        CHECK(settings.flags == (cases[i].flags & PEERAGE_CALLS_NOTHING));
        end(chooser, &self);
        self.dropped = 0;
        opts.options = text("eject=9");
        chooser = told(&self, opts, &settings);
        CHECK(settings.flags == 0);
        end(chooser, &self);
    }
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
    texts_and_fields();
    seed_and_order_in_the_text();
    what_a_choice_may_do();
    return 0;
}
