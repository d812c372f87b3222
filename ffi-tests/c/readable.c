/*
 * A descriptor that is readable while a peer can be chosen: watched with poll, and, where there is
 * one, by a loop around epoll that serves its requests without a thread of the library's.
 */
#include "fake.h"
#include <poll.h>
#include <pthread.h>
#ifdef __linux__
#include <sys/epoll.h>
#endif

static int readable(int fd, int timeout_ms)
{
    struct pollfd watched = { 0, POLLIN, 0 };
    int n;
    watched.fd = fd;
    n = poll(&watched, 1, timeout_ms);
    CHECK(n >= 0 && (n == 0 || watched.revents == POLLIN));
    return n;
}

static int descriptor(const peerage_chooser *chooser)
{
    int32_t fd;
    IS(peerage_chooser_ready_fd(chooser, &fd, NULL), PEERAGE_OK);
    return fd;
}

static void levels(void)
{
    fake self = FAKE_SILENT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_chooser *chooser;
    peerage_pick pick;
    int fd;
    opts.policy = text("random");
    chooser = idle_with(&self, opts);

    fd = descriptor(chooser);
    CHECK(descriptor(chooser) == fd && !readable(fd, 0));
    add(chooser, "a:1");
    IS(peerage_chooser_start(chooser, NULL), PEERAGE_OK);
    CHECK(!readable(fd, 0));
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    CHECK(readable(fd, 0) && readable(fd, 0));
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(readable(fd, 0));
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_CONNECTING), PEERAGE_OK);
    CHECK(!readable(fd, 0));
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_EJECTED, 1, NULL),
       PEERAGE_OK);
    CHECK(!readable(fd, 0));
    IS(peerage_chooser_set_reason(chooser, text("a:1"), PEERAGE_REASON_EJECTED, 0, NULL),
       PEERAGE_OK);
    CHECK(readable(fd, 0));
    discard(chooser, "a:1");
    CHECK(!readable(fd, 0));
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    CHECK(readable(fd, 0));
    end(chooser, &self);
}

/* What was there before the first call is shown by it. */
static void late(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "round-robin");
    add(chooser, "a:1");
    CHECK(readable(descriptor(chooser), 0));
    end(chooser, &self);
}

static void refused(void)
{
    fake self = FAKE_PUSHES;
    const peerage_chooser *chooser = chooser_of(&self, "direct");
    peerage_error *err = NULL;
    int32_t fd;
    FILL(fd);
    IS(peerage_chooser_ready_fd(chooser, &fd, &err), PEERAGE_ERR_UNSUPPORTED);
    UNTOUCHED(fd);
    CHECK(strstr(peerage_error_message(err).ptr, "direct"));
    peerage_error_free(err);
    end(chooser, &self);
}

static void *flap(void *peer)
{
    int n;
    for (n = 0; n < 2000; n++)
        IS(peerage_peer_set_status(peer, n % 2 ? PEERAGE_CONNECTION_AVAILABLE
                                               : PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    return NULL;
}

/* Threads that change the level at once leave the right one. */
static void raced(void)
{
    enum { THREADS = 3 };
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "random");
    const peerage_peer *peers[THREADS];
    pthread_t threads[THREADS];
    char name[] = "a:1";
    int n;
    for (n = 0; n < THREADS; n++) {
        name[0] = (char)('a' + n);
        add(chooser, name);
        peers[n] = self.last;
    }
    for (n = 0; n < THREADS; n++)
        CHECK(pthread_create(&threads[n], NULL, flap, (void *)peers[n]) == 0);
    CHECK(readable(descriptor(chooser), 10000));
    for (n = 0; n < THREADS; n++)
        CHECK(pthread_join(threads[n], NULL) == 0);
    CHECK(readable(descriptor(chooser), 0));
    for (n = 0; n < THREADS; n++)
        IS(peerage_peer_set_status(peers[n], PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
    CHECK(!readable(descriptor(chooser), 0));
    end(chooser, &self);
}

#ifdef __linux__
static void *connect_later(void *peer)
{
    IS(peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE), PEERAGE_OK);
    return NULL;
}

/* An event loop: it watches the descriptor while it has requests to send. */
static void loop(void)
{
    fake self = FAKE_SILENT;
    const peerage_chooser *chooser = chooser_of(&self, "two-random-choices");
    struct epoll_event watched, came;
    int loop = epoll_create1(EPOLL_CLOEXEC), fd = descriptor(chooser), unsent = 100;
    pthread_t connecting;
    CHECK(loop >= 0);
    memset(&watched, 0, sizeof watched);
    watched.events = EPOLLIN;
    CHECK(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &watched) == 0);
    add(chooser, "a:1");
    CHECK(pthread_create(&connecting, NULL, connect_later, (void *)self.last) == 0);
    while (unsent > 0) {
        peerage_pick pick;
        CHECK(epoll_wait(loop, &came, 1, 10000) == 1);
        while (unsent > 0 && peerage_chooser_try_choose(chooser, NULL, &pick) == PEERAGE_OK) {
            IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
            unsent--;
        }
    }
    /* Nothing more to send. */
    CHECK(epoll_ctl(loop, EPOLL_CTL_DEL, fd, NULL) == 0);
    CHECK(epoll_wait(loop, &came, 1, 0) == 0);
    CHECK(pthread_join(connecting, NULL) == 0);
    close(loop);
    end(chooser, &self);
}
#endif

int main(void)
{
    watchdog(60);
    levels();
    late();
    refused();
    raced();
#ifdef __linux__
    loop();
#endif
    return 0;
}
