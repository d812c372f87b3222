/*
 * The child of a fork has a copy of everything, if no other thread was inside the library: choosers,
 * peers and requests in flight, which each process ends for itself. If one was, the child may do no
 * more than exec. The one thing that both share is a descriptor.
 */
#include "child.h"
#include "fake.h"
#include <poll.h>
#include <pthread.h>

static fake self = FAKE_PUSHES;
static const peerage_chooser *chooser;

static void nothing(void *none) { (void)none; }

static void everything(void *pick)
{
    peerage_pick other;
    fake another = FAKE_SILENT;
    const peerage_chooser *new_one = chooser_of(&another, "two-random-choices");
    CHECK(stats_of(chooser).pending == 1);
    IS(peerage_pick_finish(pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    CHECK(stats_of(chooser).pending == 0);
    add(chooser, "of-the-child:1");
    discard(chooser, "a:1");
    CHECK(strcmp(chosen(chooser, NULL), "of-the-child:1") == 0);
    discard(chooser, "of-the-child:1");
    IS(peerage_chooser_choose(chooser, NULL, 1000000, NULL, &other), PEERAGE_ERR_TIMED_OUT);
    IS(peerage_chooser_choose(new_one, NULL, 1000000, NULL, &other), PEERAGE_ERR_TIMED_OUT);
    end(new_one, &another);
    IS(peerage_chooser_stop(chooser, NULL), PEERAGE_OK);
    end(chooser, &self);
}

/* Threads may be there, as long as they are outside. */
typedef struct bystander {
    pthread_t thread;
    pthread_barrier_t begun, over;
} bystander;

static void *has_used_it(void *ctx)
{
    bystander *it = ctx;
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    pthread_barrier_wait(&it->begun);
    pthread_barrier_wait(&it->over);
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
    return NULL;
}

static void each_has_its_own(void)
{
    bystander it;
    peerage_pick pick;
    CHECK(pthread_barrier_init(&it.begun, NULL, 2) == 0);
    CHECK(pthread_barrier_init(&it.over, NULL, 2) == 0);
    CHECK(pthread_create(&it.thread, NULL, has_used_it, &it) == 0);
    pthread_barrier_wait(&it.begun);
    IS(peerage_chooser_try_choose(chooser, NULL, &pick), PEERAGE_OK);
    in_child(everything, &pick);
    CHECK(stats_of(chooser).pending == 1 && stats_of(chooser).available == 1);
    IS(peerage_pick_finish(&pick, PEERAGE_OUTCOME_SUCCESS), PEERAGE_OK);
    pthread_barrier_wait(&it.over);
    CHECK(pthread_join(it.thread, NULL) == 0);
    CHECK(pthread_barrier_destroy(&it.begun) == 0 && pthread_barrier_destroy(&it.over) == 0);
}

static int enough;

static void *updates(void *arg)
{
    while (!__sync_fetch_and_add(&enough, 0)) {
        add(chooser, "b:1");
        discard(chooser, "b:1");
    }
    return arg;
}

static void *waits(void *arg)
{
    fake none = FAKE_SILENT;
    const peerage_chooser *empty = chooser_of(&none, "round-robin");
    peerage_pick pick;
    while (!__sync_fetch_and_add(&enough, 0))
        IS(peerage_chooser_choose(empty, NULL, 1000000, NULL, &pick), PEERAGE_ERR_TIMED_OUT);
    end(empty, &none);
    return arg;
}

static void the_child_of_a_busy_process_may_exec(void)
{
    pthread_t threads[2];
    int i;
    CHECK(pthread_create(&threads[0], NULL, updates, NULL) == 0);
    CHECK(pthread_create(&threads[1], NULL, waits, NULL) == 0);
    for (i = 0; i < 20; i++)
        in_child(nothing, NULL);
    __sync_fetch_and_add(&enough, 1);
    for (i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static int readable(int fd)
{
    struct pollfd look = { 0, POLLIN, 0 };
    look.fd = fd;
    return poll(&look, 1, 0) == 1;
}

static void goes_down(void *none)
{
    (void)none;
    IS(peerage_peer_set_status(self.last, PEERAGE_CONNECTION_UNAVAILABLE), PEERAGE_OK);
}

/* So a chooser that was asked for it is used in one of the two only. */
static void the_descriptor_is_shared(void)
{
    int fd;
    IS(peerage_chooser_ready_fd(chooser, &fd, NULL), PEERAGE_OK);
    CHECK(readable(fd));
    in_child(goes_down, NULL);
    CHECK(!readable(fd));
    CHECK(strcmp(chosen(chooser, NULL), "a:1") == 0);
}

static int answers[2];

/* Tells the parent which peer is first. */
static void answer(void *ctx)
{
    const char *id = chosen(ctx, NULL);
    CHECK(write(answers[1], id, strlen(id) + 1) == (ssize_t)strlen(id) + 1);
}

/* Where whose turn it is is no matter of chance, it is the same peer's in every process. */
static void children_begin_with_the_same_peer(const char *policy)
{
    static const char *const names[] = { "a:1", "b:1", "c:1" };
    fake another = FAKE_PUSHES;
    const peerage_chooser *turns = chooser_of(&another, policy);
    char ids[2][4];
    int i, round;
    CHECK(pipe(answers) == 0);
    for (i = 0; i < 3; i++)
        add(turns, names[i]);
    for (round = 0; round < 4; round++) {
        for (i = 0; i < 2; i++) {
            in_child(answer, (void *)(size_t)turns);
            CHECK(read(answers[0], ids[i], sizeof ids[i]) == sizeof ids[i]);
        }
        CHECK(strcmp(ids[0], ids[1]) == 0 && strcmp(ids[0], chosen(turns, NULL)) == 0);
    }
    CHECK(close(answers[0]) == 0 && close(answers[1]) == 0);
    end(turns, &another);
}

int main(void)
{
    watchdog(60);
    chooser = chooser_of(&self, "random");
    add(chooser, "a:1");
    each_has_its_own();
    the_child_of_a_busy_process_may_exec();
    /* So that it is the peer that was retained last. */
    discard(chooser, "a:1");
    add(chooser, "a:1");
    the_descriptor_is_shared();
    children_begin_with_the_same_peer("round-robin");
    children_begin_with_the_same_peer("weighted-round-robin");
    children_begin_with_the_same_peer("fewest-pending-requests");
    end(chooser, &self);
    return 0;
}
