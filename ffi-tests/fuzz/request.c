/* Requests: of any size, with any text and any bytes, with lists that are or are not there. */
#include "world.h"

static void wrong_if(asked *a, int32_t status)
{
    if (status)
        a->wrong = status;
}

static peerage_str header_name(void)
{
    static const char *const names[] = {"shard", "PEER", "offset", "other"};
    peerage_str name;
    name.ptr = names[below(&w.bytes, 4)];
    name.len = strlen(name.ptr);
    return name;
}

void ask(asked *a)
{
    peerage_request plain = PEERAGE_REQUEST_INIT;
    unsigned flags = take(&w.bytes), i, id, size;
    memset(a, 0, sizeof *a);
    a->at.request = plain;
    a->shard = a->preferred = IDS;
    a->plain = 1;
    if (flags == 0)
        return;
    if (flags >= 192 && flags < 224 && w.lent) {
        /* What a policy was given, passed on. */
        a->given = w.lent;
        a->plain = 0;
        return;
    }
    a->given = &a->at.request;
    if (flags & 1)
        wrong_if(a, any_bytes(&a->at.request.shard_key, &a->shard));
    if (flags & 2)
        wrong_if(a, any_bytes(&a->at.request.routing_key, &id));
    if (flags & 4)
        wrong_if(a, any_bytes(&a->at.request.routing_delegate, &id));
    if (flags & 8) {
        a->plain = 0;
        a->at.request.headers = a->headers;
        a->at.request.headers_len = below(&w.bytes, 3);
        for (i = 0; i < a->at.request.headers_len; i++) {
            a->headers[i].name = header_name();
            wrong_if(a, any_bytes(&a->headers[i].value, &id));
        }
    }
    if (flags & 16) {
        a->at.request.avoid = a->avoid;
        a->at.request.avoid_len = below(&w.bytes, 4);
        for (i = 0; i < a->at.request.avoid_len; i++) {
            wrong_if(a, any_text(&a->avoid[i], &id));
            a->avoided |= id < IDS ? 1u << id : 0;
        }
    }
    /* By no byte of its own: inputs that were kept before stay what they are. */
    if (flags < 192 && flags >> 5) {
        w.prefers = 1;
        a->preferred = (flags >> 5) * 7 % 6; /* not the empty one */
        a->at.request.prefer = id_text(a->preferred);
        if (flags >= 188) {
            a->preferred = IDS;
            a->at.request.prefer.ptr = "\xff";
            a->at.request.prefer.len = 1;
            wrong_if(a, PEERAGE_ERR_INVALID_UTF8);
        }
    }
    if (flags < 224)
        return;
    /* Anything may be wrong from here on. */
    a->plain = 0;
    size = take(&w.bytes);
    switch (size & 3) {
    case 0: /* a list that is not there */
        if (size & 4) {
            a->at.request.headers = NULL;
            a->at.request.headers_len = 1 + size;
        } else {
            a->at.request.avoid = NULL;
            a->at.request.avoid_len = 1 + size;
        }
        a->wrong = PEERAGE_ERR_NULL_POINTER;
        break;
    case 1: /* older: cut between two fields, or absurd */
        size = (size >> 2) % sizeof(peerage_request);
        a->at.request.size = size < sizeof(size_t) ? size : size - size % sizeof(size_t);
        a->avoided = 0;
        a->wrong = PEERAGE_ERR_INVALID_ARGUMENT;
        break;
    case 2: /* newer, with nothing new */
        a->at.request.size = sizeof(peerage_request) + (size >> 2) % 33;
        break;
    default: /* newer, with something */
        a->at.request.size = sizeof a->at.room;
        a->at.room[sizeof(peerage_request) + (size >> 2) % 32] = 1;
        a->wrong = PEERAGE_ERR_INVALID_ARGUMENT;
    }
}

void check_request(const peerage_request *request)
{
    static const char *const names[] = {"shard", "peer", "OFFSET", "other", "none"};
    const asked *a = w.asking;
    const peerage_request *given = a ? a->given : NULL;
    size_t i, j;
    CHECK(request && request->size == sizeof *request && request->headers_len == 0);
    CHECK(request->shard_key.ptr && request->routing_key.ptr && request->routing_delegate.ptr);
    for (i = 0; i < 5; i++) {
        peerage_str name, value, wanted;
        int32_t found, is = PEERAGE_ERR_NOT_FOUND;
        name.ptr = names[i];
        name.len = strlen(names[i]);
        found = peerage_request_header(request, name, &value);
        ONE_OF(found, PEERAGE_OK, PEERAGE_ERR_NOT_FOUND);
        if (!a || (given && given != &a->at.request) || a->at.request.size != sizeof *request)
            continue;
        for (j = 0; given && is != PEERAGE_OK && j < given->headers_len; j++) {
            is = peerage_request_header(given, name, &wanted);
            CHECK(is != PEERAGE_OK || found != PEERAGE_OK || same_text(value, wanted));
        }
        CHECK(found == is);
    }
    if (!a || !a->plain)
        return;
    if (!given) {
        CHECK(request->shard_key.len == 0 && request->avoid_len == 0);
        return;
    }
    CHECK(same_text(request->shard_key, given->shard_key));
    CHECK(same_text(request->routing_key, given->routing_key));
    CHECK(same_text(request->routing_delegate, given->routing_delegate));
    CHECK(same_text(request->prefer, given->prefer));
    CHECK(request->avoid_len == given->avoid_len);
    for (i = 0; i < given->avoid_len; i++)
        CHECK(same_text(request->avoid[i], given->avoid[i]));
}
