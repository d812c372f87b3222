/*
 * A program that loads the library, uses it in a thread and unloads it before the thread ends: as one
 * does that loads a plugin which is linked with it. What the library left for the end of the thread
 * and for forks runs after dlclose, so its code has to be there still.
 *
 *   plugin LIBRARY [FLAGS OF dlopen]
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <peerage.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what)                                                          \
    do {                                                                     \
        if (!(what)) {                                                       \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);       \
            abort();                                                         \
        }                                                                    \
    } while (0)

/* POSIX lets the address of an object be that of a function, and ISO C has no way to say so. */
static void find(void *library, const char *name, void *function)
{
    *(void **)function = dlsym(library, name);
    CHECK(*(void **)function);
}

#define FIND(library, name) find(library, #name, &name##_)

static int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id)
{
    (void)ctx, (void)peer, (void)id;
    return 0;
}

static void release(void *ctx, const peerage_peer *peer) { (void)ctx, (void)peer; }

/* A random number, a start and a stop, and perhaps a wait: each leaves something else with a thread. */
static void use(void *library, int waits)
{
    peerage_status (*peerage_transport_new_)(const peerage_transport_ops *, void *,
                                             const peerage_transport **, peerage_error **);
    peerage_status (*peerage_chooser_new_)(const peerage_chooser_opts *, const peerage_chooser **,
                                           peerage_error **);
    peerage_status (*peerage_chooser_start_)(const peerage_chooser *, peerage_error **);
    peerage_status (*peerage_chooser_update_)(const peerage_chooser *, const peerage_member *, size_t,
                                              const peerage_str *, size_t, peerage_error **);
    peerage_status (*peerage_chooser_choose_)(const peerage_chooser *, const peerage_request *, int64_t,
                                              const peerage_cancel *, peerage_pick *);
    void (*peerage_chooser_unref_)(const peerage_chooser *);
    void (*peerage_transport_unref_)(const peerage_transport *);
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    const peerage_member member = peerage_member_of("a:1");
    const peerage_chooser *chooser;
    peerage_pick pick;
    FIND(library, peerage_transport_new);
    FIND(library, peerage_chooser_new);
    FIND(library, peerage_chooser_start);
    FIND(library, peerage_chooser_update);
    FIND(library, peerage_chooser_choose);
    FIND(library, peerage_chooser_unref);
    FIND(library, peerage_transport_unref);
    ops.retain = retain;
    ops.release = release;
    CHECK(peerage_transport_new_(&ops, NULL, &opts.transport, NULL) == PEERAGE_OK);
    opts.policy = peerage_text("random");
    CHECK(peerage_chooser_new_(&opts, &chooser, NULL) == PEERAGE_OK);
    peerage_transport_unref_(opts.transport);
    CHECK(peerage_chooser_start_(chooser, NULL) == PEERAGE_OK);
    CHECK(peerage_chooser_update_(chooser, &member, 1, NULL, 0, NULL) == PEERAGE_OK);
    if (waits)
        CHECK(peerage_chooser_choose_(chooser, NULL, 1000000, NULL, &pick) == PEERAGE_ERR_TIMED_OUT);
    else
        CHECK(peerage_chooser_choose_(chooser, NULL, 0, NULL, &pick) == PEERAGE_ERR_NO_PEER);
    peerage_chooser_unref_(chooser);
}

static pthread_barrier_t used, unloaded;
static int turn;

static void *thread(void *library)
{
    use(library, turn % 2);
    pthread_barrier_wait(&used);
    pthread_barrier_wait(&unloaded);
    return NULL;
}

static void fork_and_wait(void)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
    int flags = RTLD_NOW | RTLD_LOCAL | (argc > 2 ? (int)strtol(argv[2], NULL, 0) : 0);
    CHECK(argc > 1);
    CHECK(pthread_barrier_init(&used, NULL, 2) == 0);
    CHECK(pthread_barrier_init(&unloaded, NULL, 2) == 0);
    for (turn = 0; turn < 4; turn++) {
        pthread_t user;
        void *library = dlopen(argv[1], flags);
        if (!library) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        CHECK(pthread_create(&user, NULL, thread, library) == 0);
        pthread_barrier_wait(&used);
        CHECK(dlclose(library) == 0);
        pthread_barrier_wait(&unloaded);
        CHECK(pthread_join(user, NULL) == 0);
        fork_and_wait();
    }
    return 0;
}
