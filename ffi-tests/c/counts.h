/*
 * What the programs about a chooser's numbers share: sums of counts.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include "fake.h"

static inline uint64_t sum(const uint64_t *counts, size_t len)
{
    uint64_t all = 0;
    while (len--)
        all += counts[len];
    return all;
}

static inline uint64_t failures(const peerage_stats *stats)
{
    return sum(stats->failures, PEERAGE_FAILURE_PLACES);
}

static inline peerage_chooser_opts options(const char *policy, const char *text_of_options)
{
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.policy = text(policy);
    opts.options = text(text_of_options);
    return opts;
}

#endif
