/* Choosing and finishing without a call. */
#include "by_memory.h"
#include "world.h"

int finish_by_memory(peerage_pick *p)
{
    const peerage_pick none = PEERAGE_PICK_INIT;
    uint64_t now, *word = word_to_finish(p, &now);
    if (!word)
        return 0;
    CHECK(swap(word, now, now - 1));
    *p = none;
    return 1;
}

static uint64_t own_number(void)
{
    return (uint64_t)take(&w.bytes) << 24 | (uint64_t)take(&w.bytes) << 56;
}

static void check_data(const peerage_pick *made)
{
    const uint64_t *slot = (const uint64_t *)(uintptr_t)made->opaque[1];
    const peer *p = peer_of((const peerage_peer *)(uintptr_t)load(slot + PEERAGE_SLOT_PEER / 8));
    CHECK(p && made->opaque[3] == (uint64_t)(uintptr_t)p->data);
}

void choose_by_memory(void)
{
    union {
        peerage_memory memory;
        unsigned char room[sizeof(peerage_memory) + 16];
    } at, before;
    unsigned b = take(&w.bytes), i;
    chooser *c = b >= 253 ? NULL : w.slots[b % SLOTS];
    size_t size = b < 200 ? sizeof at.memory : b % (sizeof at + 1);
    int32_t got;
    peerage_pick made;
    asked nothing;
    memset(&at, 0x5a, sizeof at);
    before = at;
    got = peerage_chooser_memory(c ? c->handle : NULL, b == 252 ? NULL : &at.memory, size);
    if (!c || b == 252) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
    } else if (size < sizeof at.memory) {
        ONE_OF(got, PEERAGE_ERR_INVALID_ARGUMENT);
    } else {
        ONE_OF(got, c->open && sizeof(void *) == 8 ? PEERAGE_OK : PEERAGE_ERR_UNSUPPORTED);
    }
    if (got != PEERAGE_OK) {
        CHECK(memcmp(&at, &before, sizeof at) == 0);
        return;
    }
    CHECK(at.memory.layout == PEERAGE_MEMORY_LAYOUT);
    CHECK((at.memory.turn != NULL) == (at.memory.draw == PEERAGE_DRAW_IN_TURN));
    for (i = 0; i < PICKS && w.picks[i].live; i++)
        ;
    CHECK(*at.memory.open <= 1);
    if (i == PICKS || w.closing || !take_by_memory(&at.memory, own_number, &made))
        return;
    check_data(&made);
    memset(&nothing, 0, sizeof nothing);
    nothing.plain = 1;
    nothing.preferred = IDS;
    keep_pick(&made, c, &nothing, w.now);
}
