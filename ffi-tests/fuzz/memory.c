/* Choosing and finishing without a call, to the letter of the header's last topic. */
#include "world.h"

enum { FULL = 31, STATE = 32, DRAWS = 8 };

__extension__ typedef unsigned __int128 product;

static uint64_t load(const uint64_t *at) { return __atomic_load_n(at, __ATOMIC_ACQUIRE); }

static int swap(uint64_t *word, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static int may_be_chosen(uint64_t word)
{
    return !(word >> FULL & 1) && (word >> STATE & 3) == PEERAGE_WORD_AVAILABLE;
}

int finish_by_memory(peerage_pick *p)
{
    const peerage_pick none = PEERAGE_PICK_INIT;
    unsigned char *slot;
    uint64_t *word, now;
    uint32_t watch;
    if (p->opaque[0] != PEERAGE_PICK_COUNTED)
        return 0;
    slot = (unsigned char *)(uintptr_t)p->opaque[1];
    word = (uint64_t *)(void *)slot;
    watch = __atomic_load_n((uint32_t *)(void *)(slot + PEERAGE_SLOT_WATCHED), __ATOMIC_ACQUIRE);
    now = load(word);
    CHECK((uint32_t)now << 1 != 0);
    if ((watch & 0xff) || (now >> STATE & 3) == PEERAGE_WORD_REMOVED)
        return 0;
    CHECK(swap(word, now, now - 1));
    *p = none;
    return 1;
}

static uint64_t random_number(const peerage_memory *m)
{
    uint64_t n;
    product p;
    if (!m->random)
        return (uint64_t)take(&w.bytes) << 24 | (uint64_t)take(&w.bytes) << 56;
    n = __atomic_add_fetch(m->random, 0xa0761d6478bd642fu, __ATOMIC_ACQ_REL);
    p = (product)n * (n ^ 0xe7037ed1a0b428dbu);
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t scale(uint64_t r, uint64_t n)
{
    return (uint64_t)((product)n * (uint32_t)r >> 32);
}

static uint64_t in_flight(uint64_t slot)
{
    return load((const uint64_t *)(uintptr_t)slot) & 0x7fffffff;
}

/* The slot of an entry that is drawn as the policy would, or 0. */
static uint64_t draw(const peerage_memory *m)
{
    uint64_t len = load(m->len), entries = load(m->entries), r, i, j, one, other;
    const uint64_t *entry = (const uint64_t *)(uintptr_t)entries;
    if (len == 0)
        return 0;
    if (m->draw == PEERAGE_DRAW_IN_TURN)
        return load(&entry[__atomic_fetch_add(m->turn, 1, __ATOMIC_ACQ_REL) % len]);
    if (m->draw == PEERAGE_DRAW_TWO_RANDOM && len == 1)
        return load(&entry[0]);
    r = random_number(m);
    i = scale(r, len);
    CHECK(i < len);
    one = load(&entry[i]);
    if (m->draw == PEERAGE_DRAW_RANDOM)
        return one;
    CHECK(m->draw == PEERAGE_DRAW_TWO_RANDOM);
    j = scale(r >> 32, len - 1);
    other = load(&entry[j + (j >= i)]);
    return in_flight(other) < in_flight(one) ? other : one;
}

static void check_data(uint64_t handle, uint64_t data)
{
    const peer *p = peer_of((const peerage_peer *)(uintptr_t)handle);
    CHECK(p && (p->data_changed || data == (uint64_t)(uintptr_t)p->data));
}

static int choose(const peerage_memory *m, peerage_pick *out)
{
    int i;
    CHECK(*m->open <= 1);
    for (i = 0; i < DRAWS && __atomic_load_n(m->open, __ATOMIC_ACQUIRE); i++) {
        uint64_t slot = draw(m), *word = (uint64_t *)(uintptr_t)slot, now = slot ? load(word) : 0;
        if (slot && may_be_chosen(now) && swap(word, now, now + 1)) {
            out->opaque[0] = PEERAGE_PICK_COUNTED;
            out->opaque[1] = slot;
            out->opaque[2] = 0;
            out->opaque[3] = load(word + PEERAGE_SLOT_PEER / 8);
            check_data(out->opaque[3], load(word + PEERAGE_SLOT_DATA / 8));
            return 1;
        }
    }
    return 0;
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
    if (i == PICKS || w.closing || !choose(&at.memory, &made))
        return;
    memset(&nothing, 0, sizeof nothing);
    nothing.plain = 1;
    keep_pick(&made, c, &nothing, w.now);
}
