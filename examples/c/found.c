#include <arpa/inet.h>
#include <peerage.h>
#include <stdio.h>
#include <unistd.h>

static int request(peerage_str id) /* .. yours; here a line there and a line back */
{
    char host[64], line[64];
    int port, fd = socket(AF_INET, SOCK_STREAM, 0), n = sscanf(id.ptr, "%63[^:]:%d", host, &port);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int ok = n == 2 && inet_pton(AF_INET, host, &at.sin_addr) == 1 && connect(fd, (void *)&at, sizeof at) == 0 &&
             send(fd, "hello\n", 6, MSG_NOSIGNAL) == 6 && recv(fd, line, sizeof line, 0) > 0;
    return close(fd), printf("%s %s\n", id.ptr, ok ? "ok" : "lost"), ok;
}
int main(int argc, char **argv)
{
    const char *uri = argc > 1 ? argv[1] : "dns:users.internal:8080", *probe = "interval=1s,doubt-failures";
    peerage_chooser_opts opts = {sizeof opts, .policy = peerage_text("least-loaded")};
    const peerage_chooser *users;
    const peerage_updater *feed;
    peerage_error *error;
    peerage_pick pick;
    if (peerage_transport_probing_new(peerage_text(probe), &opts.transport, &error) ||
        peerage_chooser_new(&opts, &users, &error) || peerage_chooser_start(users, &error) ||
        peerage_updater_new(users, peerage_text(uri), &feed, &error) || peerage_updater_start(feed, &error))
        return fprintf(stderr, "%s\n", peerage_error_message(error).ptr), 1;
    for (;; usleep(10000))
        if (peerage_chooser_choose(users, NULL, INT64_C(5000000000), NULL, &pick) == PEERAGE_OK)
            peerage_pick_finish(&pick, request(peerage_pick_id(&pick)) ? PEERAGE_OUTCOME_SUCCESS : PEERAGE_OUTCOME_FAILURE);
}
