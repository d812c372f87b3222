/* Requests: begun by one thread, and ended by that or another. */
#include "../fuzz/by_memory.h"
#include "shared.h"

/* A peer that a live pick is of has not been released. */
static void check_live(const peerage_pick *pick)
{
    const record *r = s.plan.changes_data ? NULL : peerage_pick_data(pick);
    peerage_str id = peerage_pick_id(pick);
    CHECK(peerage_pick_peer(pick) && id.ptr && id.ptr[id.len] == '\0');
    CHECK(s.plan.changes_data || (r && !r->released));
}

/* Whether the pick, of a success, was finished without a call. */
static int ended_by_memory(const peerage_pick *pick)
{
    uint64_t now, *word = word_to_finish(pick, &now);
    return word && swap(word, now, now - 1);
}

void end_pick(peerage_pick *pick, unsigned how)
{
    static const int64_t latencies[] = {PEERAGE_LATENCY_UNKNOWN, 0, 1000, INT64_MAX};
    const peerage_pick none = PEERAGE_PICK_INIT;
    int32_t outcome = (int32_t)(how % 6), got;
    check_live(pick);
    if (how & 128 && outcome == PEERAGE_OUTCOME_SUCCESS && ended_by_memory(pick)) {
        *pick = none;
        return;
    }
    if ((how & 96) == 96) {
        peerage_finish finish = PEERAGE_FINISH_INIT;
        finish.outcome = outcome;
        finish.latency_ns = latencies[how >> 4 & 3];
        finish.in_flight = (int64_t)(how & 15) - 1;
        got = peerage_pick_finish_with(pick, &finish);
    } else if (how & 64)
        got = peerage_pick_finish_timed(pick, outcome, latencies[how >> 4 & 3]);
    else
        got = peerage_pick_finish(pick, outcome);
    CHECK(got == PEERAGE_OK && pick->opaque[0] == 0);
}

static int free_place(const thread *t)
{
    int i = 0;
    while (i < PICKS && t->live[i])
        i++;
    return i;
}

static uint64_t own_number(void)
{
    return (uint64_t)take(&self()->bytes) << 24 | (uint64_t)take(&self()->bytes) << 56;
}

static int32_t choose_without_call(const peerage_chooser *chooser, const peerage_request *request,
                                   peerage_pick *pick)
{
    peerage_memory memory;
    if (peerage_chooser_memory(chooser, &memory, sizeof memory) == PEERAGE_OK &&
        take_by_memory(&memory, own_number, pick))
        return PEERAGE_OK;
    return peerage_chooser_try_choose(chooser, request, pick);
}

void begin_request(thread *t, unsigned i)
{
    static const int64_t timeouts[] = {0, 1, 20000, 300000};
    unsigned b = take(&t->bytes), token = b >> 6 & 1;
    const peerage_chooser *chooser = t->choosers[i];
    const peerage_cancel *cancel = b & 32 ? t->tokens[token] : NULL;
    peerage_request request = PEERAGE_REQUEST_INIT;
    peerage_str avoid[1];
    peerage_pick pick;
    int place;
    int32_t got;
    request.shard_key = name_text(b >> 2);
    avoid[0] = name_text(b >> 4);
    request.avoid = avoid;
    request.avoid_len = b >> 7;
    if ((b & 24) == 24) {
        SET(s.prefers, 1);
        request.prefer = name_text(b >> 5);
    }
    if (free_place(t) == PICKS)
        return;
    if (b % 16 == 12)
        got = choose_without_call(chooser, &request, &pick);
    else if (b & 3)
        got = peerage_chooser_choose(chooser, &request, timeouts[b & 3], cancel, &pick);
    else
        got = peerage_chooser_try_choose(chooser, &request, &pick);
    if (got != PEERAGE_OK) {
        CHECK(got <= PEERAGE_ERR_NO_PEER && got != PEERAGE_ERR_PANIC);
        return;
    }
    check_live(&pick);
    /* Calls from inside may have filled every place. */
    place = free_place(t);
    if (place == PICKS) {
        end_pick(&pick, PEERAGE_OUTCOME_NOT_SENT);
        return;
    }
    t->picks[place] = pick;
    t->live[place] = 1;
}

void end_request(thread *t)
{
    unsigned b = take(&t->bytes), i = b % PICKS;
    peerage_pick pick = t->picks[i];
    if (!t->live[i])
        return;
    /* Out of the way of calls from inside. */
    t->live[i] = 0;
    end_pick(&pick, b);
}

/* Gives a pick to another thread, and takes what was left for this one. */
void hand_pick(thread *t)
{
    unsigned b = take(&t->bytes), i = b % PICKS, at = (b >> 2) % HANDED;
    peerage_pick *given = NULL, *taken;
    if (t->live[i]) {
        given = malloc(sizeof *given);
        CHECK(given);
        *given = t->picks[i];
        t->live[i] = 0;
    }
    taken = SWAP(s.picks[at], given);
    if (taken) {
        t->picks[i] = *taken;
        t->live[i] = 1;
        free(taken);
    }
}
