// The rival in C++: a list as it is written where no library is at hand. A mutex, a vector of shared
// pointers to the available peers, a count in each peer, a condition variable for callers that wait.
//
// Why not gRPC's policies. They cannot be driven alone: `grpc_core::LoadBalancingPolicy` and its
// pickers are no public API (a maintainer says so in github.com/grpc/grpc/issues/21326), and none of
// the 274 headers of Debian's libgrpc-dev and libgrpc++-dev 1.51.1 declares them; the two that
// mention a policy take its name (`SetLoadBalancingPolicyName`). libgrpc.so exports
// `LoadBalancingPolicyRegistry::CreateLoadBalancingPolicy`, but its arguments are types without a
// header. What is left is a whole call on a channel, which costs microseconds, of which a choice is
// a few hundredths: it says nothing of the policy.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ours.h"

struct PlainPeer {
    std::string name;
    std::atomic<unsigned> pending{0};
    bool available = false;
    // Where it is in the vector, so that it leaves without a search.
    std::size_t place = 0;
};

enum class Rule { random, two_random, in_turn, fewest };

template <Rule rule>
class PlainList {
public:
    using Peer = std::shared_ptr<PlainPeer>;

    // An available peer with this request counted, or none in time.
    Peer choose(std::chrono::nanoseconds patience)
    {
        std::unique_lock<std::mutex> lock(mutex_);
        if (available_.empty()) {
            ++waiting_;
            some_.wait_for(lock, patience, [&] { return !available_.empty(); });
            --waiting_;
            if (available_.empty())
                return nullptr;
        }
        Peer peer = pick();
        peer->pending.fetch_add(1, std::memory_order_relaxed);
        return peer;
    }

    static void finish(PlainPeer &peer) { peer.pending.fetch_sub(1, std::memory_order_relaxed); }

    // Writes the connections of the new peers, which are available, to `out`.
    void add(const peer_name *names, std::size_t count, Peer *out)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (count > 1) {
            peers_.reserve(peers_.size() + count);
            available_.reserve(available_.size() + count);
        }
        for (std::size_t n = 0; n < count; ++n) {
            auto peer = std::make_shared<PlainPeer>();
            peer->name.assign(names[n].text, names[n].len);
            // The map's key is the peer's own text.
            if (peers_.emplace(peer->name, peer).second)
                enter(peer);
            out[n] = std::move(peer);
        }
    }

    void remove(const peer_name *names, std::size_t count)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (std::size_t n = 0; n < count; ++n) {
            const auto found = peers_.find(std::string_view(names[n].text, names[n].len));
            if (found == peers_.end())
                continue;
            // The key lies in the peer, which must outlive its entry.
            const Peer peer = found->second;
            leave(peer);
            peers_.erase(found);
        }
    }

    void set(const Peer &peer, bool available)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (available)
            enter(peer);
        else
            leave(peer);
    }

    std::size_t available()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return available_.size();
    }

    std::size_t waiting()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return waiting_;
    }

private:
    const Peer &pick()
    {
        const std::size_t n = available_.size();
        if constexpr (rule == Rule::in_turn) {
            return available_[next_++ % n];
        } else if constexpr (rule == Rule::random) {
            return available_[draw(n)];
        } else if constexpr (rule == Rule::two_random) {
            const Peer &a = available_[draw(n)], &b = available_[draw(n)];
            return pending(a) <= pending(b) ? a : b;
        } else {
            // A look at each peer, which ends at one that is idle; it begins where the last one ended,
            // or the first peer would get all requests.
            std::size_t best = next_ % n;
            for (std::size_t i = 1; i < n && pending(available_[best]) > 0; ++i) {
                const std::size_t at = (next_ + i) % n;
                if (pending(available_[at]) < pending(available_[best]))
                    best = at;
            }
            next_ = best + 1;
            return available_[best];
        }
    }

    static unsigned pending(const Peer &peer) { return peer->pending.load(std::memory_order_relaxed); }

    // Under the lock, so that one generator serves all threads (Steele, Lea and Flood).
    std::size_t draw(std::size_t n)
    {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z ^= z >> 27;
        return std::size_t(((z & 0xffffffff) * n) >> 32);
    }

    void enter(const Peer &peer)
    {
        if (std::exchange(peer->available, true))
            return;
        peer->place = available_.size();
        available_.push_back(peer);
        if (waiting_ > 0)
            some_.notify_all();
    }

    void leave(const Peer &peer)
    {
        if (!std::exchange(peer->available, false))
            return;
        available_.back()->place = peer->place;
        std::swap(available_[peer->place], available_.back());
        available_.pop_back();
    }

    std::mutex mutex_;
    std::condition_variable some_;
    std::vector<Peer> available_;
    std::unordered_map<std::string_view, Peer> peers_;
    std::size_t next_ = 0, waiting_ = 0;
    std::uint64_t state_ = 1;
};
