/* What a plugin tells of the libpeerage that it runs with: one was built for 0.1, another for 0.2. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdint.h>

struct plugin_report {
    const char *version;  /* what the library that answers says of itself */
    uint32_t compiled;    /* the header's number */
    uint32_t answered;    /* the library's */
    const void *function; /* where its peerage_version is */
    int served;           /* whether a chooser of its own gave out a peer */
};

typedef void plugin_report_fn(struct plugin_report *report);

#endif
