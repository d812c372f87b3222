/* Structs that begin with their size, and say another. */
#ifndef SIZED_H
#define SIZED_H

#include "world.h"

/* A struct that says it has another size than it should. */
typedef struct sized {
    size_t size;
    int wrong; /* it must be refused */
    int read;  /* how many bytes count: what comes later is as if zero */
} sized;

/* Most are right. `fields` ends the known ones: a struct is cut between two of them. `room` is how
 * many bytes there are, of which those after `fields` are zero. */
sized any_size(size_t fields, unsigned char *struct_at, size_t room);

#define READ(s, type, field) \
    ((size_t)(s).read >= offsetof(type, field) + sizeof(((type *)0)->field))

/* What an output holds that nothing was written to. */
#define UNTOUCHED ((void *)(uintptr_t)&w)

#endif
