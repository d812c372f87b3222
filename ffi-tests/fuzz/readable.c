/* The descriptor of a chooser: readable while a peer can be chosen, and for good once it stopped. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <poll.h>

#include "world.h"

static int is_readable(int fd)
{
    struct pollfd look;
    look.fd = fd;
    look.events = POLLIN;
    look.revents = 0;
    CHECK(poll(&look, 1, 0) >= 0);
    CHECK((look.revents & ~POLLIN) == 0);
    return look.revents != 0;
}

void check_readable(const chooser *c)
{
    peerage_stats stats;
    int ready;
    if (!c->has_fd || !c->refs || w.depth || c->busy || c->may_fail)
        return;
    ready = is_readable(c->fd);
    ONE_OF(peerage_chooser_stats(c->handle, &stats, sizeof stats), PEERAGE_OK);
    CHECK(ready == (stats.state == PEERAGE_STATE_STOPPED ||
                    (stats.state == PEERAGE_STATE_RUNNING && stats.available > 0)));
    if (c->certain)
        CHECK(ready == (c->state == STOPPED || (c->state == RUNNING && available(c))));
}

void open_descriptor(void)
{
    chooser *c = any_chooser();
    unsigned b = take(&w.bytes);
    unsigned long entered = w.entered;
    int32_t fd = -77, got;
    peerage_error *err, **errp = maybe_err(&err);
    got = peerage_chooser_ready_fd(c ? c->handle : NULL, b >= 250 ? NULL : &fd, errp);
    CHECK(w.entered == entered);
    if (!c || b >= 250) {
        ONE_OF(got, PEERAGE_ERR_NULL_POINTER);
    } else if (c->direct) {
        ONE_OF(got, PEERAGE_ERR_UNSUPPORTED);
    } else {
        ONE_OF(got, PEERAGE_OK);
        CHECK(fd >= 0 && (!c->has_fd || c->fd == fd));
        c->fd = fd;
        c->has_fd = 1;
        check_readable(c);
    }
    CHECK(got == PEERAGE_OK || fd == -77);
    check_err(&err, got);
}

/* Each is closed with its chooser, and what else was opened since is closed too. */
void check_closed(const chooser *c)
{
    if (c->has_fd)
        CHECK(fcntl(c->fd, F_GETFD) == -1);
}
