/*
 * Where a chooser logs to: the levels, and that the log's context is dropped once, when the chooser
 * is gone or was never made.
 */
#include "fake.h"

typedef struct lines {
    int errors, infos, debugs, dropped;
    char last[256], all[2048];
} lines;

static void emit(void *ctx, int32_t level, peerage_str message)
{
    lines *self = ctx;
    CHECK(self->dropped == 0);
    CHECK(message.ptr[message.len] == 0 && strlen(message.ptr) == message.len);
    CHECK(message.len > 0 && !strchr(message.ptr, '\n'));
    self->errors += level == PEERAGE_LOG_ERROR;
    self->infos += level == PEERAGE_LOG_INFO;
    self->debugs += level == PEERAGE_LOG_DEBUG;
    CHECK(level >= PEERAGE_LOG_ERROR && level <= PEERAGE_LOG_DEBUG);
    strncpy(self->last, message.ptr, sizeof self->last - 1);
    CHECK(strlen(self->all) + message.len + 2 < sizeof self->all);
    strcat(strcat(self->all, message.ptr), "\n");
}

static void drop(void *ctx) { ((lines *)ctx)->dropped++; }

static peerage_log_opts log_to(lines *self, int32_t level)
{
    peerage_log_opts log = PEERAGE_LOG_OPTS_INIT;
    memset(self, 0, sizeof *self);
    log.size = sizeof log;
    log.level = level;
    log.emit = emit;
    log.drop = drop;
    log.ctx = self;
    return log;
}

/* Something of every level happens. */
static void live(lines *self, int32_t level)
{
    fake transport = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts log = log_to(self, level);
    const peerage_chooser *chooser;
    peerage_str id = text("a:1");
    peerage_pick pick;
    opts.policy = text("random");
    opts.name = text("users\nforged");
    opts.log = &log;
    chooser = chooser_with(&transport, opts);
    add(chooser, "a:1");
    IS(update(chooser, &id, 1, NULL, 0, NULL), PEERAGE_ERR_ALREADY_IN_LIST);
    IS(peerage_peer_set_status(transport.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    CHECK(self->dropped == 0);
    end(chooser, &transport);
    CHECK(self->dropped == 1);
}

static void levels(void)
{
    lines self;
    live(&self, PEERAGE_LOG_OFF);
    CHECK(self.errors == 0 && self.infos == 0 && self.debugs == 0);
    live(&self, PEERAGE_LOG_ERROR);
    CHECK(self.errors == 1 && self.infos == 0 && self.debugs == 0);
    CHECK(strstr(self.last, "users\\nforged") && strstr(self.last, "a:1"));
    live(&self, PEERAGE_LOG_INFO);
    CHECK(self.errors == 1 && self.infos >= 2 && self.debugs == 0);
    live(&self, PEERAGE_LOG_DEBUG);
    CHECK(self.errors == 1 && self.infos >= 2 && self.debugs == 1);
}

/* Words, one line each, whatever a name holds. */
static void words(void)
{
    static const char begins[] =
        "two\\nlines: peer \"a:1\" is Available, and was Unavailable\n"
        "two\\nlines: updated: 1 addition, 0 removals\n"
        "two\\nlines: updated: 0 additions, 1 removal; can't remove peer (b:1) because it is not in "
        "peerlist\n"
        "two\\nlines: peer \"a:1\" is Connecting, and was Available\n"
        "two\\nlines: a choice waited ";
    fake transport = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    lines self;
    peerage_log_opts log = log_to(&self, PEERAGE_LOG_DEBUG);
    const peerage_chooser *chooser;
    peerage_str gone = text("b:1");
    peerage_pick pick;
    opts.policy = text("random");
    opts.name = text("two\nlines");
    opts.log = &log;
    chooser = chooser_with(&transport, opts);
    add(chooser, "a:1");
    IS(peerage_chooser_update(chooser, NULL, 0, &gone, 1, NULL), PEERAGE_ERR_NOT_IN_LIST);
    IS(peerage_peer_set_status(transport.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    IS(peerage_chooser_choose(chooser, NULL, 1000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    if (strncmp(self.all, begins, strlen(begins)) != 0) {
        fprintf(stderr, "%s", self.all);
        abort();
    }
    CHECK(strcmp(strrchr(self.last, ' ') - strlen(" and got no"), " and got no peer") == 0);
    end(chooser, &transport);
}

/* Every way in which no chooser is made. */
static void a_context_is_dropped_also_on_failure(void)
{
    enum { WAYS = 13 };
    fake transport = FAKE_SILENT;
    peerage_chooser_opts good = PEERAGE_CHOOSER_OPTS_INIT, opts;
    const peerage_chooser *chooser;
    peerage_error *error;
    lines self;
    peerage_log_opts log;
    int way;
    good.policy = text("random");
    good.transport = fake_transport(&transport);
    FILL(chooser);
    for (way = 0; way < WAYS; way++) {
        log = log_to(&self, PEERAGE_LOG_DEBUG);
        opts = good;
        opts.log = &log;
        if (way == 0)
            opts.transport = NULL;
        else if (way == 1)
            opts.policy = text("no such policy");
        else if (way == 2)
            opts.policy = text("\xff");
        else if (way == 3)
            opts.name = text("\xff");
        else if (way == 4)
            opts.default_timeout_ns = -7;
        else if (way == 5)
            opts.reserved[0] = 1;
        else if (way == 6)
            opts.policy = text("hashring32:replicas=none");
        else if (way == 7)
            log.level = PEERAGE_LOG_DEBUG + 1;
        else if (way == 8)
            log.level = INT32_MIN;
        else if (way == 9)
            log.emit = NULL;
        else if (way == 10)
            opts.options = text("timeout");
        else if (way == 11)
            opts.shuffle = 3;
        CHECK(peerage_chooser_new(&opts, way == 12 ? NULL : &chooser, &error) < 0);
        peerage_error_free(error);
        CHECK(self.dropped == 1);
        CHECK(self.errors == 0 && self.infos == 0 && self.debugs == 0);
    }
    UNTOUCHED(chooser);
    peerage_transport_unref(good.transport);
    CHECK(transport.dropped == 1);
}

/* The options are borrowed for the call: their memory may be gone the moment it returns. */
static void options_are_borrowed(void)
{
    fake transport = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts *log = malloc(sizeof *log);
    const peerage_chooser *chooser;
    lines self;
    CHECK(log);
    *log = log_to(&self, PEERAGE_LOG_INFO);
    log->drop = NULL;
    opts.policy = text("random");
    opts.log = log;
    chooser = chooser_with(&transport, opts);
    memset(log, PATTERN, sizeof *log);
    free(log);
    add(chooser, "a:1");
    CHECK(self.infos >= 2);
    end(chooser, &transport);
    CHECK(self.dropped == 0);
}

int main(void)
{
    watchdog(60);
    levels();
    words();
    a_context_is_dropped_also_on_failure();
    options_are_borrowed();
    return 0;
}
