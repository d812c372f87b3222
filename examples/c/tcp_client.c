#include <netdb.h>
#include <peerage.h>
#include <stdio.h>
#include <unistd.h>
/* What a peer carries: its connection, or 0. */
static struct link { const peerage_peer *peer; int fd; } links[16], *end = links;
static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    end->peer = peer;
    return peerage_peer_set_data(peer, end++, NULL);
}
static void release(void *ctx, const peerage_peer *peer) {}
static void connect_if_not(struct link *to)
{
    char host[256], port[8];
    struct addrinfo *at;
    if (to->fd || sscanf(peerage_peer_id(to->peer).ptr, "%255[^:]:%7s", host, port) != 2 ||
        getaddrinfo(host, port, NULL, &at) != 0)
        return;
    to->fd = socket(at->ai_family, SOCK_STREAM, 0);
    if (connect(to->fd, at->ai_addr, at->ai_addrlen) == 0)
        peerage_peer_set_status(to->peer, PEERAGE_CONNECTION_AVAILABLE);
    else
        close(to->fd), to->fd = 0;
    freeaddrinfo(at);
}
static void request(peerage_pick *pick)
{
    struct link *to = peerage_pick_data(pick);
    char text[256];
    ssize_t n = send(to->fd, "hello\n", 6, MSG_NOSIGNAL) == 6 ? recv(to->fd, text, 255, 0) : 0;
    printf("%s %.*s", peerage_pick_id(pick).ptr, n > 0 ? (int)n : 5, n > 0 ? text : "lost\n");
    if (n <= 0) /* no more requests to it: the outcome of this one does not say so */
        peerage_peer_set_status(to->peer, PEERAGE_CONNECTION_UNAVAILABLE), close(to->fd), to->fd = 0;
    peerage_pick_finish(pick, n > 0 ? PEERAGE_OUTCOME_SUCCESS : PEERAGE_OUTCOME_FAILURE);
}
int main(int argc, char **argv)
{
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_error *error;
    peerage_member peers[16];
    int n;
    for (n = 0; n < 16 && n < argc - 1; n++)
        peers[n] = peerage_member_of(argv[n + 1]);
    ops.retain = retain, ops.release = release;
    opts.policy = peerage_text("round-robin");
    if (peerage_transport_new(&ops, NULL, &opts.transport, &error) ||
        peerage_chooser_new(&opts, &chooser, &error) || peerage_chooser_start(chooser, &error) ||
        peerage_chooser_update(chooser, peers, n, NULL, 0, &error))
        return fprintf(stderr, "%s\n", peerage_error_message(error).ptr), 1;
    for (peerage_pick pick;; usleep(50000)) {
        for (struct link *each = links; each < end; each++)
            connect_if_not(each);
        if (peerage_chooser_try_choose(chooser, NULL, &pick) == PEERAGE_OK)
            request(&pick);
    }
}
