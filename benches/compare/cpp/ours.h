/* The side of peerage: what a program in C does with it, through peerage.h and the shared library. */
#ifndef COMPARE_OURS_H
#define COMPARE_OURS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A peer's name, which the program has before it asks for anything. */
struct peer_name {
    const char *text;
    size_t len;
};

struct ours_list;

/* A running list without peers that has room for those of these names. What goes wrong here ends the
 * program, with a message. */
struct ours_list *ours_open(const char *policy, const struct peer_name *names, size_t peers);
void ours_close(struct ours_list *ours);

/* Chooses and finishes so many times; `first` says with which key to begin. A choice waits for a peer
 * for a minute at most. */
void ours_requests(struct ours_list *ours, uint64_t rounds, uint64_t first);

/* Additions and removals in one update. Peers are available as soon as they are added. */
void ours_add(struct ours_list *ours, size_t first, size_t count);
void ours_remove(struct ours_list *ours, size_t first, size_t count);

/* A connection is lost, or is there again. */
void ours_set(struct ours_list *ours, size_t peer, int available);

size_t ours_available(struct ours_list *ours);
size_t ours_waiting(struct ours_list *ours);

#ifdef __cplusplus
}
#endif

#endif
