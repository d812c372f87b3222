/*
 * Work that is done in a child of fork, because the process that does it is spoilt.
 */
#ifndef CHILD_H
#define CHILD_H

#include "check.h"
#include <sys/wait.h>

/* Does `work` in a child that has ended well when this returns. It ends as another program: memory
   that it shares with threads that it does not have, or that is given up for lost, is no leak. */
static inline void in_child(void (*work)(void *), void *ctx)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        watchdog(30); /* an alarm is not inherited */
        work(ctx);
        execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
        _exit(96);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#endif
