/* Why a choice found no peer: the sentence and the cause, for any way in which one may have ended. */
#include "world.h"

/* The cause that only the members leave. */
static int32_t cause_by_members(const chooser *c)
{
    int32_t cause = c->members ? PEERAGE_CAUSE_NONE_CONNECTED : PEERAGE_CAUSE_NO_PEERS;
    unsigned id;
    if (c->state != RUNNING)
        return PEERAGE_CAUSE_NO_PEERS;
    if (available(c))
        return PEERAGE_CAUSE_TOO_LATE;
    for (id = 0; id < IDS; id++) {
        const peer *p = c->members >> id & 1 ? retained_peer(c->transport, id) : NULL;
        if (p && p->status == PEERAGE_CONNECTION_AVAILABLE)
            cause = PEERAGE_CAUSE_SET_ASIDE;
    }
    return cause;
}

/* What must have come out if nothing else went on. */
static void check_cause(const chooser *c, const asked *a, int32_t status, int64_t waited,
                        int32_t cause)
{
    CHECK(cause >= PEERAGE_CAUSE_TOO_LATE && cause <= PEERAGE_CAUSE_BELOW_THRESHOLD);
    switch (status) {
    case PEERAGE_ERR_CANCELLED:
        CHECK(cause == (waited > 0 ? PEERAGE_CAUSE_CANCELLED : PEERAGE_CAUSE_CANCELLED_BEFORE));
        return;
    case PEERAGE_ERR_STOPPED: CHECK(cause == PEERAGE_CAUSE_STOPPED); return;
    case PEERAGE_ERR_NOT_RUNNING: CHECK(cause == PEERAGE_CAUSE_NOT_RUNNING); return;
    case PEERAGE_ERR_REJECTED: CHECK(cause == PEERAGE_CAUSE_NOT_RETAINED); return;
    case PEERAGE_ERR_QUEUE_FULL: CHECK(cause == PEERAGE_CAUSE_QUEUE_FULL); return;
    case PEERAGE_ERR_PANIC: CHECK(cause == PEERAGE_CAUSE_POLICY_PANICKED); return;
    case PEERAGE_ERR_INVALID_ARGUMENT:
    case PEERAGE_ERR_INVALID_UTF8: CHECK(cause == PEERAGE_CAUSE_INVALID_REQUEST); return;
    default: break;
    }
    if (w.depth == 0 && c->certain && !c->busy && !c->direct && !c->policy && a->plain &&
        !a->wrong)
        CHECK(cause == cause_by_members(c));
}

static void check_sentence(const char *text, size_t room, size_t len, size_t needed)
{
    size_t i;
    for (i = len; i < room; i++)
        CHECK(text[i] == 0x5a);
    CHECK(needed > 0);
    if (len == 0)
        return;
    CHECK(memchr(text, '\0', len));
    /* A cut never leaves half of a character, which has up to four bytes. */
    CHECK(needed < len ? strlen(text) == needed : strlen(text) + 4 >= len);
    CHECK(!strchr(text, '\n'));
}

void explain_choice(void)
{
    static const int32_t ends[] = {
        PEERAGE_ERR_NO_PEER, PEERAGE_ERR_TIMED_OUT, PEERAGE_ERR_CANCELLED, PEERAGE_ERR_STOPPED,
        PEERAGE_ERR_NOT_RUNNING, PEERAGE_ERR_REJECTED, PEERAGE_ERR_INVALID_ARGUMENT,
        PEERAGE_ERR_INVALID_UTF8, PEERAGE_ERR_PANIC, PEERAGE_OK, PEERAGE_ERR_QUEUE_FULL, 77,
    };
    static const int64_t waits[] = {PEERAGE_DID_NOT_WAIT, 0, 1, 1500, INT64_MAX, -2, INT64_MIN};
    char text[700];
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes), end = b % 12, wait = b / 12 % 7;
    size_t len = take(&w.bytes) * 3u, needed = 0;
    int no_text = len > 750, wrong;
    int32_t cause = -77, got;
    const asked *outer = w.asking;
    unsigned long now = ++w.now, entered = w.entered;
    asked a;
    if (len > sizeof text)
        len = sizeof text;
    ask(&a);
    memset(text, 0x5a, sizeof text);
    wrong = !c || no_text || ends[end] == 77 || ends[end] == PEERAGE_OK || waits[wait] < PEERAGE_DID_NOT_WAIT;
    /* A request that cannot be read is explained without. */
    w.asking = a.wrong ? NULL : &a;
    got = peerage_chooser_explain(c ? c->handle : NULL, ends[end], waits[wait], a.given,
                                  no_text ? NULL : text, len, &needed, b >= 252 ? NULL : &cause);
    w.asking = outer;
    /* A list that sets peers aside may find that the time of one is over. */
    CHECK((c && (c->policy || c->sets_aside)) || w.entered == entered);
    if (wrong) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_INVALID_ARGUMENT);
        CHECK(cause == -77 && needed == 0 && text[0] == 0x5a);
        return;
    }
    ONE_OF(got, PEERAGE_OK);
    check_sentence(text, sizeof text, len, needed);
    if (b < 252 && quiet(now))
        check_cause(c, &a, ends[end], waits[wait], cause);
}
