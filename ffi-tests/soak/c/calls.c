/* A call: choose, send, finish, and again elsewhere until it is answered or its time is over. */
#define _POSIX_C_SOURCE 200809L
#include "soak.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t deadline_ns = 250000000;
enum { ATTEMPTS = 3 };

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static uint64_t draw(struct caller *caller, uint64_t below)
{
    caller->dice ^= caller->dice << 13;
    caller->dice ^= caller->dice >> 7;
    caller->dice ^= caller->dice << 17;
    return caller->dice % below;
}

/* Whether the planted fault is this one, and is due. */
static int plants(const struct caller *caller, const char *plant, uint64_t each)
{
    return caller->number % each == 0 && strcmp(work.plant, plant) == 0;
}

static void misbehave(const struct caller *caller)
{
    static void *volatile leaked;
    if (plants(caller, "leak-memory", 1) && (leaked = malloc(4096)) != NULL)
        memset(leaked, 1, 4096);
    if (plants(caller, "leak-fd", 20))
        (void)open("/dev/null", O_RDONLY);
}

/* Returns whether there is nothing more to do for the call. */
static int attempt(struct caller *caller, size_t chooser, peerage_pick *pick)
{
    peerage_finish finish = PEERAGE_FINISH_INIT;
    const char *server = peerage_pick_id(pick).ptr; /* it ends in a NUL */
    const uint64_t whim = draw(caller, 1000);
    const int64_t begun = now_ns();

    if (plants(caller, "leak-pick", 100))
        return 0;
    if (whim < 2) {
        finish.outcome = PEERAGE_OUTCOME_NOT_SENT;
    } else if (whim < 5) {
        link_give_up(&caller->links, server);
        finish.outcome = PEERAGE_OUTCOME_CANCELLED;
    } else if (whim < 7) {
        finish.outcome = PEERAGE_OUTCOME_ABANDONED;
    } else {
        switch (link_ask(&caller->links, server, &finish.in_flight)) {
        case WELL:
            finish.outcome = PEERAGE_OUTCOME_SUCCESS;
            break;
        case BUSY:
            finish.outcome = PEERAGE_OUTCOME_OVERLOADED;
            break;
        default:
            finish.outcome = PEERAGE_OUTCOME_FAILURE;
        }
    }
    finish.latency_ns = now_ns() - begun;
    if (peerage_pick_finish_with(pick, &finish) != PEERAGE_OK)
        fprintf(stderr, "a pick is not finished\n"), abort();
    if (!plants(caller, "lost-count", 100))
        caller->tally.choosers[chooser].outcomes[finish.outcome]++;
    return finish.outcome != PEERAGE_OUTCOME_FAILURE && finish.outcome != PEERAGE_OUTCOME_OVERLOADED;
}

static enum missed missed_of(peerage_status status)
{
    switch (status) {
    case PEERAGE_ERR_NO_PEER:
        return NO_PEER;
    case PEERAGE_ERR_TIMED_OUT:
        return TIMED_OUT;
    case PEERAGE_ERR_QUEUE_FULL:
        return QUEUE_FULL;
    default:
        fprintf(stderr, "%s\n", peerage_status_message(status));
        return OTHER;
    }
}

void call(struct caller *caller)
{
    const int64_t begun = now_ns();
    const size_t chooser = (size_t)draw(caller, work.choosers);
    char key[8], tried[ATTEMPTS][32];
    peerage_str avoid[ATTEMPTS];
    peerage_request request = PEERAGE_REQUEST_INIT;
    int good = 0;

    caller->number++;
    misbehave(caller);
    snprintf(key, sizeof key, "%u", (unsigned)draw(caller, 1000));
    request.shard_key = peerage_text(key);
    request.avoid = avoid;
    while (!good && request.avoid_len < ATTEMPTS) {
        const int64_t left = begun + deadline_ns - now_ns();
        peerage_pick pick;
        peerage_status status;
        if (left <= 0)
            break;
        status = peerage_chooser_choose(work.fed[chooser].chooser, &request, left, NULL, &pick);
        if (status != PEERAGE_OK) {
            caller->tally.choosers[chooser].missed[missed_of(status)]++;
            break;
        }
        caller->tally.choosers[chooser].picks++;
        snprintf(tried[request.avoid_len], sizeof *tried, "%s", peerage_pick_id(&pick).ptr);
        good = attempt(caller, chooser, &pick);
        avoid[request.avoid_len] = peerage_text(tried[request.avoid_len]);
        request.avoid_len++;
    }
    tally_call(&caller->tally, good, now_ns() - begun);
}
