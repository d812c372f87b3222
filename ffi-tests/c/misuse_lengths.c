/*
 * How much memory there is, as the caller says it: of a text, of an array, of what the library fills.
 * What nothing can have is refused, and nothing is read or written.
 */
#include "fake.h"

/* What the library fills: as much as fits, and zeros after it. */
static void entries(void)
{
    enum { SIZE = sizeof(peerage_snapshot_peer) };
    static const size_t absurd[] = { 0, 4097, (size_t)1 << 31, SIZE_MAX };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_snapshot *snapshot;
    peerage_snapshot_peer whole;
    unsigned char bytes[SIZE + 16];
    size_t size, i;
    add(chooser, "a:1");
    IS(peerage_chooser_snapshot(chooser, &snapshot), PEERAGE_OK);
    IS(peerage_snapshot_get(snapshot, 0, &whole, sizeof whole), PEERAGE_OK);
#define GET(size) \
    peerage_snapshot_get(snapshot, 0, (peerage_snapshot_peer *)(void *)bytes, size)
    for (size = 1; size <= sizeof bytes; size++) {
        FILL(bytes);
        IS(GET(size), PEERAGE_OK);
        CHECK(memcmp(bytes, &whole, size < SIZE ? size : SIZE) == 0);
        for (i = SIZE; i < size; i++)
            CHECK(bytes[i] == 0);
        CHECK(is_pattern(bytes + size, sizeof bytes - size));
    }
    FILL(bytes);
    for (i = 0; i < sizeof absurd / sizeof *absurd; i++)
        IS(GET(absurd[i]), PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(bytes);
#undef GET
    peerage_snapshot_free(snapshot);
    end(chooser, &self);
}

/* Lengths that nothing has: of a text, of an array. */
static void lengths(void)
{
    static const size_t wrong[] = { SIZE_MAX, SIZE_MAX / 2 + 1, SIZE_MAX / 8 };
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    peerage_member one = peerage_member_of("a:1");
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_header header = { { "x", 1 }, { "x", 1 } };
    peerage_str name = text("a:1"), value;
    peerage_pick pick;
    size_t i;
    FILL(pick), FILL(value);
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        IS(peerage_chooser_update(chooser, &one, wrong[i], NULL, 0, NULL),
           PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_update(chooser, NULL, 0, &name, wrong[i], NULL),
           PEERAGE_ERR_INVALID_ARGUMENT);
        request.headers = &header;
        request.headers_len = wrong[i];
        IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
        request.headers_len = 0;
        request.avoid = &name;
        request.avoid_len = wrong[i];
        IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
        request.avoid_len = 0;
    }
    for (i = 0; i < 2; i++) {
        one.id.len = name.len = request.shard_key.len = wrong[i];
        request.shard_key.ptr = "key";
        IS(peerage_chooser_replace(chooser, &one, 1, NULL), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_update(chooser, NULL, 0, &name, 1, NULL), PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_set_reason(chooser, name, PEERAGE_REASON_EJECTED, 1, NULL),
           PEERAGE_ERR_INVALID_ARGUMENT);
        IS(peerage_chooser_try_choose(chooser, &request, &pick), PEERAGE_ERR_INVALID_ARGUMENT);
        request.shard_key.len = 3;
        IS(peerage_request_header(&request, name, &value), PEERAGE_ERR_INVALID_ARGUMENT);
    }
    UNTOUCHED(pick);
    UNTOUCHED(value);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    entries();
    lengths();
    return 0;
}
