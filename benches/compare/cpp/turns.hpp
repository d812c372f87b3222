// Sides take turns, a slice of time each; the best slice of each counts, because whatever disturbs
// one only adds to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "side.hpp"

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// How long to measure, and how much.
struct Effort {
    int repetitions;
    milliseconds slice;
    // A slice counts only if no thread was kept waiting. A smoke test takes what it gets.
    bool strict;
    std::vector<std::size_t> sizes;
    // Peers of a list of which one in a hundred flaps, how often, and how long a slice of that is.
    std::size_t flapping;
    milliseconds tick, flap_slice;
    int flap_turns;
    // Peers of a very large list, and how often it is filled and emptied.
    std::size_t many;
    int jobs;
    // The most callers that wait at the same time, and how often they are woken.
    std::size_t waiters;
    int wakes;

    static Effort full();
    static Effort quick();
};

// A list and what it is.
struct Seat {
    Side side;
    std::unique_ptr<List> list;
};

// A list of each with so many available peers.
std::vector<Seat> filled(const std::vector<Side> &sides, std::size_t peers);

// Nanoseconds per request of one thread while all make requests; infinite if the machine was so busy
// that they never ran together.
std::vector<double> best(const Effort &effort, std::size_t threads, const std::vector<Seat> &seats);

// Puts this thread on the nth core.
void pin_to(std::size_t nth);
// Lets it run where the system wants.
void pin_nowhere();

double ns_since(Clock::time_point begun);

// Prints a figure; one that could not be measured is named on standard error.
void print(const char *work, const Side &side, std::size_t peers, std::size_t threads, const char *figure,
           double value);

void choose(const Effort &effort);
void flaps(const Effort &effort);
void members(const Effort &effort);
void wake(const Effort &effort);
void memory(const Effort &effort);
