/* For a library that is not instrumented: a call takes in what all calls before it gave out, and
 * gives out what its thread has done, on entry and on return. That is more order than the library
 * promises, so a race it hides may be missed; none is made up. */
#ifndef CALLS_H
#define CALLS_H

#include <peerage.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static char calls_in_order;

static inline void calls_meet(int *unused)
{
    (void)unused;
    __tsan_acquire(&calls_in_order);
    __tsan_release(&calls_in_order);
}

#define SYNCHRONISING(call)                                          \
    __extension__({                                                  \
        int left_ __attribute__((cleanup(calls_meet)));              \
        calls_meet(&left_);                                          \
        call;                                                        \
    })

#endif
