/* What the Rust program asks of the C side. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

/* A running chooser of `peers` available peers, for the one thread. 0, or a status. */
int32_t bench_start(size_t peers);
/* Gives it back. 0 if every peer was released. */
int32_t bench_stop(void);
/* Chooses and finishes `rounds` times in the way of that number; the nanoseconds it took, or a
 * status. The numbers are those of `WAYS` in src/main.rs. */
int64_t bench_choose(int32_t way, uint64_t rounds);

#endif
