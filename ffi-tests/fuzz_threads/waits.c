/* Waiting without a thread, and what ends waits. */
#define _POSIX_C_SOURCE 200809L
#include "shared.h"

#include <poll.h>

void wait_for_notice(thread *t, unsigned i)
{
    unsigned b = take(&t->bytes);
    peerage_request request = PEERAGE_REQUEST_INIT;
    context *c = new_shared_context(NOTICE, 1);
    uint64_t number = 0;
    request.shard_key = name_text(b);
    c->chooser = i;
    CHECK(peerage_chooser_notify_ready(t->choosers[i], b & 8 ? &request : NULL, hear_ready, c,
                                       hear_last, &number) == PEERAGE_OK);
    /* It was called, or another thread is about to. */
    if (number == 0)
        return;
    /* For any thread to take back. */
    c->number = number;
    (void)SWAP(s.notices[(b >> 4) % HANDED], c);
}

void take_notice(thread *t)
{
    context *c = SWAP(s.notices[take(&t->bytes) % HANDED], NULL);
    const peerage_chooser *chooser = c ? t->choosers[c->chooser] : NULL;
    int32_t got;
    if (!chooser)
        return;
    got = peerage_chooser_notify_cancel(chooser, c->number);
    CHECK(got == PEERAGE_OK || got == PEERAGE_ERR_NOT_FOUND);
    if (got == PEERAGE_OK)
        CHECK(!c->ready && GET(c->dropped) == 1);
}

void use_token(thread *t)
{
    unsigned b = take(&t->bytes);
    const peerage_cancel *token = t->tokens[b & 1];
    const peerage_ask_again *ask_again = s.policy ? s.policy->ask_again : NULL;
    if (b & 128 && ask_again)
        CHECK(peerage_ask_again_trigger(ask_again) == PEERAGE_OK);
    if (!token)
        return;
    switch (b >> 1 & 7) {
    case 0: case 1: case 2:
        CHECK(peerage_cancel_trigger(token) == PEERAGE_OK);
        return;
    case 3: case 4: case 5: case 6:
        CHECK(peerage_cancel_reset(token) == PEERAGE_OK);
        return;
    default:
        /* This thread's reference; the others have theirs. From inside a callback the choice that it
         * waits with may be this thread's. */
        t->tokens[b & 1] = NULL;
        peerage_cancel_unref(token);
    }
}

void wait_for_drain(thread *t, unsigned i)
{
    int64_t timeout = t->depth ? 0 : (int64_t)(take(&t->bytes) % 4) * 20000;
    int32_t got = peerage_chooser_drain(t->choosers[i], timeout);
    CHECK(got == PEERAGE_OK || got == PEERAGE_ERR_TIMED_OUT);
}

void watch_descriptor(thread *t, unsigned i)
{
    struct pollfd look;
    int32_t fd = -1, got;
    int64_t next = -7;
    int before;
    CHECK(peerage_chooser_tick(t->choosers[i], take(&t->bytes) & 1 ? NULL : &next) == PEERAGE_OK);
    CHECK(next == -7 || next == PEERAGE_TIMEOUT_FOREVER || next >= 0);
    got = peerage_chooser_ready_fd(t->choosers[i], &fd, NULL);
    CHECK(got == (s.direct[i] ? PEERAGE_ERR_UNSUPPORTED : PEERAGE_OK));
    if (got != PEERAGE_OK)
        return;
    before = __atomic_exchange_n(&s.fds[i], fd + 1, __ATOMIC_RELAXED);
    CHECK(fd >= 0 && (before == 0 || before == fd + 1));
    look.fd = fd;
    look.events = POLLIN;
    look.revents = 0;
    CHECK(poll(&look, 1, 0) >= 0 && (look.revents & ~POLLIN) == 0);
}
