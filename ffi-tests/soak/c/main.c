/* The choosers; the threads, which pause and go on together. */
#define _DEFAULT_SOURCE
#include "soak.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct work work;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static enum { GOING, PAUSED, ENDED } phase;
static unsigned paused, threads;
static struct tally total; /* of the threads that have paused */

static void check(int32_t status, peerage_error *error, const char *what)
{
    if (status == PEERAGE_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, error ? peerage_error_message(error).ptr : peerage_status_message(status));
    exit(1);
}

/* What five words of the command line name, started. */
static void start_chooser(char **words)
{
    struct fed *fed = &work.fed[work.choosers++];
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    peerage_error *error = NULL;

    fed->name = words[0];
    opts.name = peerage_text(words[0]);
    opts.policy = peerage_text(words[1]);
    opts.options = peerage_text(words[2]);
    check(strcmp(words[3], "watched") == 0
              ? watched_new(&opts.transport, &error)
              : peerage_transport_probing_new(peerage_text(words[3]), &opts.transport, &error),
          error, words[3]);
    check(peerage_chooser_new(&opts, &fed->chooser, &error), error, words[0]);
    check(peerage_chooser_start(fed->chooser, &error), error, words[0]);
    check(peerage_updater_new(fed->chooser, peerage_text(words[4]), &fed->updater, &error), error, words[4]);
    check(peerage_updater_start(fed->updater, &error), error, words[4]);
    peerage_transport_unref(opts.transport);
}

/* It looks again and again: a choice that waits would be one more request, and all are counted. */
static void await_peers(const struct fed *fed)
{
    peerage_stats stats = {0};
    for (int tries = 0; tries < 1000; tries++) {
        check(peerage_chooser_stats(fed->chooser, &stats, sizeof stats), NULL, fed->name);
        if (stats.available > 0)
            return;
        usleep(10000);
    }
    fprintf(stderr, "%s: no peer came\n", fed->name);
    exit(1);
}

/* One thread: a call, and a pause until the next is due. */
static void *run(void *arg)
{
    struct caller *caller = arg;
    int64_t due = now_ns();
    for (;;) {
        pthread_mutex_lock(&lock);
        if (phase == PAUSED) {
            links_close(&caller->links);
            tally_add(&total, &caller->tally);
            memset(&caller->tally, 0, sizeof caller->tally);
            paused++;
            pthread_cond_broadcast(&changed);
            while (phase == PAUSED)
                pthread_cond_wait(&changed, &lock);
            paused--;
            due = now_ns();
        }
        if (phase == ENDED) {
            pthread_mutex_unlock(&lock);
            free(caller);
            return NULL;
        }
        pthread_mutex_unlock(&lock);
        call(caller);
        due += work.every_ns;
        if (due > now_ns()) {
            struct timespec until = {(time_t)(due / 1000000000), (long)(due % 1000000000)};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        } else {
            due = now_ns(); /* what was missed while servers were stopped is not made up for */
        }
    }
}

/* Returns when no thread has a request or a connection. */
static void pause_all(void)
{
    pthread_mutex_lock(&lock);
    phase = PAUSED;
    while (paused < threads)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void go_on(int to)
{
    pthread_mutex_lock(&lock);
    phase = to;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* Says what was counted, when what has left is released and what was freed is given back. */
static void say(const char *event)
{
    for (size_t n = 0; n < work.choosers; n++)
        if (peerage_chooser_drain(work.fed[n].chooser, INT64_C(5000000000)) != PEERAGE_OK)
            fprintf(stderr, "%s: not all is released\n", work.fed[n].name); /* it is in the numbers */
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    tally_print(event, &total);
}

static int stop(const pthread_t *running)
{
    pause_all();
    for (size_t n = 0; n < work.choosers; n++) {
        peerage_error *error = NULL;
        check(peerage_updater_stop(work.fed[n].updater, &error), error, "updater");
        check(peerage_chooser_stop(work.fed[n].chooser, &error), error, "chooser");
    }
    say("stopped");
    go_on(ENDED);
    for (unsigned n = 0; n < threads; n++)
        pthread_join(running[n], NULL);
    for (size_t n = 0; n < work.choosers; n++) {
        peerage_updater_unref(work.fed[n].updater);
        peerage_chooser_unref(work.fed[n].chooser);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static pthread_t running[1000];
    uint64_t seed;
    char line[16];

    if (argc < 11 || (argc - 6) % 5 != 0 || (argc - 6) / 5 > MAX_CHOOSERS)
        return fprintf(stderr, "usage: client NUMBER THREADS RATE SEED PLANT [CHOOSER]...\n"), 2;
    work.client = (unsigned)atoi(argv[1]);
    threads = (unsigned)atoi(argv[2]);
    work.every_ns = INT64_C(1000000000) * threads / atoi(argv[3]);
    seed = strtoull(argv[4], NULL, 10);
    work.plant = argv[5];
    for (int n = 6; n < argc; n += 5)
        start_chooser(argv + n);
    for (size_t n = 0; n < work.choosers; n++)
        await_peers(&work.fed[n]);
    puts("{\"event\":\"ready\"}");
    fflush(stdout);

    for (unsigned n = 0; n < threads; n++) {
        struct caller *caller = calloc(1, sizeof *caller);
        if (caller == NULL)
            abort();
        caller->dice = (seed ^ (uint64_t)(n + 1) << 32) | 1;
        if (pthread_create(&running[n], NULL, run, caller) != 0)
            abort();
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "mark\n") == 0) {
            pause_all();
            say("marked");
        } else if (strcmp(line, "go\n") == 0) {
            go_on(GOING);
        } else if (strcmp(line, "stop\n") == 0) {
            return stop(running);
        }
    }
    _exit(3); /* the director is gone */
}
