// Choose + finish over available peers.
#include "turns.hpp"

void choose(const Effort &effort)
{
    auto sides = all_of_ours();
    for (auto &side : all_plain())
        sides.push_back(std::move(side));
    for (const std::size_t peers : effort.sizes) {
        const auto seats = filled(sides, peers);
        for (const std::size_t threads : {1, 2, 8}) {
            const auto took = best(effort, threads, seats);
            for (std::size_t n = 0; n < seats.size(); ++n)
                print("choose", seats[n].side, peers, threads, "ns", took[n]);
        }
    }
}
