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

peerage_go_result peerage_go_transport_probing(uintptr_t handle, const char *options, size_t len)
{
    peerage_go_result result = nothing;
    const peerage_transport *made = NULL;
    PEERAGE_GO_CALL(result, peerage_transport_probing_with(peerage_go_text(options, len),
                                                           &peerage_go_transport_ops,
                                                           (void *)handle, &made, &result.err));
    result.made = made;
    return result;
}

int32_t peerage_go_transport_doubt(const peerage_transport *transport, const char *id, size_t len)
{
    return peerage_transport_doubt(transport, peerage_go_text(id, len));
}

peerage_go_result peerage_go_policy_new(uintptr_t handle, int hears, uint64_t watches)
{
    peerage_go_result result = nothing;
    const peerage_policy *made = NULL;
    peerage_policy_ops ops = peerage_go_policy_ops;
    if (!hears)
        ops.finished = NULL;
    ops.watches = watches;
    PEERAGE_GO_CALL(result, peerage_policy_new(&ops, (void *)handle, &made, &result.err));
    result.made = made;
    return result;
}

peerage_go_result peerage_go_chooser_new(const peerage_chooser_opts *opts, int32_t log_level,
                                         uintptr_t log)
{
    peerage_go_result result = nothing;
    const peerage_chooser *made = NULL;
    peerage_chooser_opts logged = *opts;
    peerage_log_opts log_opts = peerage_go_log_opts;
    log_opts.level = log_level;
    log_opts.ctx = (void *)log;
    if (log_level != PEERAGE_LOG_OFF)
        logged.log = &log_opts;
    PEERAGE_GO_CALL(result, peerage_chooser_new(&logged, &made, &result.err));
    result.made = made;
    return result;
}

peerage_go_result peerage_go_chooser_free(const peerage_chooser *chooser)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, (peerage_chooser_unref(chooser), PEERAGE_OK));
    return result;
}

peerage_go_result peerage_go_status_html(const peerage_chooser *const *choosers, size_t len,
                                         const char *options, size_t options_len, char *buf,
                                         size_t buf_len, size_t *needed)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_status_html(choosers, len, peerage_go_text(options, options_len),
                                                buf, buf_len, needed, &result.err));
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

peerage_go_result peerage_go_updater_new(const peerage_chooser *chooser, const char *uri, size_t len)
{
    peerage_go_result result = nothing;
    const peerage_updater *made = NULL;
    PEERAGE_GO_CALL(result, peerage_updater_new(chooser, peerage_go_text(uri, len), &made,
                                                &result.err));
    result.made = made;
    return result;
}

peerage_go_result peerage_go_updater_free(const peerage_updater *updater)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, (peerage_updater_unref(updater), PEERAGE_OK));
    return result;
}

peerage_go_result peerage_go_updater_start(const peerage_updater *updater)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_updater_start(updater, &result.err));
    return result;
}

peerage_go_result peerage_go_updater_stop(const peerage_updater *updater)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_updater_stop(updater, &result.err));
    return result;
}

/* Reads `len` texts, and moves on. */
static void read_texts(peerage_str *to, size_t len, const char **texts, const size_t **lens)
{
    size_t i;
    for (i = 0; i < len; i++) {
        to[i] = peerage_go_text(*texts, **lens);
        *texts += *(*lens)++;
    }
}

/* To be freed; an empty list too. */
static peerage_member *read_members(size_t len, const char **texts, const size_t **lens,
                                    const uint32_t *numbers)
{
    const peerage_member init = PEERAGE_MEMBER_INIT;
    peerage_member *members = malloc((len ? len : 1) * sizeof *members);
    peerage_str about[3];
    size_t i;
    for (i = 0; i < len; i++) {
        read_texts(about, 3, texts, lens);
        members[i] = init;
        members[i].id = about[0];
        members[i].shard = about[1];
        members[i].zone = about[2];
        members[i].weight = numbers[2 * i];
        members[i].tier = numbers[2 * i + 1];
    }
    return members;
}

peerage_go_result peerage_go_update(const peerage_chooser *chooser, const char *texts,
                                    const size_t *lens, const uint32_t *numbers, size_t add,
                                    size_t remove)
{
    peerage_go_result result = nothing;
    peerage_member *members = read_members(add, &texts, &lens, numbers);
    peerage_str *ids = malloc((remove ? remove : 1) * sizeof *ids);
    read_texts(ids, remove, &texts, &lens);
    PEERAGE_GO_CALL(result, peerage_chooser_update(chooser, members, add, ids, remove,
                                                   &result.err));
    free(members);
    free(ids);
    return result;
}

peerage_go_result peerage_go_replace(const peerage_chooser *chooser, const char *texts,
                                     const size_t *lens, const uint32_t *numbers, size_t len)
{
    peerage_go_result result = nothing;
    peerage_member *members = read_members(len, &texts, &lens, numbers);
    PEERAGE_GO_CALL(result, peerage_chooser_replace(chooser, members, len, &result.err));
    free(members);
    return result;
}

peerage_go_result peerage_go_set_reason(const peerage_chooser *chooser, const char *id,
                                        size_t id_len, uint32_t reason, int on)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_chooser_set_reason(chooser, peerage_go_text(id, id_len),
                                                       reason, on, &result.err));
    return result;
}

int32_t peerage_go_peer_checked(const peerage_peer *peer, int32_t passed, const char *what, size_t len)
{
    return peerage_peer_checked(peer, passed, peerage_go_text(what, len));
}

int32_t peerage_go_peer_report(const peerage_peer *peer, uint32_t in_flight)
{
    return peerage_peer_report(peer, in_flight);
}

peerage_go_result peerage_go_peer_set_status(const peerage_peer *peer, int32_t status)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_peer_set_status(peer, status));
    return result;
}

void peerage_go_snapshot_read(const peerage_snapshot *snapshot, peerage_snapshot_peer *out,
                              size_t len)
{
    size_t i = 0;
    while (i < len && peerage_snapshot_get(snapshot, i, &out[i], sizeof out[i]) == PEERAGE_OK)
        i++;
}

peerage_go_result peerage_go_ask_again(const peerage_ask_again *ask_again)
{
    peerage_go_result result = nothing;
    PEERAGE_GO_CALL(result, peerage_ask_again_trigger(ask_again));
    return result;
}

peerage_str peerage_go_request_header(const peerage_request *request, const char *name,
                                      size_t name_len)
{
    peerage_str value;
    if (peerage_request_header(request, peerage_go_text(name, name_len), &value) == PEERAGE_OK)
        return value;
    return peerage_go_text(NULL, SIZE_MAX);
}
