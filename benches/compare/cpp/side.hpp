// What takes turns: peerage, a rival, and the bare thing that both are measured against.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ours.h"

// A list of peers, which have numbers; a peer is available as soon as it is added.
class List {
public:
    virtual ~List() = default;
    // Chooses and finishes so many times, from any thread; waits where no peer is available.
    virtual void requests(std::uint64_t rounds, std::uint64_t first) = 0;
    virtual void add(std::size_t first, std::size_t count) = 0;
    virtual void remove(std::size_t first, std::size_t count) = 0;
    virtual void set(std::size_t peer, bool available) = 0;
    virtual std::size_t available() = 0;
    virtual std::size_t waiting() = 0;
};

struct Side {
    const char *language, *name, *policy;
    // Pending requests are counted for each peer.
    bool counts;
    // A list without peers that has room for so many.
    std::function<std::unique_ptr<List>(std::size_t peers)> open;
};

Side ours(const char *policy);
std::vector<Side> all_of_ours();
std::vector<Side> all_plain();
// A mutex, a condition variable and a flag.
Side condvar();

// The first names of as many as are ever wanted, which outlive everything.
const peer_name *names(std::size_t peers);
