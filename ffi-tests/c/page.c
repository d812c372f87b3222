/*
 * A status page of choosers and the same as JSON: what names hold is text there, buffers of any size
 * are filled as far as they go, what is wrong with the options is said.
 */
#include "fake.h"

#include <stdlib.h>

#define MANY 200

/* The document, in memory of the caller's. */
static char *page(const peerage_chooser *const *choosers, size_t len, const char *options)
{
    size_t needed = 0, written;
    char *text_;
    IS(peerage_status_html(choosers, len, text(options), NULL, 0, &needed, NULL), PEERAGE_OK);
    /* An age may have become a digit longer. */
    CHECK(needed > 0 && (text_ = malloc(needed + 64)));
    IS(peerage_status_html(choosers, len, text(options), text_, needed + 64, &written, NULL),
       PEERAGE_OK);
    CHECK(written < needed + 64 && strlen(text_) == written);
    return text_;
}

static char *json(const peerage_chooser *const *choosers, size_t len)
{
    size_t needed = 0, written;
    char *text_;
    IS(peerage_status_json(choosers, len, NULL, 0, &needed), PEERAGE_OK);
    CHECK(needed > 0 && (text_ = malloc(needed + 64)));
    IS(peerage_status_json(choosers, len, text_, needed + 64, &written), PEERAGE_OK);
    CHECK(written < needed + 64 && strlen(text_) == written);
    return text_;
}

static void names_are_text(const peerage_chooser *const *choosers)
{
    char *html = page(choosers, 2, "title=<b>");
    CHECK(strncmp(html, "<!DOCTYPE html>", 15) == 0);
    CHECK(strstr(html, "<title>&lt;b&gt;</title>"));
    CHECK(strstr(html, "<bdi>&lt;img src=x onerror=&quot;f()&quot;&gt;</bdi>"));
    CHECK(!strstr(html, "<img") && !strstr(html, "<b>x"));
    CHECK(strstr(html, "<b>2</b> of 3 available") && strstr(html, "unavailable"));
    free(html);
}

static void choosers_are_in_the_order_given(const peerage_chooser *const *choosers)
{
    const peerage_chooser *swapped[2];
    char *html = page(choosers, 2, "");
    CHECK(strstr(html, "id=name-1") && strstr(html, "id=name-2") && !strstr(html, "id=name-3"));
    CHECK(strstr(strstr(html, "id=name-1"), "users") < strstr(strstr(html, "id=name-2"), "orders"));
    free(html);
    swapped[0] = choosers[1], swapped[1] = choosers[0];
    html = page(swapped, 2, "refresh=5s");
    CHECK(strstr(strstr(html, "id=name-1"), "orders") < strstr(strstr(html, "id=name-2"), "users"));
    CHECK(strstr(html, "http-equiv=refresh content=5"));
    free(html);
    html = page(NULL, 0, "");
    CHECK(strstr(html, "0 lists") && !strstr(html, "id=name-1"));
    free(html);
}

static void json_is_for_programs(const peerage_chooser *const *choosers)
{
    char *text_;
    if (!peerage_has("json")) {
        IS(peerage_status_json(choosers, 2, NULL, 0, NULL), PEERAGE_ERR_UNSUPPORTED);
        return;
    }
    text_ = json(choosers, 2);
    CHECK(strncmp(text_, "{\"form\":1,\"choosers\":[{\"name\":\"users\",", 38) == 0);
    CHECK(strstr(text_, "\"identifier\":\"<img src=x onerror=\\\"f()\\\">\",\"available\":true"));
    CHECK(strstr(text_, "\"connection_status\":\"unavailable\""));
    CHECK(strstr(text_, "{\"name\":\"orders\",\"state\":\"idle\""));
    free(text_);
    text_ = json(NULL, 0);
    CHECK(strcmp(text_, "{\"form\":1,\"choosers\":[]}") == 0);
    free(text_);
}

static void buffers_of_any_size(const peerage_chooser *const *choosers)
{
    char cut[256];
    size_t size, needed;
    for (size = 0; size <= 200; size++) {
        FILL(cut);
        needed = 0;
        IS(peerage_status_html(choosers, 2, text(""), size ? cut : NULL, size, &needed, NULL),
           PEERAGE_OK);
        CHECK(needed > 4000 && is_pattern(cut + size, sizeof cut - size));
        CHECK(size == 0 || strlen(cut) + 1 == size);
    }
    IS(peerage_status_html(choosers, 2, text(""), NULL, 0, NULL, NULL), PEERAGE_OK);
}

static void wrong_options_are_told(const peerage_chooser *const *choosers)
{
    peerage_error *error = NULL;
    char none[8];
    size_t needed;
    FILL(none), FILL(needed);
    IS(peerage_status_html(choosers, 2, text("peers=5,refresh=1ms"), none, sizeof none, &needed,
                           &error),
       PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(none);
    UNTOUCHED(needed);
    explains(error, PEERAGE_ERR_INVALID_ARGUMENT,
             "options at byte 8: refresh=\"1ms\" must be a duration from 1s to 24h, such as 5s");
    IS(peerage_status_html(choosers, 2, text("title=\xff"), none, sizeof none, &needed, NULL),
       PEERAGE_ERR_INVALID_UTF8);
}

static void rows_are_limited(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    char id[16], *html;
    int n;
    for (n = 0; n < MANY; n++) {
        sprintf(id, "10.0.0.%d:80", n);
        add(chooser, id);
    }
    html = page(&chooser, 1, "peers=150");
    CHECK(strstr(html, "and 50 more") && strstr(html, "<th scope=row>200 peers<td>200 available"));
    free(html);
    end(chooser, &self);
}

/* The source of an updater is told with its chooser. */
static void the_source_is_there(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_updater *updater;
    char *html;
    IS(peerage_updater_new(chooser, text("static:a:1,b:1"), &updater, NULL), PEERAGE_OK);
    IS(peerage_updater_start(updater, NULL), PEERAGE_OK);
    html = page(&chooser, 1, "");
    CHECK(strstr(html, "<bdi>static:a:1,b:1</bdi>") && strstr(html, ", 2 peers; asked 1 time,"));
    free(html);
    peerage_updater_unref(updater);
    html = page(&chooser, 1, "");
    CHECK(!strstr(html, "static:"));
    free(html);
    end_fed(chooser, &self);
}

int main(void)
{
    fake self = FAKE_PUSHES, other = FAKE_PUSHES;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *choosers[2];
    watchdog(60);
    /* First: its thread has gone when the program ends. */
    the_source_is_there();
    opts.policy = text("round-robin");
    opts.name = text("users");
    choosers[0] = chooser_with(&self, opts);
    add(choosers[0], "10.0.0.1:80");
    add(choosers[0], "<img src=x onerror=\"f()\">");
    self.push = 0;
    add(choosers[0], "10.0.0.2:80");
    opts.name = text("orders");
    choosers[1] = idle_with(&other, opts);
    names_are_text(choosers);
    choosers_are_in_the_order_given(choosers);
    json_is_for_programs(choosers);
    buffers_of_any_size(choosers);
    wrong_options_are_told(choosers);
    rows_are_limited();
    end(choosers[0], &self);
    end(choosers[1], &other);
    return 0;
}
