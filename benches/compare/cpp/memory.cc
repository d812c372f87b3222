// Bytes per peer that the heap gave for a list that was filled in one update, without the names. What
// an allocation costs beyond what was asked for is in it.
#include <malloc.h>

#include "turns.hpp"

namespace {

std::size_t in_use()
{
    const auto heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

}  // namespace

void memory(const Effort &effort)
{
    std::size_t of_names = 0;
    const peer_name *name = names(effort.many);
    for (std::size_t n = 0; n < effort.many; ++n)
        of_names += name[n].len;
    auto sides = all_of_ours();
    for (auto &side : all_plain())
        sides.push_back(std::move(side));
    for (const auto &side : sides) {
        const auto list = side.open(effort.many);
        const std::size_t before = in_use();
        list->add(0, effort.many);
        const double bytes = double(in_use()) - double(before) - double(of_names);
        print("memory", side, effort.many, 1, "bytes", bytes / double(effort.many));
    }
}
