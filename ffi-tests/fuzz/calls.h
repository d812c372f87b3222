/* Any bytes at all, as calls of peerage.h: aborts when an answer or a callback is not what the
 * header promises. One thread, and the same bytes make the same calls: only if the first is 240 or
 * more are there choosers without a seed. */
#ifndef CALLS_H
#define CALLS_H

#include <stddef.h>
#include <stdint.h>

void calls(const uint8_t *data, size_t len);

#endif
