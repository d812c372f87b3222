/* Members, reasons, states, and what the transport reports of its peers. */
#include "shared.h"

static peerage_member any_member(unsigned b)
{
    peerage_member member = PEERAGE_MEMBER_INIT;
    member.id = name_text(b);
    if (b & 64) {
        member.weight = 1 + (b & 7);
        member.tier = b >> 3 & 1;
        member.shard = peerage_text(b & 16 ? "shard" : "");
        member.zone = peerage_text(b & 32 ? "eu-1" : "");
    }
    return member;
}

void change_members(thread *t, unsigned i)
{
    unsigned b = take(&t->bytes), n, add_len = b & 3, remove_len = b >> 2 & 1;
    const peerage_chooser *chooser = t->choosers[i];
    peerage_member add[3];
    peerage_str remove[1];
    int32_t got;
    for (n = 0; n < add_len; n++)
        add[n] = any_member(take(&t->bytes));
    if (remove_len)
        remove[0] = name_text(take(&t->bytes));
    switch (b >> 6) {
    case 0: case 1:
        got = peerage_chooser_update(chooser, add, add_len, remove, remove_len, NULL);
        CHECK(got == PEERAGE_OK || got == PEERAGE_ERR_ALREADY_IN_LIST || s.direct[i] ||
              got == PEERAGE_ERR_NOT_IN_LIST || got == PEERAGE_ERR_REJECTED);
        return;
    case 2:
        got = peerage_chooser_replace(chooser, add, add_len, NULL);
        CHECK(got == PEERAGE_OK || got == PEERAGE_ERR_REJECTED || s.direct[i]);
        return;
    default:
        got = peerage_chooser_set_reason(chooser, name_text(b & 7),
                                         PEERAGE_REASON_EJECTED << (b >> 3 & 1), b & 16, NULL);
        CHECK(got == PEERAGE_OK || got == PEERAGE_ERR_NOT_IN_LIST || s.direct[i]);
    }
}

/* Starts and stops wait for those of other threads, so not from inside: two threads would wait for
 * each other. */
void change_state(thread *t, unsigned i)
{
    unsigned b = take(&t->bytes);
    const peerage_chooser *chooser = t->choosers[i];
    int32_t got;
    if (t->depth)
        return;
    if (b % 8) {
        got = peerage_chooser_start(chooser, NULL);
        CHECK(got == PEERAGE_OK || got == PEERAGE_ERR_STOPPED || got == PEERAGE_ERR_REJECTED);
    } else {
        CHECK(peerage_chooser_stop(chooser, NULL) == PEERAGE_OK);
        /* If a callback has not given it back. */
        CHECK(t->choosers[i] != chooser || !peerage_chooser_is_running(chooser));
    }
}

static void change_data(const peerage_peer *peer, unsigned b)
{
    context *c = b & 1 ? new_shared_context(DATA, 1) : NULL;
    CHECK(peerage_peer_set_data(peer, c, c ? hear_last : NULL) == PEERAGE_OK);
}

static void report(const peerage_peer *peer, const record *r, unsigned b)
{
    int left = r && GET(r->standing) == LEFT;
    int32_t got;
    if (s.plan.changes_data && b & 128) {
        change_data(peer, b);
        return;
    }
    if (b & 32)
        CHECK(peerage_peer_report(peer, b >> 2) == PEERAGE_OK);
    got = peerage_peer_set_status(peer, (int32_t)(b >> 2) % 3);
    CHECK(got == PEERAGE_ERR_GONE || (got == PEERAGE_OK && !left));
    got = peerage_peer_status(peer);
    CHECK(got >= PEERAGE_CONNECTION_UNAVAILABLE && got <= PEERAGE_CONNECTION_AVAILABLE);
}

void report_peer(thread *t)
{
    unsigned b = take(&t->bytes), i = take(&t->bytes), len = (unsigned)GET(s.records_len);
    const peerage_peer **own = &t->peers[b & 1], *peer = *own;
    if (s.plan.keeps && b & 2 && len > 0) {
        const record *r = &s.records[i % (len < RECORDS ? len : RECORDS)];
        peer = __atomic_load_n(&r->kept, __ATOMIC_ACQUIRE);
        if (peer)
            report(peer, r, b);
    } else if (peer && b & 64) {
        *own = NULL;
        peerage_peer_unref(peer);
    } else if (peer) {
        peerage_peer_ref(peer);
        report(peer, NULL, b);
        peerage_peer_unref(peer);
    } else if (t->live[i % PICKS]) {
        *own = peerage_peer_ref(peerage_pick_peer(&t->picks[i % PICKS]));
    }
}
