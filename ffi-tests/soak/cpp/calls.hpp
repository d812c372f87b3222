// A call: choose, send, finish, and again elsewhere until it is answered or its time is over.

#ifndef SOAK_CALLS_HPP
#define SOAK_CALLS_HPP

#include "link.hpp"
#include "tally.hpp"

#include <fcntl.h>

#include <atomic>
#include <iostream>

namespace soak {

// What each thread does.
struct work {
  unsigned client;
  std::chrono::nanoseconds every;
  std::uint64_t seed;
  std::string plant;
  std::vector<fed> choosers;
};

// One thread's calls.
class caller {
 public:
  using clock = std::chrono::steady_clock;

  caller(const work &of, unsigned thread)
      : work_(of), links_(of.client), tally_(of.choosers.size()),
        dice_((of.seed ^ std::uint64_t{thread + 1} << 32) | 1) {}

  // Closes the connections, and returns what was counted since the last time.
  tally pause() {
    links_.close_all();
    return std::exchange(tally_, tally(work_.choosers.size()));
  }

  void call() {
    const auto begun = clock::now();
    const auto chooser = static_cast<std::size_t>(draw(work_.choosers.size()));
    const std::string key = std::to_string(draw(1000));
    std::vector<std::string> tried;
    bool good = false;
    number_++;
    misbehave();
    while (!good && tried.size() < 3) {
      const auto left = begun + std::chrono::milliseconds(250) - clock::now();
      if (left <= left.zero()) break;
      const peerage::peer_ids avoid(tried);
      const auto request = peerage::request().shard_key(key).avoid(avoid);
      auto pick = work_.choosers[chooser].chooser.choose(request, left);
      if (!pick) {
        tally_.choosers[chooser].missed[static_cast<std::size_t>(missed_of(pick.error()))]++;
        break;
      }
      tally_.choosers[chooser].picks++;
      tried.emplace_back(pick->id());
      good = attempt(chooser, std::move(*pick), tried.back());
    }
    tally_.called(good, clock::now() - begun);
  }

 private:
  // Returns whether there is nothing more to do for the call.
  bool attempt(std::size_t chooser, peerage::pick pick, const std::string &server) {
    if (plants("leak-pick", 100)) {
      (void)pick.capi_release();
      return false;
    }
    const auto whim = draw(1000);
    const auto begun = clock::now();
    peerage_finish finish = PEERAGE_FINISH_INIT;
    if (whim < 2) {
      finish.outcome = PEERAGE_OUTCOME_NOT_SENT;
    } else if (whim < 5) {
      links_.give_up(server);
      finish.outcome = PEERAGE_OUTCOME_CANCELLED;
    } else if (whim < 7) {
      count(chooser, PEERAGE_OUTCOME_ABANDONED);
      return true;  // the pick is destroyed unfinished
    } else {
      switch (links_.ask(server, finish.in_flight)) {
        case answer::well: finish.outcome = PEERAGE_OUTCOME_SUCCESS; break;
        case answer::busy: finish.outcome = PEERAGE_OUTCOME_OVERLOADED; break;
        default: finish.outcome = PEERAGE_OUTCOME_FAILURE;
      }
    }
    finish.latency_ns = std::chrono::nanoseconds(clock::now() - begun).count();
    if (pick.finish(finish) != peerage::status::ok) std::terminate();
    count(chooser, finish.outcome);
    return finish.outcome != PEERAGE_OUTCOME_FAILURE &&
           finish.outcome != PEERAGE_OUTCOME_OVERLOADED;
  }

  static missed missed_of(const peerage::error &error) {
    switch (error.status()) {
      case peerage::status::no_peer: return missed::no_peer;
      case peerage::status::timed_out: return missed::timed_out;
      case peerage::status::queue_full: return missed::queue_full;
      default: std::cerr << error.message() << '\n'; return missed::other;
    }
  }

  void count(std::size_t chooser, peerage_outcome outcome) {
    if (!plants("lost-count", 100))
      tally_.choosers[chooser].outcomes[static_cast<std::size_t>(outcome)]++;
  }

  // Whether the planted fault is this one, and is due.
  bool plants(std::string_view plant, std::uint64_t each) const {
    return work_.plant == plant && number_ % each == 0;
  }

  void misbehave() const {
    static std::atomic<std::string *> leaked;  // which the compiler cannot leave out
    if (plants("leak-memory", 1)) leaked.store(new std::string(4096, 'x'));
    if (plants("leak-fd", 20)) (void)open("/dev/null", O_RDONLY);
  }

  std::uint64_t draw(std::uint64_t below) {
    dice_ ^= dice_ << 13;
    dice_ ^= dice_ >> 7;
    dice_ ^= dice_ << 17;
    return dice_ % below;
  }

  const work &work_;
  links links_;
  tally tally_;
  std::uint64_t dice_, number_ = 0;
};

}  // namespace soak

#endif
