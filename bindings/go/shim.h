/*
 * What stands between Go and peerage.h.
 *
 * Go cannot hand C a function, so the tables of callbacks live in shim.c and call exported Go
 * functions. A context is the number of a Go handle, never a Go pointer. Results come back by
 * value: nothing of the caller's escapes to the heap, and C never holds an address on a goroutine's
 * stack, which a callback may move.
 *
 * A callback that fails has an error to tell, and the C function in between cannot carry it. It
 * leaves a handle of it with the call that led to it on this thread, and the call returns it as
 * `failures` (0: none). A callback of cgo runs on the thread of its call, so this is exact.
 */
#ifndef PEERAGE_GO_SHIM_H
#define PEERAGE_GO_SHIM_H

#include <peerage.h>

/* The compiler prints this line of the one that is too old or too new, with its path above. */
#if PEERAGE_VERSION_NUMBER < 0x000100 || PEERAGE_VERSION_NUMBER >= 0x000200
#error "peerage.h is not of version 0.1, which this Go package is for: install that, or set PKG_CONFIG_PATH to the folder of its peerage.pc"
#endif

/* How a call went that may run callbacks. */
typedef struct {
    int32_t status;
    uintptr_t failures;
    peerage_error *err;
    const void *made; /* by the functions that make something */
    uint64_t notice;  /* by peerage_go_notify */
} peerage_go_result;

/* How a choice went: the number of its peer, or a negative status. */
typedef struct {
    int64_t status;
    uintptr_t failures;
    peerage_pick pick;
} peerage_go_pick;

/* How a choice went that takes ends of requests along. */
typedef struct {
    int64_t status;
    uintptr_t failures;
} peerage_go_deferred;

/* Why a choice found no peer. */
typedef struct {
    int32_t status;
    uintptr_t failures;
    size_t needed;
    peerage_cause cause;
} peerage_go_explained;

/* How the end of a request went. */
typedef struct {
    int32_t status;
    uintptr_t failures;
} peerage_go_end;

/* Texts of a request, one after the other: three keys, the identifier that it prefers, a name and a
 * value per header, identifiers to avoid. Without `lens` there is only a shard key, of `texts_len` bytes. `lent`, if it is not NULL,
 * is the request of a policy, whose headers this one has. */
#define PEERAGE_GO_REQUEST                                                                   \
    const char *texts, size_t texts_len, const size_t *lens, size_t headers, size_t avoid, \
        const peerage_request *lent

peerage_go_result peerage_go_transport_new(uintptr_t handle);
peerage_go_result peerage_go_transport_probing(uintptr_t handle, const char *options, size_t len);
int32_t peerage_go_transport_doubt(const peerage_transport *transport, const char *id, size_t len);
/* `hears` 0: not of the ends of requests. */
peerage_go_result peerage_go_policy_new(uintptr_t handle, int hears, uint64_t watches);

/* `opts` without a log; `log_level` 0: no log. */
peerage_go_result peerage_go_chooser_new(const peerage_chooser_opts *opts, int32_t log_level,
                                         uintptr_t log);
peerage_go_result peerage_go_chooser_free(const peerage_chooser *chooser);
peerage_go_result peerage_go_status_html(const peerage_chooser *const *choosers, size_t len,
                                         const char *options, size_t options_len, char *buf,
                                         size_t buf_len, size_t *needed);
peerage_go_result peerage_go_start(const peerage_chooser *chooser);
peerage_go_result peerage_go_stop(const peerage_chooser *chooser);

/* `texts` and `lens`: identifier, shard and zone of each member to add, then the identifiers to
 * remove. `numbers`: weight and tier of each member. */
peerage_go_result peerage_go_update(const peerage_chooser *chooser, const char *texts,
                                    const size_t *lens, const uint32_t *numbers, size_t add,
                                    size_t remove);
peerage_go_result peerage_go_replace(const peerage_chooser *chooser, const char *texts,
                                     const size_t *lens, const uint32_t *numbers, size_t len);
peerage_go_result peerage_go_set_reason(const peerage_chooser *chooser, const char *id,
                                        size_t id_len, uint32_t reason, int on);

/* For a chooser that never calls back: `out` may be on a goroutine's stack. Returns the number of
 * the peer, or a negative status. The chooser is given as a number, which cgo need not check. */
int64_t peerage_go_try_plain(uintptr_t chooser, const char *shard_key, size_t shard_key_len,
                             peerage_pick *out);
/* The same with up to three headers, of which `headers` count: texts one by one, so that Go has nothing
 * to put them in. */
int64_t peerage_go_try_few(uintptr_t chooser, const char *shard_key, size_t shard_key_len,
                           size_t headers, const char *name_a, size_t name_a_len,
                           const char *value_a, size_t value_a_len, const char *name_b,
                           size_t name_b_len, const char *value_b, size_t value_b_len,
                           const char *name_c, size_t name_c_len, const char *value_c,
                           size_t value_c_len, peerage_pick *out);
/* For any chooser. */
peerage_go_pick peerage_go_try(const peerage_chooser *chooser, PEERAGE_GO_REQUEST);
peerage_go_end peerage_go_finish(uint64_t mark, uint64_t slot, int32_t outcome);
peerage_go_end peerage_go_finish_timed(uint64_t mark, uint64_t slot, uint64_t began,
                                       int32_t outcome, int64_t latency_ns, int64_t in_flight);
/* Whether a pick of such words has not been finished, as far as can be told. */
int peerage_go_is_counted(uint64_t mark, uint64_t slot, uint64_t began);
/* The sentence and the cause of a choice that has ended so, by peerage_chooser_explain. `buf` is on the
 * heap, as the policy is called. */
peerage_go_explained peerage_go_explain(const peerage_chooser *chooser, int32_t ended,
                                        int64_t waited_ns, PEERAGE_GO_REQUEST, char *buf,
                                        size_t buf_len);
/* Finishes the picks of up to four slots (0: none), then chooses. The status is the address of the
 * slot that was chosen, or negative. */
peerage_go_deferred peerage_go_try_deferred(uintptr_t chooser, uint64_t a, uint64_t b, uint64_t c,
                                    uint64_t d);
/* By peerage_chooser_tick: the status is how long until the next tick, in nanoseconds, or negative. */
peerage_go_deferred peerage_go_tick(const peerage_chooser *chooser);
peerage_go_result peerage_go_notify(const peerage_chooser *chooser, PEERAGE_GO_REQUEST,
                                    uintptr_t handle);

peerage_go_result peerage_go_updater_new(const peerage_chooser *chooser, const char *uri, size_t len);
peerage_go_result peerage_go_updater_free(const peerage_updater *updater);
peerage_go_result peerage_go_updater_start(const peerage_updater *updater);
peerage_go_result peerage_go_updater_stop(const peerage_updater *updater);

peerage_go_result peerage_go_peer_set_status(const peerage_peer *peer, int32_t status);
int32_t peerage_go_peer_checked(const peerage_peer *peer, int32_t passed, const char *what, size_t len);
int32_t peerage_go_peer_report(const peerage_peer *peer, uint32_t in_flight);

/* Writes `len` entries of a snapshot. */
void peerage_go_snapshot_read(const peerage_snapshot *snapshot, peerage_snapshot_peer *out,
                              size_t len);

/* Has the waiting callers of a chooser ask its policy again. */
peerage_go_result peerage_go_ask_again(const peerage_ask_again *ask_again);

/* Looks a header of a policy's request up. `len` is SIZE_MAX if there is none. */
peerage_str peerage_go_request_header(const peerage_request *request, const char *name,
                                      size_t name_len);

#endif
