// The same work on peerage, from C and through the shared library, and on what a C++ program would
// have instead (plain.hpp). Figures go to standard output, nine tab-separated columns each; what is
// left out, and why, to standard error.
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "turns.hpp"

namespace {

constexpr std::pair<const char *, void (*)(const Effort &)> WORKS[] = {
    {"choose", choose}, {"flaps", flaps}, {"members", members}, {"wake", wake}, {"memory", memory},
};

int usage(const std::string &error)
{
    std::fprintf(stderr, "compare-cpp: %s\nusage: compare-cpp [--quick] [--only WORK]\n  WORK is one of", error.c_str());
    for (const auto &work : WORKS)
        std::fprintf(stderr, " %s", work.first);
    std::fputc('\n', stderr);
    return 2;
}

}  // namespace

int main(int argc, char **argv)
{
    bool quick = false;
    const char *only = nullptr;
    for (int n = 1; n < argc; ++n) {
        if (!std::strcmp(argv[n], "--quick"))
            quick = true;
        else if (!std::strcmp(argv[n], "--only") && n + 1 < argc)
            only = argv[++n];
        else
            return usage(std::string("'") + argv[n] + "' is not understood");
    }
    const Effort effort = quick ? Effort::quick() : Effort::full();
    bool any = false;
    for (const auto &[name, work] : WORKS) {
        if (only && std::strcmp(only, name))
            continue;
        work(effort);
        any = true;
    }
    return any ? 0 : usage(std::string("'") + only + "' is no work");
}
