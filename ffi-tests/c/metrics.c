/*
 * The text for Prometheus: one chooser or many, each format, any room, and the source of an updater
 * with its chooser.
 */
#include "fake.h"
#include <stdlib.h>

static const peerage_chooser *called(fake *self, const char *name)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.policy = text("round-robin");
    opts.name = text(name);
    return chooser_with(self, opts);
}

/* The whole text, for free. */
static char *metrics(const peerage_chooser *const *choosers, size_t len, const peerage_metrics_opts *opts)
{
    size_t size = 1, needed;
    char *text = NULL;
    for (;;) {
        text = realloc(text, size);
        CHECK(text != NULL);
        IS(peerage_metrics_text(choosers, len, opts, text, size, &needed), PEERAGE_OK);
        if (needed < size) {
            CHECK(strlen(text) == needed);
            return text;
        }
        CHECK(strlen(text) == size - 1);
        size = needed + 16;
    }
}

static int ends_with(const char *text, const char *end)
{
    size_t text_len = strlen(text), end_len = strlen(end);
    return text_len >= end_len && strcmp(text + text_len - end_len, end) == 0;
}

static void numbers(void)
{
    fake one = FAKE_PUSHES, two = FAKE_PUSHES;
    const peerage_chooser *choosers[2];
    peerage_metrics_opts opts = PEERAGE_METRICS_OPTS_INIT;
    peerage_pick pick;
    char *text;
    choosers[0] = called(&one, "users");
    choosers[1] = called(&two, "it\"s");
    add(choosers[0], "a:1");
    add(choosers[0], "b:1");
    add(choosers[1], "c:1");
    IS(peerage_chooser_try_choose(choosers[0], NULL, &pick), PEERAGE_OK);

    text = metrics(choosers, 2, NULL);
    CHECK(strstr(text, "peerage_peers{chooser=\"users\",status=\"available\"} 2\n"
                       "peerage_peers{chooser=\"users\",status=\"set-aside\"} 0\n"));
    CHECK(strstr(text, "peerage_pending_requests{chooser=\"users\"} 1\n"
                       "peerage_pending_requests{chooser=\"it\\\"s\"} 0\n"));
    CHECK(strstr(text, "# TYPE peerage_requests_total counter\n"));
    CHECK(!strstr(text, "peerage_peer_") && !strstr(text, "# EOF"));
    free(text);

    opts.peers = 1;
    opts.format = PEERAGE_METRICS_OPENMETRICS;
    text = metrics(choosers, 2, &opts);
    CHECK(strstr(text, "# TYPE peerage_requests counter\n"));
    CHECK(strstr(text, "peerage_peer_up{chooser=\"users\",peer=\"a:1\"} 1\n"
                       "peerage_peer_up{chooser=\"users\",peer=\"b:1\"} 1\n"
                       "peerage_peer_up{chooser=\"it\\\"s\",peer=\"c:1\"} 1\n"));
    CHECK(ends_with(text, "# EOF\n"));
    free(text);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    end(choosers[0], &one);
    end(choosers[1], &two);
}

static void one_name_for_two(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = called(&self, "users"), *twice[2];
    char *text;
    twice[0] = twice[1] = chooser;
    text = metrics(twice, 2, NULL);
    CHECK(strstr(text, "peerage_running{chooser=\"users\"} 1\n"
                       "peerage_running{chooser=\"users (2)\"} 1\n"));
    free(text);
    end(chooser, &self);
}

static void a_source(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = called(&self, "users");
    const peerage_updater *updater;
    char *all;
    IS(peerage_updater_new(chooser, text("static:a:1,b:1"), &updater, NULL), PEERAGE_OK);
    IS(peerage_updater_start(updater, NULL), PEERAGE_OK);
    all = metrics(&chooser, 1, NULL);
    CHECK(strstr(all, "peerage_discovery_attempts_total{chooser=\"users\",source=\"static:a:1,b:1\"} 1\n"));
    free(all);
    peerage_updater_unref(updater);
    /* The source goes with its updater. */
    all = metrics(&chooser, 1, NULL);
    CHECK(!strstr(all, "peerage_discovery_"));
    free(all);
    end_fed(chooser, &self);
}

static void refused(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = called(&self, "users"), *none = NULL;
    peerage_metrics_opts opts = PEERAGE_METRICS_OPTS_INIT;
    char few[8];
    size_t needed;
    FILL(few), FILL(needed);
    IS(peerage_metrics_text(NULL, 1, NULL, few, sizeof few, &needed), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_metrics_text(&none, 1, NULL, few, sizeof few, &needed), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_metrics_text(&chooser, 1, NULL, NULL, 1, &needed), PEERAGE_ERR_NULL_POINTER);
    IS(peerage_metrics_text(&chooser, SIZE_MAX, NULL, few, sizeof few, &needed),
       PEERAGE_ERR_INVALID_ARGUMENT);
    opts.format = 2;
    IS(peerage_metrics_text(&chooser, 1, &opts, few, sizeof few, &needed),
       PEERAGE_ERR_INVALID_ARGUMENT);
    opts.format = PEERAGE_METRICS_PROMETHEUS;
    opts.size = 0;
    IS(peerage_metrics_text(&chooser, 1, &opts, few, sizeof few, &needed),
       PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(few);
    UNTOUCHED(needed);
    /* No chooser is no text, and no room is the length alone. */
    IS(peerage_metrics_text(NULL, 0, NULL, few, sizeof few, &needed), PEERAGE_OK);
    CHECK(needed == 0 && few[0] == 0);
    IS(peerage_metrics_text(&chooser, 1, NULL, NULL, 0, &needed), PEERAGE_OK);
    CHECK(needed > 1000);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    numbers();
    one_name_for_two();
    a_source();
    refused();
    return 0;
}
