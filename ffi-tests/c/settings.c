/*
 * A chooser tells what it was made with. An option can be set by a field or in the text, and the field
 * stands above the text.
 */
#include "fake.h"

/* What a chooser was made with. The name is the chooser's. */
static peerage_settings settings_of(const peerage_chooser *chooser)
{
    peerage_settings settings;
    IS(peerage_chooser_settings(chooser, &settings, sizeof settings), PEERAGE_OK);
    CHECK(settings.name.ptr[settings.name.len] == 0 && settings.reserved == 0);
    return settings;
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
        chooser = chooser_with(&self, opts);
        settings = settings_of(chooser);
        CHECK(same(settings.name, cases[i].is_called));
        CHECK(settings.default_timeout_ns == cases[i].waits);
        CHECK((settings.flags & FAST) == cases[i].fails_fast);
        end(chooser, &self);
    }
}

/* Hooks that a binding would have to have called. */
static void started(void *ctx, const peerage_peer *peer) { (void)ctx, (void)peer; }

static void finished(void *ctx, const peerage_peer *peer, peerage_outcome outcome)
{
    (void)ctx, (void)peer, (void)outcome;
}

/* What a binding may make of a chooser with these callbacks and options. */
static uint32_t flags_of(peerage_transport_ops ops, peerage_chooser_opts opts)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_over(&self, ops, opts);
    const uint32_t flags = settings_of(chooser).flags;
    end(chooser, &self);
    return flags;
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
        peerage_transport_ops ops = fake_ops();
        peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
        const uint32_t flags = cases[i].flags;
        opts.policy = text(cases[i].policy);
        CHECK(flags_of(fake_ops(), opts) == flags);
        ops.started = started;
        CHECK(flags_of(ops, opts) == (flags & ~(uint32_t)PEERAGE_CALLS_NOTHING));
        /* Who hears of ends is to hear how they were. */
        ops.started = NULL;
        ops.finished = finished;
        CHECK(flags_of(ops, opts) == (flags & PEERAGE_COUNTS_SUCCESSES));
        /* A place is to be given back at once, and a list that ejects is to hear of each end. */
        opts.options = text("max-pending=9");
        CHECK(flags_of(fake_ops(), opts) == (flags & PEERAGE_CALLS_NOTHING));
        opts.options = text("eject=9");
        CHECK(flags_of(fake_ops(), opts) == 0);
    }
}

int main(void)
{
    watchdog(60);
    texts_and_fields();
    what_a_choice_may_do();
    return 0;
}
