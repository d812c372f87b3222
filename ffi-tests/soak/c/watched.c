/*
 * A transport of the client's own: a thread for each peer, which connects ten times a second.
 *
 * The transport that probes never takes the last peer out, so with it hardly a caller waits. This one
 * reports what it sees: when all servers are down, there is no peer.
 */
#define _DEFAULT_SOURCE
#include "soak.h"

#include <pthread.h>
#include <unistd.h>

/* Until the peer is gone. */
static void *watch(void *arg)
{
    const peerage_peer *peer = arg;
    peerage_connection status;
    do {
        int fd;
        usleep(100000);
        fd = link_dial(peerage_peer_id(peer).ptr);
        status = fd >= 0 ? PEERAGE_CONNECTION_AVAILABLE : PEERAGE_CONNECTION_UNAVAILABLE;
        if (fd >= 0)
            close(fd);
    } while (peerage_peer_set_status(peer, status) == PEERAGE_OK);
    peerage_peer_unref(peer);
    return NULL;
}

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    pthread_t thread;
    (void)ctx, (void)id;
    if (pthread_create(&thread, NULL, watch, (void *)peerage_peer_ref(peer)) != 0) {
        peerage_peer_unref(peer);
        return 1;
    }
    return pthread_detach(thread);
}

static void release(void *ctx, const peerage_peer *peer)
{
    (void)ctx, (void)peer; /* its thread hears that it is gone */
}

peerage_status watched_new(const peerage_transport **out, peerage_error **error)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    ops.retain = retain;
    ops.release = release;
    return peerage_transport_new(&ops, NULL, out, error);
}
