/* What the C files of the binding share. */
#ifndef PEERAGE_GO_SHIM_INTERNAL_H
#define PEERAGE_GO_SHIM_INTERNAL_H

#include "shim.h"

extern const peerage_transport_ops peerage_go_transport_ops;
extern const peerage_policy_ops peerage_go_policy_ops;
extern const peerage_log_opts peerage_go_log_opts;
extern const peerage_ready_fn peerage_go_on_ready;
extern const peerage_drop_fn peerage_go_on_drop;

/* A handle of the errors of callbacks since the current call began, or 0. */
extern __thread uintptr_t peerage_go_failures;

/* How many calls of Go's this thread is in. 0 in a callback: it is a thread of the library's. */
extern __thread unsigned peerage_go_calls;

/* Runs a call, with failures of its own: calls nest when a callback calls back. */
#define PEERAGE_GO_CALL(result, call)                      \
    do {                                                   \
        const uintptr_t outer_ = peerage_go_failures;      \
        peerage_go_failures = 0;                           \
        peerage_go_calls++;                                \
        (result).status = (call);                          \
        peerage_go_calls--;                                \
        (result).failures = peerage_go_failures;           \
        peerage_go_failures = outer_;                      \
    } while (0)

static inline peerage_str peerage_go_text(const char *ptr, size_t len)
{
    peerage_str text;
    text.ptr = ptr;
    text.len = len;
    return text;
}

#endif
