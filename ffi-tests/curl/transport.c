/*
 * How a peer goes from one state to the next:
 *
 *   retain                    a request failed
 *     │                  ┌─────────────────────────┐
 *     ▼    a probe       │                         ▼
 *   PROBED ──────────▶  UP                      FAILING
 *     ▲    succeeded                               │
 *     └────────────────────────────────────────────┘  said so
 *
 * The thread that takes a peer out of a state is the only one to report on it until it is in the next:
 * that of the request that failed first while it is FAILING, the prober while it is PROBED. So two reports
 * never overtake each other, although none is made with the lock held. (A report may call back:
 * a request that waits for a peer is sent from there.)
 */
#define _POSIX_C_SOURCE 200809L
#include "remote.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MS 1000000LL
static const int64_t first_pause = 10 * MS, longest_pause = 500 * MS;

struct http_transport {
    const peerage_transport *handle;
    pthread_mutex_t lock; /* of what follows, and of the remotes' state */
    pthread_cond_t changed;
    remote *remotes; /* those that are retained */
    int closed;
    pthread_t prober;
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 * MS + time.tv_nsec;
}

static void probe_after(remote *self, int64_t pause)
{
    self->state = PROBED;
    self->pause = pause;
    self->probe_at = now() + pause;
    pthread_cond_signal(&self->transport->changed);
}

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    static const char scheme[] = "http://";
    http_transport *self = ctx;
    remote *new = calloc(1, sizeof *new + sizeof scheme + id.len);
    if (!new)
        return 1;
    new->transport = self;
    new->peer = peer;
    memcpy(new->url, scheme, sizeof scheme - 1);
    memcpy(new->url + sizeof scheme - 1, id.ptr, id.len);
    peerage_peer_set_data(peer, new, free);
    peerage_peer_set_status(peer, PEERAGE_CONNECTION_CONNECTING);
    pthread_mutex_lock(&self->lock);
    new->next = self->remotes;
    self->remotes = new;
    probe_after(new, 0);
    pthread_mutex_unlock(&self->lock);
    return 0;
}

/* No request is under way to the peer; a probe may be, and keeps a reference. */
static void release(void *ctx, const peerage_peer *peer)
{
    http_transport *self = ctx;
    remote **place = &self->remotes;
    pthread_mutex_lock(&self->lock);
    while ((*place)->peer != peer)
        place = &(*place)->next;
    *place = (*place)->next;
    pthread_mutex_unlock(&self->lock);
}

static void drop(void *ctx)
{
    http_transport *self = ctx;
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

void remote_failed(remote *self)
{
    http_transport *transport = self->transport;
    int first;
    pthread_mutex_lock(&transport->lock);
    first = self->state == UP;
    if (first)
        self->state = FAILING;
    pthread_mutex_unlock(&transport->lock);
    if (!first)
        return;
    peerage_peer_set_status(self->peer, PEERAGE_CONNECTION_UNAVAILABLE);
    pthread_mutex_lock(&transport->lock);
    probe_after(self, first_pause);
    pthread_mutex_unlock(&transport->lock);
}

static size_t ignore(char *bytes, size_t size, size_t n, void *arg)
{
    (void)bytes, (void)arg;
    return size * n;
}

static int answers(CURL *curl, const char *url)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 300L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    return curl_easy_perform(curl) == CURLE_OK;
}

/* The remote to probe next. */
static remote *first_due(const http_transport *self)
{
    remote *due = NULL, *each;
    for (each = self->remotes; each; each = each->next)
        if (each->state == PROBED && (!due || each->probe_at < due->probe_at))
            due = each;
    return due;
}

static void wait_until(http_transport *self, int64_t time)
{
    struct timespec end;
    end.tv_sec = (time_t)(time / (1000 * MS));
    end.tv_nsec = (long)(time % (1000 * MS));
    pthread_cond_timedwait(&self->changed, &self->lock, &end);
}

/* One probe, without the lock. The reference keeps the remote, also when it is released. */
static void probe(http_transport *self, CURL *curl, remote *remote)
{
    const peerage_peer *peer = peerage_peer_ref(remote->peer);
    int64_t pause = remote->pause ? 2 * remote->pause : first_pause;
    int up;
    pthread_mutex_unlock(&self->lock);
    peerage_peer_set_status(peer, PEERAGE_CONNECTION_CONNECTING);
    up = answers(curl, remote->url);
    peerage_peer_set_status(peer, up ? PEERAGE_CONNECTION_AVAILABLE : PEERAGE_CONNECTION_UNAVAILABLE);
    pthread_mutex_lock(&self->lock);
    if (up)
        remote->state = UP;
    else
        probe_after(remote, pause < longest_pause ? pause : longest_pause);
    pthread_mutex_unlock(&self->lock);
    peerage_peer_unref(peer);
    pthread_mutex_lock(&self->lock);
}

/* One after the other, which is enough for a few peers; for many, use curl_multi. */
static void *probes(void *arg)
{
    http_transport *self = arg;
    CURL *curl = curl_easy_init();
    pthread_mutex_lock(&self->lock);
    while (curl && !self->closed) {
        remote *due = first_due(self);
        if (!due)
            pthread_cond_wait(&self->changed, &self->lock);
        else if (due->probe_at > now())
            wait_until(self, due->probe_at);
        else
            probe(self, curl, due);
    }
    pthread_mutex_unlock(&self->lock);
    curl_easy_cleanup(curl);
    return NULL;
}

http_transport *http_transport_new(void)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    pthread_condattr_t monotonic;
    http_transport *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    ops.retain = retain;
    ops.release = release;
    ops.drop = drop; /* from now on it is what frees `self` */
    if (peerage_transport_new(&ops, self, &self->handle, NULL) != PEERAGE_OK)
        return NULL;
    if (pthread_create(&self->prober, NULL, probes, self) != 0) {
        peerage_transport_unref(self->handle);
        return NULL;
    }
    return self;
}

const peerage_transport *http_transport_handle(const http_transport *transport)
{
    return transport->handle;
}

void http_transport_close(http_transport *self)
{
    pthread_mutex_lock(&self->lock);
    self->closed = 1;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->prober, NULL);
    peerage_transport_unref(self->handle);
}
