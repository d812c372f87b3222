#include "turns.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <thread>

namespace {

// How many slices are tried for each that is to count.
constexpr int PATIENCE = 4;
// How much longer a slice is if threads share cores, so that each gets its turn several times.
constexpr int SHARED = 6;
// How long a thread works between two looks at the clock.
constexpr auto CHUNK = std::chrono::microseconds(20);

// Those that this process may use, asked before any thread is bound.
const cpu_set_t &allowed()
{
    static const cpu_set_t set = [] {
        cpu_set_t set;
        CPU_ZERO(&set);
        sched_getaffinity(0, sizeof set, &set);
        return set;
    }();
    return set;
}

std::size_t cores() { return std::size_t(std::max(1, CPU_COUNT(&allowed()))); }

// How much of its time a thread may have been kept from running. One moment on a core of its own, for
// the system's own work, is no reason to throw a slice away.
constexpr double KEPT = 0.03;

// How long this thread was ready and did not run, in nanoseconds; one that waits for a lock is not
// ready. 0 where the system does not say, and then every slice counts.
double kept_waiting()
{
    double ran = 0, waited = 0;
    if (std::FILE *file = std::fopen("/proc/thread-self/schedstat", "r")) {
        if (std::fscanf(file, "%lf %lf", &ran, &waited) != 2)
            waited = 0;
        std::fclose(file);
    }
    return waited;
}

// How many requests fill a chunk.
std::uint64_t calibrate(List &list)
{
    for (std::uint64_t rounds = 16;; rounds *= 2) {
        const auto begun = Clock::now();
        list.requests(rounds, 0);
        if (Clock::now() - begun >= CHUNK)
            return rounds;
    }
}

struct Run {
    Clock::time_point begun, ended;
    std::uint64_t rounds;
    double waited;
};

// Each thread has a core of its own, as far as there are, and begins when all are there. A thread
// that the machine keeps waiting lets the others meet fewer rivals at a line, and where contention
// costs more than waiting that would be the best time of all: such a slice does not count.
std::optional<double> slice(const Effort &effort, std::size_t threads, std::uint64_t chunk, List &list)
{
    const bool shared = threads > cores();
    const auto length = shared ? effort.slice * SHARED : effort.slice;
    std::atomic<std::size_t> missing{threads};
    std::vector<Run> runs(threads);
    const auto one = [&](std::size_t nth) {
        pin_to(nth);
        missing.fetch_sub(1);
        while (missing.load() > 0) {
            if (shared)
                std::this_thread::yield();
        }
        const double waited = kept_waiting();
        Run run{Clock::now(), {}, 0, 0};
        do {
            list.requests(chunk, std::uint64_t(nth) << 40 | run.rounds);
            run.rounds += chunk;
            run.ended = Clock::now();
        } while (run.ended - run.begun < length);
        run.waited = kept_waiting() - waited;
        runs[nth] = run;
    };
    std::vector<std::thread> others;
    for (std::size_t nth = 0; nth < threads; ++nth)
        others.emplace_back(one, nth);
    for (auto &other : others)
        other.join();

    auto first = runs[0].begun, last_begun = first, first_ended = runs[0].ended, last = first_ended;
    std::uint64_t rounds = 0;
    double waited = 0;
    for (const auto &run : runs) {
        first = std::min(first, run.begun), last_begun = std::max(last_begun, run.begun);
        first_ended = std::min(first_ended, run.ended), last = std::max(last, run.ended);
        rounds += run.rounds;
        waited = std::max(waited, run.waited);
    }
    const auto span = double((last - first).count()), together = double((first_ended - last_begun).count());
    const bool ran = shared ? together >= 0.5 * span : together >= 0.9 * span && waited <= KEPT * span;
    if (effort.strict && !ran)
        return {};
    return span * double(threads) / double(rounds);
}

}  // namespace

Effort Effort::full()
{
    return {15, milliseconds(8), true, {10, 1000, 10000}, 10000, milliseconds(100), milliseconds(400), 4,
            100000, 4, 10000, 8};
}

Effort Effort::quick()
{
    return {1, milliseconds(1), false, {10}, 200, milliseconds(1), milliseconds(5), 1, 500, 1, 50, 1};
}

std::vector<Seat> filled(const std::vector<Side> &sides, std::size_t peers)
{
    std::vector<Seat> seats;
    for (const auto &side : sides) {
        seats.push_back({side, side.open(peers)});
        seats.back().list->add(0, peers);
        if (seats.back().list->available() != peers) {
            std::fprintf(stderr, "compare-cpp: not all peers of %s are available\n", side.name);
            std::exit(1);
        }
    }
    return seats;
}

std::vector<double> best(const Effort &effort, std::size_t threads, const std::vector<Seat> &seats)
{
    std::vector<std::uint64_t> chunks;
    for (const auto &seat : seats)
        chunks.push_back(calibrate(*seat.list));
    std::vector<double> best(seats.size(), std::numeric_limits<double>::infinity());
    std::vector<int> counted(seats.size());
    for (int turn = 0; turn < effort.repetitions * PATIENCE; ++turn) {
        for (std::size_t n = 0; n < seats.size(); ++n) {
            if (counted[n] == effort.repetitions)
                continue;
            if (const auto took = slice(effort, threads, chunks[n], *seats[n].list)) {
                best[n] = std::min(best[n], *took);
                ++counted[n];
            }
        }
    }
    return best;
}

void pin_to(std::size_t nth)
{
    nth %= cores();
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (!CPU_ISSET(core, &allowed()) || nth-- > 0)
            continue;
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(core, &set);
        pthread_setaffinity_np(pthread_self(), sizeof set, &set);
        return;
    }
}

void pin_nowhere() { pthread_setaffinity_np(pthread_self(), sizeof allowed(), &allowed()); }

double ns_since(Clock::time_point begun) { return double(nanoseconds(Clock::now() - begun).count()); }

void print(const char *work, const Side &side, std::size_t peers, std::size_t threads, const char *figure,
           double value)
{
    if (!std::isfinite(value)) {
        std::fprintf(stderr, "compare-cpp: %s, %s of %s with %zu peers, %zu threads: the machine is too busy\n",
                     work, side.policy, side.name, peers, threads);
        return;
    }
    std::printf("%s\t%s\t%s\t%s\t%zu\t%zu\t%s\t%s\t%.6g\n", work, side.language, side.name, side.policy,
                peers, threads, side.counts ? "yes" : "no", figure, value);
    std::fflush(stdout);
}
