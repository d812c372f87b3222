/* Any bytes at all, as calls of peerage.h that two or three threads make at once on the same choosers.
 * The same bytes make the same calls, but not in the same order, so answers are hardly looked at:
 * what must hold is what holds in any order. Aborts when it does not; the rest is for a sanitizer. */
#ifndef THREADED_CALLS_H
#define THREADED_CALLS_H

#include <stddef.h>
#include <stdint.h>

void threaded_calls(const uint8_t *data, size_t len);

#endif
