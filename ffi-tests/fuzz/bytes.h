/* The input, taken byte by byte. When it is used up there are only zeros, and 0 always means the
 * plain thing to do, so every input ends. */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdint.h>

typedef struct bytes {
    const uint8_t *at, *end;
} bytes;

static inline unsigned take(bytes *b)
{
    return b->at < b->end ? *b->at++ : 0u;
}

/* A number below `n`. */
static inline unsigned below(bytes *b, unsigned n)
{
    return take(b) % n;
}

/* True for one byte in `n`, and never when the input is used up. */
static inline int one_in(bytes *b, unsigned n)
{
    return take(b) % n == n - 1;
}

#endif
