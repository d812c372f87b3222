/* The calls that are made now and then: to make things, to start, stop, update, report, look. */

#include "shim_internal.h"

#include <stdlib.h>

static const peerage_go_result nothing = {PEERAGE_OK, 0, NULL, NULL, 0};

peerage_go_result peerage_go_transport_new(uintptr_t handle)
{
    peerage_go_result result = nothing;
    const peerage_transport *made = NULL;
    PEERAGE_GO_CALL(result, peerage_transport_new(&peerage_go_transport_ops, (void *)handle, &made,
                                                  &result.err));
    result.made = made;
    return result;
}

peerage_go_result peerage_go_policy_new(uintptr_t handle)
{
    peerage_go_result result = nothing;
    const peerage_policy *made = NULL;
    PEERAGE_GO_CALL(result, peerage_policy_new(&peerage_go_policy_ops, (void *)handle, &made,
                                               &result.err));
    result.made = made;
    return result;
}

peerage_go_result peerage_go_chooser_new(const peerage_transport *transport,
                                         const peerage_policy *custom, const char *policy,
                                         size_t policy_len, const char *name, size_t name_len,
                                         uint64_t seed, int has_seed, int fail_fast,
                                         int no_shuffle, int32_t log_level, uintptr_t log)
{
    peerage_go_result result = nothing;
    const peerage_chooser *made = NULL;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_log_opts log_opts = peerage_go_log_opts;
    opts.transport = transport;
    opts.policy_custom = custom;
    opts.policy = peerage_go_text(policy, policy_len);
    opts.name = peerage_go_text(name, name_len);
    opts.seed = seed;
    opts.has_seed = has_seed != 0;
    opts.fail_fast = fail_fast != 0;
    opts.no_shuffle = no_shuffle != 0;
    log_opts.level = log_level;
    log_opts.ctx = (void *)log;
    if (log_level != PEERAGE_LOG_OFF)
        opts.log = &log_opts;
    PEERAGE_GO_CALL(result, peerage_chooser_new(&opts, &made, &result.err));
    result.made = made;
    return result;
}

peerage_go_result peerage_go_chooser_free(const peerage_chooser *chooser)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, (peerage_chooser_unref(chooser), PEERAGE_OK));
    return result;
}

peerage_go_result peerage_go_start(const peerage_chooser *chooser)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_chooser_start(chooser, &result.err));
    return result;
}

peerage_go_result peerage_go_stop(const peerage_chooser *chooser)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_chooser_stop(chooser, &result.err));
    return result;
}

peerage_go_result peerage_go_update(const peerage_chooser *chooser, const char *texts,
                                    const size_t *lens, size_t add, size_t remove)
{
    peerage_go_result result = nothing;
    size_t len = add + remove, i;
    peerage_str *ids = malloc((len ? len : 1) * sizeof *ids);
    for (i = 0; i < len; texts += lens[i], i++)
        ids[i] = peerage_go_text(texts, lens[i]);
    PEERAGE_GO_CALL(result, peerage_chooser_update(chooser, ids, add, ids + add, remove,
                                                   &result.err));
    free(ids);
    return result;
}

void peerage_go_peer_set_number(const peerage_peer *peer, uint32_t number)
{
    (void)peerage_peer_set_data(peer, (void *)(uintptr_t)number, NULL);
}

peerage_go_result peerage_go_peer_set_status(const peerage_peer *peer, int32_t status)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_peer_set_status(peer, status));
    return result;
}

void peerage_go_snapshot_read(const peerage_snapshot *snapshot, peerage_peer_info *out, size_t len)
{
    size_t i;
    for (i = 0; i < len; i++)
        (void)peerage_snapshot_get(snapshot, i, &out[i]);
}
