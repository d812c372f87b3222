// Very many peers that come, flap and go, one by one and at once, beside a hash map of their names.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <unordered_map>

#include "turns.hpp"

namespace {

constexpr std::array<const char *, 5> FIGURES{"add-one-ns", "add-all-ns", "flap-ns", "remove-one-ns",
                                              "remove-all-ns"};
enum Figure { ADD_ONE, ADD_ALL, FLAP, REMOVE_ONE, REMOVE_ALL };
using Figures = std::array<double, FIGURES.size()>;
using Order = std::vector<std::size_t>;

template <typename Job>
void keep_least(double &least, std::size_t peers, Job job)
{
    const auto begun = Clock::now();
    job();
    least = std::min(least, ns_since(begun) / double(peers));
}

void must_be_available(List &list, std::size_t peers)
{
    if (list.available() != peers) {
        std::fprintf(stderr, "compare-cpp: %zu peers are available, not %zu\n", list.available(), peers);
        std::exit(1);
    }
}

// No cache helps in the order of flaps and removals.
void measure(const Side &side, const Order &order, Figures &least)
{
    const std::size_t peers = order.size();
    auto list = side.open(peers);
    keep_least(least[ADD_ONE], peers, [&] {
        for (std::size_t n = 0; n < peers; ++n)
            list->add(n, 1);
    });
    must_be_available(*list, peers);
    keep_least(least[FLAP], peers, [&] {
        for (const auto peer : order) {
            list->set(peer, false);
            list->set(peer, true);
        }
    });
    must_be_available(*list, peers);
    keep_least(least[REMOVE_ONE], peers, [&] {
        for (const auto peer : order)
            list->remove(peer, 1);
    });
    must_be_available(*list, 0);

    list = side.open(peers);
    keep_least(least[ADD_ALL], peers, [&] { list->add(0, peers); });
    must_be_available(*list, peers);
    keep_least(least[REMOVE_ALL], peers, [&] { list->remove(0, peers); });
    must_be_available(*list, 0);
}

void measure_map(const Order &order, Figures &least)
{
    const std::size_t peers = order.size();
    const peer_name *name = names(peers);
    const auto text = [&](std::size_t n) { return std::string(name[n].text, name[n].len); };
    std::unordered_map<std::string, std::size_t> map;
    keep_least(least[ADD_ONE], peers, [&] {
        for (std::size_t n = 0; n < peers; ++n)
            map.emplace(text(n), n);
    });
    keep_least(least[REMOVE_ONE], peers, [&] {
        for (const auto peer : order)
            map.erase(text(peer));
    });
    std::unordered_map<std::string, std::size_t> again;
    keep_least(least[ADD_ALL], peers, [&] {
        again.reserve(peers);
        for (std::size_t n = 0; n < peers; ++n)
            again.emplace(text(n), n);
    });
    keep_least(least[REMOVE_ALL], peers, [&] { again.clear(); });
}

}  // namespace

void members(const Effort &effort)
{
    std::vector<Side> sides;
    for (const char *policy : {"random", "two-random-choices", "round-robin", "fewest-pending-requests"})
        sides.push_back(ours(policy));
    for (auto &side : all_plain())
        sides.push_back(std::move(side));
    const Side map{"c++", "hashmap", "unordered_map", false, nullptr};
    sides.push_back(map);

    Order order(effort.many);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
    constexpr double NEVER = std::numeric_limits<double>::infinity();
    Figures never;
    never.fill(NEVER);
    std::vector<Figures> least(sides.size(), never);
    for (int turn = 0; turn < effort.jobs; ++turn)
        for (std::size_t n = 0; n < sides.size(); ++n)
            sides[n].open ? measure(sides[n], order, least[n]) : measure_map(order, least[n]);
    for (std::size_t n = 0; n < sides.size(); ++n)
        for (std::size_t figure = 0; figure < FIGURES.size(); ++figure)
            // A name in a map has no connection to lose.
            if (sides[n].open || figure != FLAP)
                print("members", sides[n], effort.many, 1, FIGURES[figure], least[n][figure]);
}
