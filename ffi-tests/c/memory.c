/*
 * The memory of a chooser, as a binding uses it that would rather not call: a pick made by one
 * compare-exchange and finished by another is as good as one that the library made. Written after
 * the last topic of the header, by somebody who knows nothing else.
 */
#include "fake.h"

#define LOWER_34 ((UINT64_C(1) << 34) - 1)
#define CHOSEN (UINT64_C(1) << 54)
#define TENANT (CHOSEN - 1 - LOWER_34)

static uint64_t load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

static int swap(uint64_t *word, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static uint64_t state(uint64_t word) { return word >> 32 & 3; }

static uint64_t pending(const peerage_chooser *chooser)
{
    return stats_of(chooser).pending;
}

/* The slot of a pick, in which a number says whether a policy or a transport wants to hear of requests. */
static uint64_t *slot_of(const peerage_pick *pick)
{
    return (uint64_t *)(uintptr_t)pick->opaque[1];
}

static uint32_t watched(const uint64_t *slot)
{
    return __atomic_load_n((const uint32_t *)(const void *)((const char *)slot + PEERAGE_SLOT_WATCHED),
                           __ATOMIC_ACQUIRE) & 0xff;
}

/* Whether the pick could be finished without a call; it is not, if not. */
static int finish_by_hand(peerage_pick *pick)
{
    const peerage_pick none = PEERAGE_PICK_INIT;
    uint64_t *slot = slot_of(pick), word;
    if ((pick->opaque[0] & LOWER_34) != PEERAGE_PICK_COUNTED || watched(slot))
        return 0;
    do {
        word = load(slot);
        if (state(word) == PEERAGE_WORD_REMOVED || (uint32_t)word - 1 >= 0x7fffffff ||
            ((word ^ pick->opaque[0]) & TENANT) != 0)
            return 0;
    } while (!swap(slot, word, word - 1));
    *pick = none;
    return 1;
}

/* A pick of the first entry that is there, if it is available. */
static int choose_by_hand(const peerage_chooser *chooser, const peerage_memory *memory,
                          peerage_pick *pick)
{
    const peerage_pick none = PEERAGE_PICK_INIT;
    uint64_t len, table, entry, word, *slot;
    if (!__atomic_load_n(memory->open, __ATOMIC_ACQUIRE))
        return 0;
    len = load(memory->len);
    if (len == 0)
        return 0;
    /* Where the table is now, and the first of its entries. */
    table = load(memory->entries);
    entry = load((const uint64_t *)(uintptr_t)table);
    if (entry == 0)
        return 0;
    slot = (uint64_t *)(uintptr_t)entry;
    do {
        word = load(slot);
        if ((word >> 31 & 1) != 0 || state(word) != PEERAGE_WORD_AVAILABLE)
            return 0;
    } while (!swap(slot, word, word + 1 + CHOSEN));
    if (((word ^ (word + 1 + CHOSEN)) >> 63) != 0)
        peerage_memory_half(entry);
    *pick = none;
    pick->opaque[0] = PEERAGE_PICK_COUNTED | (word & TENANT);
    pick->opaque[1] = entry;
    pick->opaque[3] = load(slot + PEERAGE_SLOT_DATA / 8);
    if (watched(slot) == 0)
        return 1;
    /* Picks are recorded: the library has to make this one. */
    IS(peerage_pick_finish(pick, PEERAGE_OUTCOME_NOT_SENT), PEERAGE_OK);
    return peerage_chooser_try_choose(chooser, NULL, pick) == PEERAGE_OK;
}

/* A pick keeps the data that was attached when it was made. */
static void data_by_hand(const peerage_chooser *chooser, const peerage_memory *memory,
                         const fake *self)
{
    static int first, second;
    peerage_pick before, after;
    IS(peerage_peer_set_data(self->last, &first, NULL), PEERAGE_OK);
    CHECK(choose_by_hand(chooser, memory, &before));
    CHECK(peerage_pick_data(&before) == &first && watched(slot_of(&before)) == 0);
    IS(peerage_peer_set_data(self->last, &second, NULL), PEERAGE_OK);
    CHECK(watched(slot_of(&before)) != 0);
    CHECK(choose_by_hand(chooser, memory, &after));
    CHECK(peerage_pick_data(&before) == &first && peerage_pick_data(&after) == &second);
    CHECK((after.opaque[0] & LOWER_34) != PEERAGE_PICK_COUNTED);
    CHECK(!finish_by_hand(&before) && !finish_by_hand(&after));
    IS(peerage_pick_finish(&before, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    /* No pick has the first one any more: the next one is plain again. */
    CHECK(watched(slot_of(&after)) == 0);
    CHECK(choose_by_hand(chooser, memory, &before) && peerage_pick_data(&before) == &second);
    CHECK(finish_by_hand(&before) && !finish_by_hand(&after));
    IS(peerage_pick_finish(&after, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(pending(chooser) == 0);
}

static void picks_without_a_call(const char *policy, int32_t draw)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, policy);
    peerage_memory memory;
    peerage_pick pick, mine, copy;
    int i;
    IS(peerage_chooser_memory(chooser, &memory, sizeof memory), PEERAGE_OK);
    CHECK(memory.layout == PEERAGE_MEMORY_LAYOUT && memory.draw == draw);
    CHECK((memory.turn != NULL) == (draw == PEERAGE_DRAW_IN_TURN));
    CHECK(!choose_by_hand(chooser, &memory, &mine));
    add(chooser, "a:1");
    for (i = 0; i < 100; i++) {
        CHECK(choose_by_hand(chooser, &memory, &mine));
        CHECK(pending(chooser) == 1 && same(peerage_pick_id(&mine), "a:1"));
        CHECK(peerage_pick_peer(&mine) == self.last);
        IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
        CHECK(pick.opaque[0] == mine.opaque[0] && slot_of(&pick) == slot_of(&mine));
        CHECK(pending(chooser) == 2);
        copy = pick;
        CHECK(finish_by_hand(&pick));
        IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
        IS(peerage_pick_finish(&mine, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
        CHECK(pending(chooser) == 0);
        CHECK(!finish_by_hand(&copy));
    }
    data_by_hand(chooser, &memory, &self);
    /* Nothing is there to be drawn while it is not available. */
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    CHECK(!choose_by_hand(chooser, &memory, &mine));
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    /* The last request of a removed peer is for the library to finish. */
    CHECK(choose_by_hand(chooser, &memory, &mine));
    discard(chooser, "a:1");
    CHECK(!choose_by_hand(chooser, &memory, &pick) && !finish_by_hand(&mine) && self.released == 0);
    IS(peerage_pick_finish(&mine, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(self.released == 1);
    /* The table moves as it grows, and the addresses given stay good. */
    for (i = 0; i < 100; i++) {
        char id[8];
        sprintf(id, "%d", i);
        add(chooser, id);
    }
    CHECK(load(memory.len) >= 100);
    CHECK(choose_by_hand(chooser, &memory, &mine) && finish_by_hand(&mine));
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    CHECK(!choose_by_hand(chooser, &memory, &mine));
    end(chooser, &self);
}

/* Policies that look at more than a table have none to show. */
static void others_have_none(void)
{
    static const char *const policies[] = { "fewest-pending-requests", "hashring32", "direct" };
    peerage_memory memory;
    size_t i;
    FILL(memory);
    for (i = 0; i < sizeof policies / sizeof *policies; i++) {
        fake self = FAKE_PUSHES;
        const peerage_chooser *chooser = chooser_of(&self, policies[i]);
        IS(peerage_chooser_memory(chooser, &memory, sizeof memory), PEERAGE_ERR_UNSUPPORTED);
        end(chooser, &self);
    }
    UNTOUCHED(memory);
}

/* Unlike counts, half of it is worse than nothing. */
static void sizes(void)
{
    static const size_t wrong[] = { 0, 8, sizeof(peerage_memory) - 1, 4097, SIZE_MAX };
    struct newer {
        peerage_memory memory;
        unsigned char later[8];
    } big;
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    size_t i;
    FILL(big);
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
        IS(peerage_chooser_memory(chooser, &big.memory, wrong[i]), PEERAGE_ERR_INVALID_ARGUMENT);
    UNTOUCHED(big);
    IS(peerage_chooser_memory(chooser, &big.memory, sizeof big), PEERAGE_OK);
    CHECK(memcmp(big.later, "\0\0\0\0\0\0\0\0", 8) == 0);
    end(chooser, &self);
}

int main(void)
{
    watchdog(60);
    if (sizeof(void *) != 8)
        return 0;
    picks_without_a_call("random", PEERAGE_DRAW_RANDOM);
    picks_without_a_call("two-random-choices", PEERAGE_DRAW_TWO_RANDOM);
    picks_without_a_call("round-robin", PEERAGE_DRAW_IN_TURN);
    picks_without_a_call("single", PEERAGE_DRAW_FIRST);
    others_have_none();
    sizes();
    return 0;
}
