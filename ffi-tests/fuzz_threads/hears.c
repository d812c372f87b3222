/* What the library calls, on any of the threads: each callback checks what must hold in any order, and
 * perhaps makes calls of its own. */
#include "shared.h"

static context *enter_shared(void *ctx, kind kind)
{
    context *c = ctx;
    CHECK(c && c->kind == kind && !GET(c->dropped));
    ADD(c->active, 1);
    return c;
}

static void leave_shared(context *c)
{
    CHECK(c->kind != GONE);
    ADD(c->active, -1);
}

void hear_last(void *ctx)
{
    context *c = ctx;
    CHECK(c && c->drops && c->kind != GONE && GET(c->active) == 0);
    CHECK(ADD(c->dropped, 1) == 1);
    if (c->kind == POLICY)
        CHECK(c->inside == 0 &&
              (c->chosen == c->told || (GET(s.prefers) && c->chosen < c->told)));
    c->kind = GONE;
    call_from_inside();
}

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    context *c = enter_shared(ctx, TRANSPORT);
    unsigned what = take(&self()->bytes);
    int i = ADD(s.records_len, 1) - 1;
    record *r = i < RECORDS ? &s.records[i] : NULL;
    int32_t refused = !r || what % 8 == 7;
    CHECK(id.ptr && id.ptr[id.len] == '\0');
    CHECK(!record_of(peer, HELD) && !record_of(peer, LEAVING));
    CHECK(peerage_peer_status(peer) == PEERAGE_CONNECTION_UNAVAILABLE);
    if (r) {
        SET(r->handle, peer);
        SET(r->standing, ASKED);
        if (!s.plan.changes_data)
            CHECK(peerage_peer_set_data(peer, r, NULL) == PEERAGE_OK);
        if (s.plan.keeps)
            /* The others take it from there. */
            __atomic_store_n(&r->kept, peerage_peer_ref(peer), __ATOMIC_RELEASE);
    }
    if (what & 8)
        CHECK(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE) == PEERAGE_OK);
    call_from_inside();
    if (r)
        SET(r->standing, refused ? REFUSED : HELD);
    leave_shared(c);
    return refused;
}

static void release(void *ctx, const peerage_peer *peer)
{
    context *c = enter_shared(ctx, TRANSPORT);
    record *r = record_of(peer, HELD);
    CHECK(r && r->released == 0);
    CHECK(GET(r->requests) == 0);
    SET(r->standing, LEAVING);
    r->released = 1;
    CHECK(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE) == PEERAGE_ERR_GONE);
    call_from_inside();
    SET(r->standing, LEFT);
    leave_shared(c);
}

static void started(void *ctx, const peerage_peer *peer)
{
    context *c = enter_shared(ctx, TRANSPORT);
    record *r = record_of(peer, HELD);
    CHECK(r && !r->released);
    ADD(r->requests, 1);
    call_from_inside();
    leave_shared(c);
}

static void finished(void *ctx, const peerage_peer *peer, int32_t outcome)
{
    context *c = enter_shared(ctx, TRANSPORT);
    record *r = record_of(peer, HELD);
    CHECK(r && !r->released);
    CHECK(outcome >= PEERAGE_OUTCOME_SUCCESS && outcome <= PEERAGE_OUTCOME_ABANDONED);
    call_from_inside();
    CHECK(ADD(r->requests, -1) >= 0);
    leave_shared(c);
}

void hear_transport(peerage_transport_ops *ops, int hooks)
{
    ops->retain = retain;
    ops->release = release;
    ops->started = hooks ? started : NULL;
    ops->finished = hooks ? finished : NULL;
    ops->drop = hear_last;
}

/* A policy's callbacks take turns, also when one of them calls the library. */
static context *enter_turn(void *ctx)
{
    context *c = enter_shared(ctx, POLICY);
    CHECK(c->inside++ == 0);
    return c;
}

static void leave_turn(context *c)
{
    thread *t = self();
    t->in_policy++;
    call_from_inside();
    t->in_policy--;
    CHECK(c->inside-- == 1);
    leave_shared(c);
}

static void attached(void *ctx, const peerage_ask_again *ask_again)
{
    context *c = enter_turn(ctx);
    CHECK(!c->ask_again && c->keys_len == 0);
    c->ask_again = peerage_ask_again_ref(ask_again);
    leave_turn(c);
}

static int key_at(const context *c, uint64_t key)
{
    int i = 0;
    while (i < c->keys_len && c->keys[i] != key)
        i++;
    return i;
}

static void available(void *ctx, const peerage_peer_info *peer)
{
    context *c = enter_turn(ctx);
    CHECK(peer->id.ptr && peer->weight >= 1 && key_at(c, peer->key) == c->keys_len);
    CHECK(c->keys_len < KEYS);
    c->keys[c->keys_len++] = peer->key;
    leave_turn(c);
}

static void unavailable(void *ctx, uint64_t key)
{
    context *c = enter_turn(ctx);
    int i = key_at(c, key);
    CHECK(i < c->keys_len);
    c->keys[i] = c->keys[--c->keys_len];
    leave_turn(c);
}

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    context *c = enter_turn(ctx);
    unsigned what = take(&self()->bytes);
    int32_t answer = PEERAGE_CHOICE_MADE;
    CHECK(request && out);
    if (c->keys_len && what % 8 != 7) {
        *out = c->keys[what % (unsigned)c->keys_len];
        c->chosen++;
    } else {
        *out = 2; /* for the answer that needs a number */
        answer = 1 + (int32_t)(what >> 3) % 6;
    }
    leave_turn(c);
    return answer;
}

static void policy_finished(void *ctx, uint64_t key, int32_t outcome, int64_t latency_ns)
{
    context *c = enter_turn(ctx);
    (void)key;
    CHECK(outcome >= PEERAGE_OUTCOME_SUCCESS && outcome <= PEERAGE_OUTCOME_ABANDONED);
    CHECK(latency_ns >= PEERAGE_LATENCY_UNKNOWN && (c->told < c->chosen || GET(s.prefers)));
    c->told++;
    leave_turn(c);
}

void hear_policy(peerage_policy_ops *ops, unsigned which)
{
    ops->attached = attached;
    ops->available = available;
    ops->unavailable = unavailable;
    ops->choose = choose;
    ops->finished = policy_finished;
    ops->drop = hear_last;
    ops->watches = which & (PEERAGE_WATCH_LATENCY | PEERAGE_WATCH_PLACES);
}

void hear_line(void *ctx, int32_t level, peerage_str line)
{
    context *c = enter_shared(ctx, LOG);
    CHECK(level >= PEERAGE_LOG_ERROR && level <= PEERAGE_LOG_DEBUG);
    CHECK(line.len > 0 && strlen(line.ptr) == line.len && !strchr(line.ptr, '\n'));
    call_from_inside();
    leave_shared(c);
}

void hear_ready(void *ctx, int32_t status)
{
    context *c = enter_shared(ctx, NOTICE);
    CHECK(status == PEERAGE_OK || status == PEERAGE_ERR_STOPPED ||
          status == PEERAGE_ERR_QUEUE_FULL);
    CHECK(c->ready++ == 0);
    call_from_inside();
    leave_shared(c);
}
