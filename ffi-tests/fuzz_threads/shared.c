/* The records. */
#define _POSIX_C_SOURCE 200809L
#include "shared.h"

#include <pthread.h>

shared s;

static pthread_key_t running;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_key(void) { CHECK(pthread_key_create(&running, NULL) == 0); }

void be(thread *t)
{
    CHECK(pthread_once(&once, make_key) == 0);
    CHECK(pthread_setspecific(running, t) == 0);
}

thread *self(void) { return pthread_getspecific(running); }

context *new_shared_context(kind kind, int drops)
{
    context *c = calloc(1, sizeof *c);
    CHECK(c);
    c->kind = kind;
    c->drops = drops;
    c->next = GET(s.contexts);
    while (!__atomic_compare_exchange_n(&s.contexts, &c->next, c, 1, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
        ;
    return c;
}

peerage_str name_text(unsigned name)
{
    static const char *const names[NAMES] = {"a:1", "b:1", "c:1", "d:1", "e:1", "line\nbreak"};
    return peerage_text(names[name % NAMES]);
}

record *record_of(const peerage_peer *handle, standing standing)
{
    int i = GET(s.records_len);
    for (i = i < RECORDS ? i : RECORDS; i-- > 0;)
        if (GET(s.records[i].handle) == handle && GET(s.records[i].standing) == (int)standing)
            return &s.records[i];
    return NULL;
}
