/*
 * What every program here asserts with.
 *
 * `assert` goes away with NDEBUG, and says nothing about the status it got. A test that hangs says
 * nothing at all, so each main begins with `watchdog`: the alarm ends the program with a message.
 *
 * Include it first: it asks for POSIX, which -std=c99 hides.
 */
#ifndef CHECK_H
#define CHECK_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <peerage.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHECK(what)                                                     \
    do {                                                                \
        if (!(what)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);  \
            abort();                                                    \
        }                                                               \
    } while (0)

/* The call answers this status. */
#define IS(call, expected)                                                     \
    do {                                                                       \
        int32_t got_ = (call);                                                 \
        if (got_ != (expected)) {                                              \
            fprintf(stderr, "%s:%d: %s: %s, not %s\n", __FILE__, __LINE__,     \
                    #call, peerage_status_name(got_),                          \
                    peerage_status_name(expected));                            \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* An output's memory before a call that fails, and after. */
#define PATTERN 0xa5
#define FILL(object) memset(&(object), PATTERN, sizeof(object))
#define UNTOUCHED(object) CHECK(is_pattern(&(object), sizeof(object)))

static inline int is_pattern(const void *memory, size_t len)
{
    const unsigned char *byte = memory;
    size_t i;
    for (i = 0; i < len; i++)
        if (byte[i] != PATTERN)
            return 0;
    return 1;
}

static inline void took_too_long(int signal)
{
    static const char message[] = "watchdog: the program hangs\n";
    (void)signal;
    /* Nothing is left to do if even this fails. */
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
        _exit(98);
    abort();
}

/* A moment in which other threads go on; the watchdog ends waits that have no end. */
static inline void breathe(void)
{
    struct timespec moment = { 0, 1000000 };
    nanosleep(&moment, NULL);
}

/* The time of a clock that is not set. */
static inline int64_t now_ns(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* From now on there are so many seconds left. */
static inline void watchdog(unsigned seconds)
{
    signal(SIGALRM, took_too_long);
    alarm(seconds);
}

static inline peerage_str text(const char *s) { return peerage_text(s); }

static inline int equal(peerage_str a, peerage_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline int same(peerage_str got, const char *expected)
{
    return equal(got, text(expected));
}

/* An error was given, with this status and a message that says this; and it is freed. */
static inline void explains(peerage_error *error, int32_t status, const char *what)
{
    CHECK(error);
    IS(peerage_error_status(error), status);
    if (!strstr(peerage_error_message(error).ptr, what)) {
        fprintf(stderr, "\"%s\" is not in \"%s\"\n", what, peerage_error_message(error).ptr);
        abort();
    }
    peerage_error_free(error);
}

/* An update of peers of which only the identifiers are known. */
static inline int32_t update(const peerage_chooser *chooser, const peerage_str *add, size_t add_len,
                             const peerage_str *remove, size_t remove_len, peerage_error **err)
{
    peerage_member members[64];
    size_t i;
    CHECK(add_len <= 64);
    for (i = 0; i < add_len; i++) {
        members[i] = peerage_member_of("");
        members[i].id = add[i];
    }
    return peerage_chooser_update(chooser, members, add_len, remove, remove_len, err);
}

static inline peerage_stats stats_of(const peerage_chooser *chooser)
{
    peerage_stats stats;
    IS(peerage_chooser_stats(chooser, &stats, sizeof stats), PEERAGE_OK);
    return stats;
}

/* A drop callback: how often its context was dropped. */
static inline void count_drop(void *ctx) { ++*(int *)ctx; }

#endif
