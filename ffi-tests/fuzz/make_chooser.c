/* Making choosers: every policy, setting and log, right and wrong. */
#include "sized.h"

/* The kinds: a policy by name, and what is special about it. */
static peerage_str policy_text(unsigned b, int *wrong)
{
    static const char *const names[] = {
        "round-robin", "random", "two-random-choices", "fewest-pending-requests",
        "hashring32:replicas=3,delimiter=#,alternate-shard-key-header=shard",
        "hashring32:replicas=1,peer-override-header=peer,offset-header=offset", "single", "direct",
        "hashring32:replicas=2,max-offset=255,offset-generator=256", "hashring32:replicas=0",
        "direct:keep=4294967296", "round-robin:", "hashring32:replicas=1,replicas=1", "Random",
        "", "\xff", "direct:keep=1",
    };
    static const char *const later[] = {
        "least-loaded", "least-latency:memory=2,measure=off", "least-latency", "least-reported",
        "two-random-choices:errors=on,choices=3", "weighted-round-robin", "maglev",
        "round-robin:bound=1.25", "random:bound=1", "hashring32:replicas=3,bound=2",
        "maglev:bound=1.5", "least-loaded:memory=0,errors=off",
    };
    peerage_str text;
    if (b >= 100 && b < 190 && b % 9 < 6) {
        text = peerage_text(later[b / 3 % 12]);
        *wrong = 0;
        return text;
    }
    b = b == 199 ? 16 : b < 200 ? b % 9 : 9 + b % 7;
    text.ptr = names[b];
    text.len = strlen(names[b]);
    *wrong = b >= 9 && b < 16;
    return text;
}

/* Fail-fast and shuffle, in the text or in the fields, or both against each other. */
static void switches(peerage_chooser_opts *opts, unsigned which)
{
    static const char *const texts[] = {
        "", "fail-fast", "shuffle=off", "fail-fast,shuffle=off", "fail-fast=off,shuffle=on,seed=3",
    };
    unsigned both = which & 3, text = which & 64 ? both : which & 128 ? 4 : 0;
    opts->options.ptr = texts[text];
    opts->options.len = strlen(texts[text]);
    if (text != both) {
        opts->fail_fast = both & 1 ? PEERAGE_SWITCH_ON : 0;
        opts->shuffle = both & 2 ? PEERAGE_SWITCH_OFF : 0;
    }
}

/* Options that the records do not follow in all they do. */
typedef struct strange {
    const char *text;
    int ejects, may_fail, refuses;
} strange;

static const strange *any_strange(unsigned which)
{
    static const strange these[] = {
        { "max-pending=1", 0, 0, 0 },
        { "max-pending=2,queue=lifo,max-waiting=1", 0, 0, 1 },
        { "max-pending=1,queue=fifo,max-waiting=2,eject=1", 1, 0, 1 },
        { "eject=1", 1, 0, 0 },
        { "eject=2,panic=any", 1, 0, 0 },
        { "panic=fail,panic-threshold=60", 0, 1, 0 },
        { "subset=2,client=0/3", 0, 0, 0 },
        { "subset=1,client=a name", 0, 0, 0 },
        { "spill=70", 0, 0, 0 },
        { "zone=z,eject=1,panic=any", 1, 0, 0 },
        { "subset=2,spill=50,eject=1,max-pending=3,panic=fail", 1, 1, 0 },
    };
    return which % 16 < 11 ? &these[which % 16] : NULL;
}

/* What came of it, as far as the library read. */
static int is_fast(const sized *s, const peerage_chooser_opts *opts)
{
    if (READ(*s, peerage_chooser_opts, fail_fast) && opts->fail_fast)
        return opts->fail_fast == PEERAGE_SWITCH_ON;
    return READ(*s, peerage_chooser_opts, options) && opts->options.len > 8 &&
           strncmp(opts->options.ptr, "fail-fast", 9) == 0 && opts->options.ptr[9] != '=';
}

static void wrong_options(peerage_chooser_opts *opts, unsigned b)
{
    static const char *const texts[] = { "fail-fast,", "timeout=1", "\xff" };
    if (b % 4 == 3) {
        opts->shuffle = 3;
        return;
    }
    opts->options.ptr = texts[b % 4];
    opts->options.len = strlen(texts[b % 4]);
}

typedef union log_room {
    peerage_log_opts opts;
    unsigned char room[sizeof(peerage_log_opts) + 16];
} log_room;

static context *make_log(log_room *log, unsigned b, int *wrong)
{
    context *c = new_context(LOG, (b & 14) != 14);
    sized s;
    memset(log, 0, sizeof *log);
    c->level = (int32_t)(b >> 4 & 3);
    log->opts.level = b >= 252 ? 4 : b >= 248 ? -1 : c->level;
    log->opts.emit = b >= 240 && b < 248 ? NULL : log_line;
    log->opts.drop = c->drops ? last_call : NULL;
    log->opts.ctx = c;
    s = any_size(sizeof log->opts, log->room, sizeof log->room);
    /* Not between the two: the last call would not know for what. */
    if (READ(s, peerage_log_opts, drop) && !READ(s, peerage_log_opts, ctx))
        log->opts.size = offsetof(peerage_log_opts, drop), s.read = (int)log->opts.size;
    c->drops = c->drops && READ(s, peerage_log_opts, drop);
    *wrong |= s.wrong || b >= 240 || !READ(s, peerage_log_opts, emit);
    return c;
}

void make_chooser(void)
{
    static const int64_t timeouts[] = {0, PEERAGE_TIMEOUT_DEFAULT, PEERAGE_TIMEOUT_FOREVER, 1, 1000};
    union {
        peerage_chooser_opts opts;
        unsigned char room[sizeof(peerage_chooser_opts) + 16];
    } at;
    peerage_chooser_opts plain = PEERAGE_CHOOSER_OPTS_INIT;
    log_room log;
    unsigned b = take(&w.bytes), slot = below(&w.bytes, SLOTS), which, id;
    owned *t = &w.transports[b & 1], *p = &w.policies[b >> 1 & 1];
    const peerage_chooser *out = UNTOUCHED;
    peerage_error *err, **errp;
    context *log_context = NULL, *policy = NULL;
    chooser *c;
    const strange *odd = NULL;
    sized s;
    int32_t got;
    int no_out = b >= 252, wrong = 0, unsure, direct = 0;
    if (w.slots[slot] || w.closing) {
        c = w.slots[slot];
        if (c && c->refs < 3) {
            CHECK(peerage_chooser_ref(c->handle) == c->handle);
            c->refs++;
        }
        return;
    }
    memset(&at, 0, sizeof at);
    at.opts = plain;
    at.opts.transport = t->refs ? t->handle : NULL;
    which = take(&w.bytes);
    if (p->refs && which >= 128) {
        at.opts.custom_policy = p->handle;
        policy = p->context;
        if (which == 255)
            at.opts.policy = policy_text(0, &wrong), wrong = 1;
    } else {
        at.opts.policy = policy_text(which, &wrong);
        direct = strncmp(at.opts.policy.ptr, "direct", 6) == 0;
    }
    which = take(&w.bytes);
    switches(&at.opts, which);
    at.opts.has_seed = w.seeded || (which >> 2 & 1);
    at.opts.seed = which;
    at.opts.default_timeout_ns = timeouts[(which >> 3) % 5];
    if (which >= 248) {
        at.opts.default_timeout_ns = -3;
        wrong = 1;
    } else if (which >= 244) {
        at.opts.reserved[which & 3] = 1;
        wrong = 1;
    } else if (which >= 232 && which < 236) {
        wrong_options(&at.opts, which);
        wrong = 1;
    } else if (which >= 236 && any_text(&at.opts.name, &id)) {
        wrong = 1;
    }
    if (which >= 128 && which < 232 && which % 8 >= 4 && !direct)
        odd = any_strange(which / 8);
    if (odd)
        at.opts.options = peerage_text(odd->text), at.opts.fail_fast = at.opts.shuffle = 0;
    which = take(&w.bytes);
    if (which & 1) {
        log_context = make_log(&log, which, &wrong);
    }
    at.opts.log = log_context ? &log.opts : NULL;
    s = any_size(sizeof at.opts, at.room, sizeof at.room);
    wrong |= s.wrong || no_out || !t->refs || !READ(s, peerage_chooser_opts, transport);
    unsure = (size_t)s.read < sizeof at.opts;
    if (log_context && !READ(s, peerage_chooser_opts, log))
        log_context->drops = 0, log_context->refused = 1;
    errp = maybe_err(&err);
    w.now++;
    got = peerage_chooser_new(&at.opts, no_out ? NULL : &out, errp);
    if (wrong && !unsure)
        CHECK(got != PEERAGE_OK);
    if (got != PEERAGE_OK) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT,
               PEERAGE_ERR_INVALID_UTF8);
        CHECK(wrong || policy || unsure); /* a policy of one's own may be taken */
        CHECK(out == UNTOUCHED);
        if (log_context) {
            CHECK(log_context->dropped == log_context->drops);
            log_context->refused = 1;
        }
        check_err(&err, got);
        return;
    }
    CHECK(!log_context || !log_context->dropped);
    c = calloc(1, sizeof *c);
    CHECK(c);
    c->handle = out;
    c->refs = 1;
    c->transport = t->context;
    c->policy = policy;
    c->direct = direct;
    c->open = !policy && !t->context->hears &&
              (same_text(at.opts.policy, policy_text(0, &wrong)) ||
               same_text(at.opts.policy, policy_text(1, &wrong)) ||
               same_text(at.opts.policy, policy_text(2, &wrong)));
    c->fail_fast = is_fast(&s, &at.opts);
    c->bounded = !policy && READ(s, peerage_chooser_opts, policy) &&
                 strstr(at.opts.policy.ptr, "bound=") != NULL;
    if (odd && READ(s, peerage_chooser_opts, options)) {
        c->open &= !odd->ejects;
        c->sets_aside = 1;
        c->may_fail = odd->may_fail;
        c->refuses = odd->refuses;
    }
    c->short_default = READ(s, peerage_chooser_opts, default_timeout_ns) &&
                       at.opts.default_timeout_ns > 0;
    c->certain = !c->sets_aside;
    c->next = w.choosers;
    w.choosers = c;
    if (w.slots[slot]) {
        /* A policy that was attached has made one meanwhile. */
        c->refs = c->certain = 0;
        peerage_chooser_unref(out);
    } else {
        w.slots[slot] = c;
    }
    check_err(&err, got);
}
