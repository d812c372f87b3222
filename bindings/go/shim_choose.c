/* The calls that are made for requests: to choose, to finish, to be told when to try again. A choice that
 * finds no peer may go on to wait in Go, which counts it when it has ended: so none is counted here. */

#include "shim_internal.h"

#include <stdlib.h>

static int64_t number_of(const peerage_pick *pick)
{
    return (int64_t)(uintptr_t)peerage_pick_data(pick);
}

int64_t peerage_go_try_plain(uintptr_t chooser, const char *shard_key, size_t shard_key_len,
                             peerage_pick *out)
{
    peerage_request request = PEERAGE_REQUEST_INIT;
    int32_t status;
    request.shard_key = peerage_go_text(shard_key, shard_key_len);
    status = peerage_chooser_try_again((const peerage_chooser *)chooser,
                                        shard_key_len ? &request : NULL, out);
    return status == PEERAGE_OK ? number_of(out) : status;
}

int64_t peerage_go_try_few(uintptr_t chooser, const char *shard_key, size_t shard_key_len,
                           size_t headers, const char *name_a, size_t name_a_len,
                           const char *value_a, size_t value_a_len, const char *name_b,
                           size_t name_b_len, const char *value_b, size_t value_b_len,
                           const char *name_c, size_t name_c_len, const char *value_c,
                           size_t value_c_len, peerage_pick *out)
{
    const peerage_header few[] = {
        {peerage_go_text(name_a, name_a_len), peerage_go_text(value_a, value_a_len)},
        {peerage_go_text(name_b, name_b_len), peerage_go_text(value_b, value_b_len)},
        {peerage_go_text(name_c, name_c_len), peerage_go_text(value_c, value_c_len)},
    };
    peerage_request request = PEERAGE_REQUEST_INIT;
    int32_t status;
    request.shard_key = peerage_go_text(shard_key, shard_key_len);
    request.headers = few;
    request.headers_len = headers;
    status = peerage_chooser_try_again((const peerage_chooser *)chooser, &request, out);
    return status == PEERAGE_OK ? number_of(out) : status;
}

/* A request made of packed texts, with room for a few headers. */
enum { FEW = 32 };

typedef struct {
    peerage_request request;
    peerage_str few[FEW];
    void *many;
} unpacked;

/* A header is two texts, so an array of texts holds headers too. */
typedef char header_is_two_texts[sizeof(peerage_header) == 2 * sizeof(peerage_str) ? 1 : -1];

static const peerage_request *unpack(unpacked *to, PEERAGE_GO_REQUEST)
{
    const peerage_request init = PEERAGE_REQUEST_INIT;
    size_t count = 2 * headers + avoid, i;
    peerage_str *list = to->few, *keys[4];
    to->request = init;
    to->many = NULL;
    if (!lens) {
        to->request.shard_key = peerage_go_text(texts, texts_len);
        return texts_len ? &to->request : NULL;
    }
    if (count > FEW)
        list = to->many = malloc(count * sizeof *list);
    keys[0] = &to->request.shard_key;
    keys[1] = &to->request.routing_key;
    keys[2] = &to->request.routing_delegate;
    keys[3] = &to->request.prefer;
    for (i = 0; i < 4 + count; texts += lens[i], i++)
        *(i < 4 ? keys[i] : &list[i - 4]) = peerage_go_text(texts, lens[i]);
    to->request.headers = (const peerage_header *)(const void *)list;
    to->request.headers_len = headers;
    to->request.avoid = list + 2 * headers;
    to->request.avoid_len = avoid;
    to->request.lent = lent ? lent->lent : NULL;
    return &to->request;
}

peerage_go_pick peerage_go_try(const peerage_chooser *chooser, PEERAGE_GO_REQUEST)
{
    peerage_go_pick found;
    unpacked room;
    const peerage_request *request = unpack(&room, texts, texts_len, lens, headers, avoid, lent);
    PEERAGE_GO_CALL(found, peerage_chooser_try_again(chooser, request, &found.pick));
    free(room.many);
    if (found.status == PEERAGE_OK)
        found.status = number_of(&found.pick);
    return found;
}

peerage_go_explained peerage_go_explain(const peerage_chooser *chooser, int32_t ended,
                                        int64_t waited_ns, PEERAGE_GO_REQUEST, char *buf,
                                        size_t buf_len)
{
    peerage_go_explained why;
    unpacked room;
    const peerage_request *request = unpack(&room, texts, texts_len, lens, headers, avoid, lent);
    PEERAGE_GO_CALL(why, peerage_chooser_explain(chooser, ended, waited_ns, request, buf, buf_len,
                                                 &why.needed, &why.cause));
    free(room.many);
    return why;
}

peerage_go_end peerage_go_finish(uint64_t mark, uint64_t slot, int32_t outcome)
{
    peerage_go_end end;
    peerage_pick pick = {{mark, slot, 0, 0}};
    PEERAGE_GO_CALL(end, peerage_pick_finish(&pick, outcome));
    return end;
}

peerage_go_end peerage_go_finish_timed(uint64_t mark, uint64_t slot, uint64_t began,
                                       int32_t outcome, int64_t latency_ns, int64_t in_flight)
{
    peerage_go_end end;
    peerage_pick pick = {{mark, slot, began, 0}};
    peerage_finish how = PEERAGE_FINISH_INIT;
    how.outcome = outcome;
    how.latency_ns = latency_ns;
    how.in_flight = in_flight;
    PEERAGE_GO_CALL(end, peerage_pick_finish_with(&pick, &how));
    return end;
}

int peerage_go_is_counted(uint64_t mark, uint64_t slot, uint64_t began)
{
    const peerage_pick pick = {{mark, slot, began, 0}};
    return peerage_pick_peer(&pick) != NULL;
}

/* The bits of a slot's word that tell its tenant, which a pick has too. */
static uint64_t tenant_of(uint64_t slot)
{
    const uint64_t tenant = ((uint64_t)1 << 54) - ((uint64_t)1 << 34);
    return __atomic_load_n((const uint64_t *)(uintptr_t)slot, __ATOMIC_RELAXED) & tenant;
}

static int64_t finish_and_try(const peerage_chooser *chooser, const uint64_t *slots, size_t len)
{
    peerage_pick pick = PEERAGE_PICK_INIT;
    int32_t status;
    size_t i;
    for (i = 0; i < len; i++) {
        if (!slots[i])
            continue;
        pick.opaque[0] = PEERAGE_PICK_COUNTED | tenant_of(slots[i]);
        pick.opaque[1] = slots[i];
        peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS);
    }
    status = peerage_chooser_try_again(chooser, NULL, &pick);
    return status == PEERAGE_OK ? (int64_t)pick.opaque[1] : status;
}

peerage_go_deferred peerage_go_try_deferred(uintptr_t chooser, uint64_t a, uint64_t b, uint64_t c,
                                    uint64_t d)
{
    const uint64_t slots[] = {a, b, c, d};
    peerage_go_deferred found;
    PEERAGE_GO_CALL(found, finish_and_try((const peerage_chooser *)chooser, slots, 4));
    return found;
}

static int64_t next_tick(const peerage_chooser *chooser)
{
    int64_t next_ns;
    const int32_t status = peerage_chooser_tick(chooser, &next_ns);
    return status == PEERAGE_OK ? next_ns : status;
}

peerage_go_deferred peerage_go_tick(const peerage_chooser *chooser)
{
    peerage_go_deferred next;
    PEERAGE_GO_CALL(next, next_tick(chooser));
    return next;
}

peerage_go_result peerage_go_notify(const peerage_chooser *chooser, PEERAGE_GO_REQUEST,
                                    uintptr_t handle)
{
    peerage_go_result result = {PEERAGE_OK, 0, NULL, NULL, 0};
    unpacked room;
    const peerage_request *request = unpack(&room, texts, texts_len, lens, headers, avoid, lent);
    PEERAGE_GO_CALL(result, peerage_chooser_notify_ready(chooser, request, peerage_go_on_ready,
                                                         (void *)handle, peerage_go_on_drop,
                                                         &result.notice));
    free(room.many);
    return result;
}
