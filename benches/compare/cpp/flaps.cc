// Single requests, calm and while one peer in a hundred loses and regains its connection.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "turns.hpp"

namespace {

// Counts durations in steps of 1/32 of themselves, so that it stays in the first cache.
class Histogram {
public:
    void add(std::uint64_t ns)
    {
        ++counts_[index(ns)];
        ++total_;
    }

    // The duration that this share of all does not exceed.
    double at(double share) const
    {
        const auto wanted = std::uint64_t(double(total_) * share);
        std::uint64_t seen = 0;
        for (std::size_t n = 0; n < counts_.size(); ++n) {
            seen += counts_[n];
            if (seen > wanted)
                return middle(n);
        }
        return std::numeric_limits<double>::infinity();
    }

private:
    static constexpr unsigned BITS = 5;

    static std::size_t index(std::uint64_t ns)
    {
        if (ns < 1u << BITS)
            return ns;
        const unsigned shift = 63 - unsigned(__builtin_clzll(ns)) - BITS;
        return std::min<std::size_t>((shift << BITS) + (ns >> shift), SIZE - 1);
    }

    static double middle(std::size_t index)
    {
        if (index < 2u << BITS)
            return double(index);
        const std::size_t shift = (index >> BITS) - 1;
        const std::size_t low = (index - (shift << BITS)) << shift;
        return double(low) + double(std::size_t(1) << shift) / 2;
    }

    static constexpr std::size_t SIZE = 36 << BITS;
    std::array<std::uint64_t, SIZE> counts_{};
    std::uint64_t total_ = 0;
};

// From its birth to its end a thread takes connections away, one peer in a hundred at each tick, and
// gives those of the tick before back.
class Flapper {
public:
    Flapper(List &list, std::size_t peers, milliseconds tick)
        : list_(list), order_(peers), share_(std::max<std::size_t>(1, peers / 100)), thread_([=] { run(tick); })
    {
    }

    // How many peers lost their connections.
    std::size_t end()
    {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            over_ = true;
        }
        changed_.notify_all();
        thread_.join();
        return flapped_;
    }

private:
    void run(milliseconds tick)
    {
        pin_to(1);
        std::iota(order_.begin(), order_.end(), std::size_t(0));
        std::shuffle(order_.begin(), order_.end(), std::mt19937_64(1));
        auto next = Clock::now();
        for (bool over = false; !over;) {
            for (std::size_t n = 0; n < share_; ++n)
                list_.set(order_[(flapped_ + n) % order_.size()], false);
            std::unique_lock<std::mutex> lock(mutex_);
            changed_.wait_until(lock, next += tick, [&] { return over_; });
            over = over_;
            lock.unlock();
            for (std::size_t n = 0; n < share_; ++n)
                list_.set(order_[(flapped_ + n) % order_.size()], true);
            flapped_ += share_;
        }
    }

    List &list_;
    std::vector<std::size_t> order_;
    std::size_t share_, flapped_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    std::thread thread_;
};

Histogram measure(List &list, milliseconds length)
{
    Histogram histogram;
    const auto end = Clock::now() + length;
    std::uint64_t round = 0;
    for (auto now = Clock::now(); now < end;) {
        list.requests(1, round++);
        const auto after = Clock::now();
        histogram.add(std::uint64_t(nanoseconds(after - now).count()));
        now = after;
    }
    return histogram;
}

constexpr std::array<std::pair<double, std::array<const char *, 2>>, 3> SHARES{{
    {0.50, {"calm-p50-ns", "flap-p50-ns"}},
    {0.99, {"calm-p99-ns", "flap-p99-ns"}},
    {0.999, {"calm-p999-ns", "flap-p999-ns"}},
}};

}  // namespace

void flaps(const Effort &effort)
{
    auto sides = all_of_ours();
    for (auto &side : all_plain())
        sides.push_back(std::move(side));
    const auto seats = filled(sides, effort.flapping);
    constexpr double NEVER = std::numeric_limits<double>::infinity();
    std::vector<std::array<std::array<double, 2>, 3>> least(seats.size());
    for (auto &figures : least)
        figures.fill({NEVER, NEVER});
    pin_to(0);
    for (int turn = 0; turn < effort.flap_turns; ++turn) {
        for (std::size_t n = 0; n < seats.size(); ++n) {
            auto &list = *seats[n].list;
            const auto calm = measure(list, effort.flap_slice);
            Flapper flapper(list, effort.flapping, effort.tick);
            const auto flapping = measure(list, effort.flap_slice);
            // A machine that lets the flapper sleep shows a calm that is none.
            const auto wanted = effort.flapping / 100 * std::size_t(effort.flap_slice / effort.tick);
            const bool flapped = flapper.end() >= wanted || !effort.strict;
            for (std::size_t share = 0; share < SHARES.size(); ++share) {
                auto &[least_calm, least_flapping] = least[n][share];
                least_calm = std::min(least_calm, calm.at(SHARES[share].first));
                if (flapped)
                    least_flapping = std::min(least_flapping, flapping.at(SHARES[share].first));
            }
        }
    }
    pin_nowhere();
    for (std::size_t n = 0; n < seats.size(); ++n)
        for (std::size_t share = 0; share < SHARES.size(); ++share)
            for (const std::size_t when : {0, 1})
                print("flaps", seats[n].side, effort.flapping, 1, SHARES[share].second[when],
                      least[n][share][when]);
}
