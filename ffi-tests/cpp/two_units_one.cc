// The caller: everything it needs works without exceptions and without RTTI.
#include "two_units.h"

#include <string>
#include <thread>

using namespace std::chrono_literals;
using peerage::outcome;
using peerage::status;

namespace {

// The peer that has been waiting longest.
struct by_age final : peerage::policy {
  std::vector<peerage::peer_key> peers;
  void available(const peerage::peer_info &peer) override { peers.push_back(peer.key); }
  void unavailable(peerage::peer_key peer) override {
    for (auto it = peers.begin(); it != peers.end(); ++it)
      if (*it == peer) {
        peers.erase(it);
        return;
      }
  }
  peerage::choice choose(peerage::request_view) override {
    if (peers.empty()) return peerage::nothing::unavailable;
    return peers.front();
  }
};

peerage::chooser make_chooser(const peerage::transport_ref &transport, std::string &log) {
  peerage::chooser_options options;
  auto policy = peerage::policy_ref::make(std::make_unique<by_age>());
  CHECK(policy);
  options.custom_policy = *policy;
  options.log = [&log](peerage::log_level, std::string_view line) { log += line; };
  auto chooser = peerage::chooser::make(transport, options);
  CHECK(chooser);
  return *chooser;
}

}  // namespace

int main() {
  int destroyed = 0;
  {
    std::string log;
    const auto chooser = make_chooser(make_transport(destroyed), log);
    CHECK(chooser.start());
    const auto updated = chooser.update({"a:1", "refused:1", "b:1"});
    CHECK(updated.status() == status::rejected);
    CHECK(updated.error().message().find("refused:1: not today") != std::string_view::npos);
    CHECK(!log.empty());
    CHECK(chooser.snapshot()->size() == 2);

    auto pick = chooser.choose(10s);
    CHECK(pick);
    CHECK(*pick->data<std::string>() == "made for " + std::string(pick->id()));
    CHECK(pick->finish(outcome::success) == status::ok);
    CHECK(chooser.stats()->pending == 0);

    CHECK(chooser.update({}, {"a:1", "b:1"}));
    std::thread waiting(
        [&] { CHECK(chooser.choose(peerage::timeout::forever()).status() == status::stopped); });
    while (chooser.stats()->waiting == 0) std::this_thread::yield();
    CHECK(chooser.stop() == status::ok);
    waiting.join();
  }
  CHECK(destroyed == 1);
  std::puts("two units: ok");
}
