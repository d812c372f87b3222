/* What is counted, and how it is said: a line of JSON, with what the library says of the same. */
#include "soak.h"

#include <stdio.h>

/* Sixteen buckets for each power of two of microseconds. */
static size_t bucket(uint64_t micros)
{
    size_t power = 63, n;
    if (micros < 16)
        return (size_t)micros;
    while (!(micros >> power))
        power--;
    n = (power - 3) * 16 + (size_t)((micros >> (power - 4)) & 15);
    return n < BUCKETS ? n : BUCKETS - 1;
}

void tally_call(struct tally *tally, int good, int64_t took_ns)
{
    tally->calls++;
    tally->good += good != 0;
    tally->latencies[bucket((uint64_t)took_ns / 1000)]++;
}

/* All of it is numbers. */
void tally_add(struct tally *to, const struct tally *from)
{
    uint64_t *sum = (uint64_t *)to;
    const uint64_t *more = (const uint64_t *)from;
    for (size_t n = 0; n < sizeof *to / sizeof *sum; n++)
        sum[n] += more[n];
}

static void print_array(const char *name, const uint64_t *numbers, size_t len)
{
    printf(",\"%s\":", name);
    for (size_t n = 0; n < len; n++)
        printf("%c%llu", n ? ',' : '[', (unsigned long long)numbers[n]);
    printf("]");
}

static void print_stats(const peerage_chooser *chooser)
{
    peerage_stats stats = {0};
    uint64_t missed[MISSED] = {0};
    if (peerage_chooser_stats(chooser, &stats, sizeof stats) != PEERAGE_OK)
        fprintf(stderr, "no numbers\n");
    for (size_t n = 0; n < PEERAGE_FAILURE_PLACES; n++)
        missed[n == PEERAGE_FAILURE_NO_PEER || n == PEERAGE_FAILURE_FAIL_FAST ? NO_PEER
               : n == PEERAGE_FAILURE_TIMED_OUT                               ? TIMED_OUT
               : n == PEERAGE_FAILURE_QUEUE_FULL                              ? QUEUE_FULL
                                                                              : OTHER] += stats.failures[n];
    printf(",\"stats\":{\"pending\":%llu,\"waiting\":%zu,\"departing\":%zu,\"departing_pending\":%llu",
           (unsigned long long)stats.pending, stats.waiting, stats.departing,
           (unsigned long long)stats.departing_pending);
    printf(",\"requests\":%llu", (unsigned long long)stats.requests);
    print_array("outcomes", stats.outcomes, OUTCOMES);
    print_array("missed", missed, MISSED);
    printf("}");
}

void tally_print(const char *event, const struct tally *tally)
{
    printf("{\"event\":\"%s\",\"calls\":%llu,\"good\":%llu,\"latencies\":[", event,
           (unsigned long long)tally->calls, (unsigned long long)tally->good);
    for (size_t n = 0, any = 0; n < BUCKETS; n++)
        if (tally->latencies[n])
            printf("%s[%zu,%llu]", any++ ? "," : "", n, (unsigned long long)tally->latencies[n]);
    printf("],\"choosers\":[");
    for (size_t n = 0; n < work.choosers; n++) {
        const struct chooser_tally *chooser = &tally->choosers[n];
        printf("%s{\"name\":\"%s\",\"picks\":%llu", n ? "," : "", work.fed[n].name,
               (unsigned long long)chooser->picks);
        print_array("outcomes", chooser->outcomes, OUTCOMES);
        print_array("missed", chooser->missed, MISSED);
        print_stats(work.fed[n].chooser);
        printf("}");
    }
    printf("]}\n");
    fflush(stdout);
}
