/* Choosing and finishing without a call, to the letter of the header's last topic, for one thread or
 * many. */
#ifndef BY_MEMORY_H
#define BY_MEMORY_H

#include <peerage.h>

enum { FULL = 31, STATE = 32, TENANT = 34, CHOSEN = 54, DRAWS = 8 };

/* The bits that tell the tenants apart. */
#define TENANTS ((UINT64_C(1) << CHOSEN) - (UINT64_C(1) << TENANT))

__extension__ typedef unsigned __int128 product;

static inline uint64_t load(const uint64_t *at) { return __atomic_load_n(at, __ATOMIC_ACQUIRE); }

static inline int swap(uint64_t *word, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static inline int may_be_chosen(uint64_t word)
{
    return !(word >> FULL & 1) && (word >> STATE & 3) == PEERAGE_WORD_AVAILABLE;
}

/* Whether the library has to hear when requests of the slot begin or end. */
static inline int is_watched(uint64_t slot)
{
    const uint32_t *at = (const uint32_t *)(uintptr_t)(slot + PEERAGE_SLOT_WATCHED);
    return (__atomic_load_n(at, __ATOMIC_ACQUIRE) & 0xff) != 0;
}

/* The word of a pick that may be finished so, if it is a success, and what it holds, or NULL. */
static inline uint64_t *word_to_finish(const peerage_pick *pick, uint64_t *now)
{
    unsigned char *slot = (unsigned char *)(uintptr_t)pick->opaque[1];
    uint64_t *word = (uint64_t *)(void *)slot;
    if ((pick->opaque[0] ^ PEERAGE_PICK_COUNTED) << (64 - TENANT) != 0)
        return NULL;
    *now = load(word);
    if (is_watched(pick->opaque[1]) || (*now >> STATE & 3) == PEERAGE_WORD_REMOVED ||
        (*now >> FULL & 1) || (uint32_t)*now << 1 == 0 ||
        ((*now ^ pick->opaque[0]) & TENANTS) != 0)
        return NULL;
    return word;
}

static inline uint64_t scale(uint64_t r, uint64_t n)
{
    return (uint64_t)((product)n * (uint32_t)r >> 32);
}

static inline uint64_t next_number(const peerage_memory *m, uint64_t (*own)(void))
{
    uint64_t n;
    product p;
    if (!m->random)
        return own();
    n = __atomic_add_fetch(m->random, 0xa0761d6478bd642fu, __ATOMIC_ACQ_REL);
    p = (product)n * (n ^ 0xe7037ed1a0b428dbu);
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t in_flight(uint64_t slot)
{
    return load((const uint64_t *)(uintptr_t)slot) & 0x7fffffff;
}

/* The slot of an entry that is drawn as the policy would, or 0. */
static inline uint64_t draw(const peerage_memory *m, uint64_t (*own)(void))
{
    uint64_t len = load(m->len), entries = load(m->entries), r, i, j, one, other;
    const uint64_t *entry = (const uint64_t *)(uintptr_t)entries;
    if (len == 0)
        return 0;
    if (m->draw == PEERAGE_DRAW_IN_TURN)
        return load(&entry[__atomic_fetch_add(m->turn, 1, __ATOMIC_ACQ_REL) % len]);
    if (m->draw == PEERAGE_DRAW_FIRST || (m->draw == PEERAGE_DRAW_TWO_RANDOM && len == 1))
        return load(&entry[0]);
    r = next_number(m, own);
    i = scale(r, len);
    one = load(&entry[i]);
    if (m->draw == PEERAGE_DRAW_RANDOM)
        return one;
    j = scale(r >> 32, len - 1);
    other = load(&entry[j + (j >= i)]);
    if (!one || !other)
        return one ? one : other;
    return in_flight(other) < in_flight(one) ? other : one;
}

/* Whether a pick was made. */
static inline int take_by_memory(const peerage_memory *m, uint64_t (*own)(void), peerage_pick *out)
{
    int i;
    for (i = 0; i < DRAWS && __atomic_load_n(m->open, __ATOMIC_ACQUIRE); i++) {
        uint64_t slot = draw(m, own), *word = (uint64_t *)(uintptr_t)slot;
        uint64_t now = slot ? load(word) : 0, then = now + 1 + (UINT64_C(1) << CHOSEN);
        if (slot && may_be_chosen(now) && swap(word, now, then)) {
            if ((now ^ then) >> 63)
                peerage_memory_half(slot);
            out->opaque[0] = PEERAGE_PICK_COUNTED | (now & TENANTS);
            out->opaque[1] = slot;
            out->opaque[2] = 0;
            out->opaque[3] = load(word + PEERAGE_SLOT_DATA / 8);
            if (!is_watched(slot))
                return 1;
            /* Data that was replaced is in use: not a pick that the library knows of. */
            (void)peerage_pick_finish(out, PEERAGE_OUTCOME_NOT_SENT);
            return 0;
        }
    }
    return 0;
}

#endif
