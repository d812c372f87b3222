/*
 * Texts that are not UTF-8, in every place that takes one: refused, nothing written, nothing of the
 * update done. Texts that only look odd are fine, and so is anything where bytes are taken.
 */
#include "fake.h"

/* A stray continuation, a cut sequence, an overlong slash, a surrogate, beyond the last. */
static const char *const bad[] = { "\x80", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80" };
enum { BAD = sizeof bad / sizeof *bad };

static void ready(void *ctx, int32_t status)
{
    (void)status;
    ++*(int *)ctx;
}

static void in_options(peerage_str wrong)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *out;
    peerage_error *error;
    FILL(out);
    opts.transport = fake_transport(&self);
    opts.policy = wrong;
    IS(peerage_chooser_new(&opts, &out, &error), PEERAGE_ERR_INVALID_UTF8);
    explains(error, PEERAGE_ERR_INVALID_UTF8, "UTF-8");
    opts.policy = text("random");
    opts.name = wrong;
    IS(peerage_chooser_new(&opts, &out, NULL), PEERAGE_ERR_INVALID_UTF8);
    opts.name = text("");
    opts.options = wrong;
    IS(peerage_chooser_new(&opts, &out, &error), PEERAGE_ERR_INVALID_UTF8);
    explains(error, PEERAGE_ERR_INVALID_UTF8, "opts.options");
    UNTOUCHED(out);
    peerage_transport_unref(opts.transport);
    CHECK(self.dropped == 1);
}

static void in_updates(const peerage_chooser *chooser, const fake *self, peerage_str wrong)
{
    peerage_str mixed[2];
    peerage_error *error;
    int retained = self->retained, released = self->released;
    mixed[0] = text("good:1");
    mixed[1] = wrong;
    IS(update(chooser, mixed, 2, NULL, 0, &error), PEERAGE_ERR_INVALID_UTF8);
    explains(error, PEERAGE_ERR_INVALID_UTF8, "UTF-8");
    {
        peerage_member member = peerage_member_of("good:1");
        member.zone = wrong;
        IS(peerage_chooser_replace(chooser, &member, 1, &error), PEERAGE_ERR_INVALID_UTF8);
        explains(error, PEERAGE_ERR_INVALID_UTF8, "members[0].zone");
        IS(peerage_chooser_set_reason(chooser, wrong, PEERAGE_REASON_EJECTED, 1, NULL),
           PEERAGE_ERR_INVALID_UTF8);
    }
    mixed[0] = text("a:1");
    IS(update(chooser, NULL, 0, mixed, 2, NULL), PEERAGE_ERR_INVALID_UTF8);
    CHECK(self->retained == retained && self->released == released);
}

/* A request's names and identifiers are texts; its keys and its headers' values are not. */
enum { NAME, AVOID, TEXTS, KEY = TEXTS, ROUTING_KEY, DELEGATE, VALUE, PLACES };

static void in_requests(const peerage_chooser *chooser, peerage_str wrong)
{
    peerage_header headers[2];
    peerage_str avoid[2];
    peerage_request request;
    const peerage_request empty = PEERAGE_REQUEST_INIT;
    peerage_pick pick;
    uint64_t id;
    int place, told, dropped;
    headers[0].name = headers[0].value = avoid[0] = text("fine");
    for (place = 0; place < PLACES; place++) {
        int fine = place >= TEXTS;
        int32_t expected = fine ? PEERAGE_OK : PEERAGE_ERR_INVALID_UTF8;
        request = empty;
        request.headers = headers;
        request.avoid = avoid;
        request.headers_len = request.avoid_len = 2;
        headers[1] = headers[0];
        avoid[1] = avoid[0];
        *(place == NAME          ? &headers[1].name
          : place == AVOID       ? &avoid[1]
          : place == KEY         ? &request.shard_key
          : place == ROUTING_KEY ? &request.routing_key
          : place == DELEGATE    ? &request.routing_delegate
                                 : &headers[1].value) = wrong;
        FILL(pick);
        FILL(id);
        IS(peerage_chooser_try_choose(chooser, &request, &pick), expected);
        if (fine)
            IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
        IS(peerage_chooser_choose(chooser, &request, PEERAGE_TIMEOUT_FOREVER, NULL, &pick), expected);
        if (fine)
            IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
        told = dropped = 0;
        IS(peerage_chooser_notify_ready(chooser, &request, ready, &told, NULL, &id), expected);
        CHECK(told == fine);
        if (!fine) {
            IS(peerage_chooser_notify_ready(chooser, &request, ready, &dropped, count_drop, &id),
               expected);
            CHECK(dropped == 1);
            UNTOUCHED(pick);
            UNTOUCHED(id);
        }
    }
}

/* C would take a text with a NUL to end there, so names have none; nor has what stands beside them.
 * Keys of requests and values of headers are bytes. */
static void nul_in_names(const peerage_chooser *chooser, const fake *self)
{
    peerage_member member = peerage_member_of("b:1"), wrong;
    peerage_str cut = { "a:1\0", 4 };
    peerage_error *error;
    int retained = self->retained, released = self->released;
    wrong = member, wrong.id = cut;
    IS(peerage_chooser_update(chooser, &wrong, 1, NULL, 0, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "add[0].id holds a NUL");
    wrong = member, wrong.zone = cut;
    IS(peerage_chooser_update(chooser, &wrong, 1, NULL, 0, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "add[0].zone holds a NUL");
    wrong = member, wrong.shard = cut;
    IS(peerage_chooser_replace(chooser, &wrong, 1, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "members[0].shard holds a NUL");
    IS(peerage_chooser_update(chooser, &member, 1, &cut, 1, &error), PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "remove[0] holds a NUL");
    IS(peerage_chooser_set_reason(chooser, cut, PEERAGE_REASON_DRAINING, 1, &error),
       PEERAGE_ERR_INVALID_ARGUMENT);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "id holds a NUL");
    CHECK(self->retained == retained && self->released == released);
    {
        fake idle = FAKE_PUSHES;
        peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
        peerage_request request = PEERAGE_REQUEST_INIT;
        const peerage_chooser *direct;
        peerage_pick pick;
        int told = 0;
        opts.policy = text("random");
        opts.transport = fake_transport(&idle);
        opts.name = cut;
        IS(peerage_chooser_new(&opts, &direct, &error), PEERAGE_ERR_INVALID_ARGUMENT);
        explains(error, PEERAGE_ERR_INVALID_ARGUMENT, "opts.name");
        peerage_transport_unref(opts.transport);
        idle.dropped = 0;
        /* Here the key is a name. */
        direct = chooser_of(&idle, "direct");
        request.shard_key = cut;
        IS(peerage_chooser_try_choose(direct, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_choose(direct, &request, PEERAGE_TIMEOUT_FOREVER, NULL, &pick),
           PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_notify_ready(direct, &request, ready, &told, NULL, NULL),
           PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(told == 0 && idle.retained == 0);
        end(direct, &idle);
    }
}

/* Any bytes are fine that are UTF-8: none, a line end, four at a time. */
static void odd_but_fine(const peerage_chooser *chooser, const fake *self)
{
    peerage_str ids[3];
    ids[0] = text("");
    ids[1] = text("a\nb");
    ids[2] = text("\xf0\x9f\x8c\x8d:80");
    IS(update(chooser, ids, 3, NULL, 0, NULL), PEERAGE_OK);
    CHECK(self->retained == 4);
    IS(update(chooser, NULL, 0, ids, 3, NULL), PEERAGE_OK);
    CHECK(self->released == 3);
}

int main(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser;
    int i;
    watchdog(60);
    chooser = chooser_of(&self, "round-robin");
    add(chooser, "a:1");
    for (i = 0; i < BAD; i++) {
        in_options(text(bad[i]));
        in_updates(chooser, &self, text(bad[i]));
        in_requests(chooser, text(bad[i]));
    }
    nul_in_names(chooser, &self);
    odd_but_fine(chooser, &self);
    end(chooser, &self);
    return 0;
}
