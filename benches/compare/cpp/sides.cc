#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "plain.hpp"
#include "side.hpp"

namespace {

class Ours final : public List {
public:
    Ours(const char *policy, std::size_t peers) : ours_(ours_open(policy, names(peers), peers)) {}
    Ours(const Ours &) = delete;
    ~Ours() override { ours_close(ours_); }
    void requests(std::uint64_t rounds, std::uint64_t first) override { ours_requests(ours_, rounds, first); }
    void add(std::size_t first, std::size_t count) override { ours_add(ours_, first, count); }
    void remove(std::size_t first, std::size_t count) override { ours_remove(ours_, first, count); }
    void set(std::size_t peer, bool available) override { ours_set(ours_, peer, available); }
    std::size_t available() override { return ours_available(ours_); }
    std::size_t waiting() override { return ours_waiting(ours_); }

private:
    ours_list *ours_;
};

template <Rule rule>
class Plain final : public List {
public:
    explicit Plain(std::size_t peers) : names_(names(peers)), connections_(peers) {}

    void requests(std::uint64_t rounds, std::uint64_t) override
    {
        for (std::uint64_t round = 0; round < rounds; ++round) {
            const auto pick = list_.choose(std::chrono::minutes(1));
            if (!pick) {
                std::fputs("compare-cpp: the plain list has no peer\n", stderr);
                std::exit(1);
            }
            PlainList<rule>::finish(*pick);
        }
    }
    void add(std::size_t first, std::size_t count) override
    {
        list_.add(names_ + first, count, connections_.data() + first);
    }
    void remove(std::size_t first, std::size_t count) override { list_.remove(names_ + first, count); }
    void set(std::size_t peer, bool available) override { list_.set(connections_[peer], available); }
    std::size_t available() override { return list_.available(); }
    std::size_t waiting() override { return list_.waiting(); }

private:
    const peer_name *names_;
    PlainList<rule> list_;
    std::vector<std::shared_ptr<PlainPeer>> connections_;
};

class Bare final : public List {
public:
    void requests(std::uint64_t, std::uint64_t) override
    {
        pthread_mutex_lock(&mutex_);
        ++waiting_;
        while (!ready_)
            pthread_cond_wait(&some_, &mutex_);
        --waiting_;
        pthread_mutex_unlock(&mutex_);
    }
    void add(std::size_t, std::size_t) override { set(0, true); }
    void remove(std::size_t, std::size_t) override { set(0, false); }
    void set(std::size_t, bool available) override
    {
        pthread_mutex_lock(&mutex_);
        ready_ = available;
        const auto waiting = waiting_;
        pthread_mutex_unlock(&mutex_);
        if (available)
            (waiting == 1 ? pthread_cond_signal : pthread_cond_broadcast)(&some_);
    }
    std::size_t available() override { return ready_; }
    std::size_t waiting() override
    {
        pthread_mutex_lock(&mutex_);
        const auto waiting = waiting_;
        pthread_mutex_unlock(&mutex_);
        return waiting;
    }

private:
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t some_ = PTHREAD_COND_INITIALIZER;
    std::size_t waiting_ = 0;
    bool ready_ = false;
};

template <Rule rule>
Side plain(const char *policy)
{
    return {"c++", "plain", policy, true,
            [](std::size_t peers) { return std::make_unique<Plain<rule>>(peers); }};
}

}  // namespace

Side ours(const char *policy)
{
    return {"c", "peerage", policy, true,
            [policy](std::size_t peers) { return std::make_unique<Ours>(policy, peers); }};
}

std::vector<Side> all_of_ours()
{
    std::vector<Side> sides;
    for (const char *policy : {"random", "two-random-choices", "round-robin", "fewest-pending-requests",
                               "least-loaded", "hashring32"})
        sides.push_back(ours(policy));
    return sides;
}

std::vector<Side> all_plain()
{
    return {plain<Rule::random>("random"), plain<Rule::two_random>("two-random-choices"),
            plain<Rule::in_turn>("round-robin"), plain<Rule::fewest>("linear-scan")};
}

Side condvar()
{
    return {"c++", "condvar", "pthread_cond_t", false,
            [](std::size_t) { return std::make_unique<Bare>(); }};
}

const peer_name *names(std::size_t peers)
{
    static std::vector<std::string> texts;
    static std::vector<peer_name> names;
    constexpr std::size_t MOST = 100000;
    if (names.empty()) {
        texts.reserve(MOST);
        names.reserve(MOST);
        for (std::size_t n = 0; n < MOST; ++n) {
            char text[32];
            const int len = std::snprintf(text, sizeof text, "10.%u.%u.%u:4040", unsigned(n >> 16 & 255),
                                          unsigned(n >> 8 & 255), unsigned(n & 255));
            texts.emplace_back(text, std::size_t(len));
            names.push_back({texts.back().data(), texts.back().size()});
        }
    }
    if (peers > MOST) {
        std::fputs("compare-cpp: there are not so many names\n", stderr);
        std::exit(1);
    }
    return names.data();
}
