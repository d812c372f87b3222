// A transport that the tests drive, and what it has lived through. The journal outlives it: that is
// how a test sees when the library lets go.
#ifndef FAKE_H
#define FAKE_H

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <peerage.hpp>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace std::string_view_literals;

using peerage::connection_status;
using peerage::outcome;
using peerage::status;

// For waits that end by an event: only a broken library makes a test wait this long.
constexpr auto patience = 10s;

struct journal {
  std::atomic<int> retained{0}, released{0}, destroyed{0}, data_destroyed{0};

  peerage::peer peer(const std::string &id) {
    const std::lock_guard<std::mutex> held(lock);
    return peers.at(id);
  }

  std::mutex lock;
  std::map<std::string, peerage::peer> peers;
};

class fake final : public peerage::transport {
 public:
  fake(journal &book, connection_status first) : book_(book), first_(first) {}
  fake(const fake &) = delete;
  ~fake() override { book_.destroyed++; }

  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view id) override {
    book_.retained++;
    {
      const std::lock_guard<std::mutex> held(book_.lock);
      book_.peers[std::string(id)] = peerage::peer(peer);
    }
    EXPECT_EQ(peer.set_status(first_), status::ok);
    return {};
  }

  void release(peerage::peer_view peer) override {
    EXPECT_EQ(peer.set_status(connection_status::available), status::gone);
    book_.released++;
    const std::lock_guard<std::mutex> held(book_.lock);
    book_.peers.erase(std::string(peer.id()));
  }

 private:
  journal &book_;
  connection_status first_;
};

inline peerage::transport_ref transport_of(
    journal &book, connection_status first = connection_status::available) {
  return peerage::transport_ref::make(std::make_unique<fake>(book, first)).value();
}

inline peerage::chooser started(const peerage::transport_ref &transport,
                                std::string_view policy = "round-robin") {
  peerage::chooser_options options;
  options.policy = policy;
  auto chooser = peerage::chooser::make(transport, options).value();
  chooser.start().value();
  return chooser;
}

// Returns once as many callers wait for a peer.
inline void await_waiting(const peerage::chooser &chooser, std::size_t count) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (chooser.stats().value().waiting != count) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit);
    std::this_thread::yield();
  }
}

#endif
