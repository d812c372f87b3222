/* What the library calls: each callback checks that it may be called now, and perhaps makes calls
 * of its own. */
#include "world.h"

static context *enter(void *ctx, kind kind)
{
    context *c = ctx;
    CHECK(c && c->kind == kind && !c->dropped && !c->refused);
    w.entered++;
    c->active++;
    return c;
}

static void leave(context *c) { c->active--; }

void last_call(void *ctx)
{
    context *c = ctx;
    const peer *p;
    CHECK(c && c->drops && !c->dropped && !c->active);
    c->dropped = 1;
    w.entered++;
    if (c->kind == TRANSPORT)
        for (p = w.peers; p; p = p->next)
            CHECK(p->transport != c || !(p->retained || p->retaining || p->releasing));
    if (c->kind == POLICY)
        CHECK(c->chosen == c->told || (w.prefers && c->chosen < c->told));
    if (c->kind == NOTICE && w.any_notice_of && c->chooser == w.any_notice_of && !c->number)
        c->taking_back = 1;
    if (c->kind == NOTICE)
        CHECK(c->ready || c->taking_back || c->asking);
    meddle();
}

static int32_t retain(void *ctx, const peerage_peer *handle, peerage_str id)
{
    context *c = enter(ctx, TRANSPORT);
    peer *p;
    unsigned what = take(&w.bytes);
    check_text(id);
    CHECK(handle && !peer_of(handle));
    p = calloc(1, sizeof *p);
    CHECK(p);
    p->handle = handle;
    p->transport = c;
    p->id = id_of(id);
    p->retaining = 1;
    p->next = w.peers;
    w.peers = p;
    CHECK(peerage_peer_status(handle) == PEERAGE_CONNECTION_UNAVAILABLE);
    if ((what & 3) < 2)
        push(p, PEERAGE_CONNECTION_AVAILABLE);
    else if ((what & 3) == 2)
        push(p, PEERAGE_CONNECTION_CONNECTING);
    meddle();
    p->retaining = 0;
    leave(c);
    if ((what >> 2 & 7) == 7) {
        w.refusals[p->id]++;
        return 1 + (int32_t)(what >> 5);
    }
    p->retained = 1;
    return 0;
}

static void release(void *ctx, const peerage_peer *handle)
{
    context *c = enter(ctx, TRANSPORT);
    peer *p = peer_of(handle);
    CHECK(p && p->retained && !p->releasing && p->transport == c && p->picks == 0);
    CHECK(p->requests == 0);
    p->releasing = 1;
    push(p, PEERAGE_CONNECTION_AVAILABLE);
    meddle();
    p->retained = p->releasing = 0;
    p->left = w.now;
    leave(c);
}

static void started(void *ctx, const peerage_peer *handle)
{
    context *c = enter(ctx, TRANSPORT);
    peer *p = peer_of(handle);
    CHECK(p && p->retained && !p->releasing && p->transport == c);
    p->requests += c->hooks;
    meddle();
    leave(c);
}

static void finished(void *ctx, const peerage_peer *handle, int32_t outcome)
{
    context *c = enter(ctx, TRANSPORT);
    peer *p = peer_of(handle);
    CHECK(p && p->retained && !p->releasing && p->transport == c);
    CHECK(w.finishing && w.finishing->peer == p && w.outcome == outcome);
    if (c->hooks)
        CHECK(p->requests-- > 0);
    meddle();
    leave(c);
}

void transport_callbacks(peerage_transport_ops *ops, unsigned hooks)
{
    ops->retain = retain;
    ops->release = release;
    ops->started = (hooks & 3) == 1 ? started : NULL;
    ops->finished = (hooks & 3) == 1 || (hooks & 3) == 2 ? finished : NULL;
    ops->drop = last_call;
}

static int key_at(const context *c, uint64_t key)
{
    int i = 0;
    while (i < c->keys_len && c->keys[i] != key)
        i++;
    return i;
}

/* A policy is called one call at a time, also by itself. */
static context *enter_policy(void *ctx)
{
    context *c = enter(ctx, POLICY);
    CHECK(c->inside++ == 0);
    return c;
}

static void leave_policy(context *c)
{
    c->inside--;
    leave(c);
}

static void attached(void *ctx, const peerage_ask_again *ask_again)
{
    context *c = enter_policy(ctx);
    CHECK(ask_again && !c->ask_again && c->keys_len == 0 && c->chosen == 0);
    c->ask_again = peerage_ask_again_ref(ask_again);
    meddle();
    leave_policy(c);
}

static void available_now(void *ctx, const peerage_peer_info *peer)
{
    context *c = enter_policy(ctx);
    int i;
    CHECK(peer->size == sizeof *peer && peer->reserved == 0);
    check_text(peer->id);
    id_of(peer->id);
    check_text(peer->shard);
    check_text(peer->zone);
    CHECK(peer->weight >= 1 && peer->weight <= 65535 && peer->tier <= 255);
    CHECK(is_of_an_about(peer->shard, peer->zone));
    CHECK(peer->pending <= PICKS + DEPTH);
    CHECK(c->keys_len < 64);
    for (i = 0; i < c->keys_len; i++)
        CHECK(peerage_key_index(c->keys[i]) != peerage_key_index(peer->key));
    c->keys[c->keys_len++] = peer->key;
    meddle();
    leave_policy(c);
}

static void unavailable(void *ctx, uint64_t key)
{
    context *c = enter_policy(ctx);
    int i = key_at(c, key);
    CHECK(i < c->keys_len);
    c->keys[i] = c->keys[--c->keys_len];
    meddle();
    leave_policy(c);
}

static int32_t choose(void *ctx, const peerage_request *request, uint64_t *out)
{
    context *c = enter_policy(ctx);
    const peerage_request *outer = w.lent;
    unsigned what = take(&w.bytes);
    int32_t answer = PEERAGE_CHOICE_MADE;
    CHECK(out);
    check_request(request);
    w.lent = request;
    meddle();
    w.lent = outer;
    if ((what & 7) == 7)
        *out = (uint64_t)what << (what >> 3);
    else if (c->keys_len && (what & 7) != 6)
        *out = c->keys[what % (unsigned)c->keys_len];
    else {
        answer = 1 + (int32_t)(what >> 3) % 8;
        if (answer == PEERAGE_CHOICE_TOO_FEW)
            *out = what >> 6;
        c->picky |= answer == PEERAGE_CHOICE_TOO_FEW || answer == PEERAGE_CHOICE_NOT_READY ||
                    answer == PEERAGE_CHOICE_NOT_THE_NAMED;
    }
    c->chosen += answer == PEERAGE_CHOICE_MADE;
    leave_policy(c);
    return answer;
}

static void policy_finished(void *ctx, uint64_t key, int32_t outcome, int64_t latency_ns)
{
    context *c = enter_policy(ctx);
    CHECK(latency_ns >= PEERAGE_LATENCY_UNKNOWN);
    CHECK(c->watches & PEERAGE_WATCH_LATENCY || may_hear(latency_ns));
    (void)key;
    CHECK(outcome >= PEERAGE_OUTCOME_SUCCESS && outcome <= PEERAGE_OUTCOME_ABANDONED);
    CHECK(c->told < c->chosen || w.prefers);
    c->told++;
    meddle();
    leave_policy(c);
}

static int32_t choose_untold(void *ctx, const peerage_request *request, uint64_t *out)
{
    context *c = ctx;
    int32_t answer = choose(ctx, request, out);
    c->told += answer == 0;
    return answer;
}

void policy_callbacks(peerage_policy_ops *ops, int with_finished)
{
    ops->attached = attached;
    ops->available = available_now;
    ops->unavailable = unavailable;
    ops->choose = with_finished ? choose : choose_untold;
    ops->finished = with_finished ? policy_finished : NULL;
    ops->drop = last_call;
}

void log_line(void *ctx, int32_t level, peerage_str message)
{
    /* There is none if the options were cut before it. */
    context *c = ctx ? enter(ctx, LOG) : NULL;
    CHECK(level >= PEERAGE_LOG_ERROR && level <= PEERAGE_LOG_DEBUG && (!c || level <= c->level));
    check_text(message);
    CHECK(message.len > 0);
    meddle();
    if (c)
        leave(c);
}

void notice_ready(void *ctx, int32_t status)
{
    context *c = enter(ctx, NOTICE);
    ONE_OF(status, PEERAGE_OK, PEERAGE_ERR_STOPPED,
           c->asking && c->chooser && c->chooser->refuses ? PEERAGE_ERR_QUEUE_FULL : PEERAGE_OK);
    CHECK(!c->ready);
    c->ready = 1;
    meddle();
    leave(c);
}
