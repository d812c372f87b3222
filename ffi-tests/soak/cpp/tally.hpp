// What is counted, and how it is said: a line of JSON, with what the library says of the same.

#ifndef SOAK_TALLY_HPP
#define SOAK_TALLY_HPP

#include <peerage.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace soak {

// A chooser with what feeds it.
struct fed {
  std::string name;
  peerage::chooser chooser;
  peerage::updater updater;
};

// Why a choice found no peer.
enum class missed { no_peer, timed_out, queue_full, other };

struct chooser_tally {
  std::uint64_t picks = 0;
  std::array<std::uint64_t, 6> outcomes{};
  std::array<std::uint64_t, 4> missed{};
};

template <class Numbers> std::string array(const Numbers &numbers) {
  std::ostringstream out;
  for (const auto number : numbers) out << (out.tellp() > 0 ? "," : "[") << number;
  out << ']';
  return out.str();
}

template <class Numbers> void sum(Numbers &to, const Numbers &from) {
  std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
}

class tally {
 public:
  explicit tally(std::size_t choosers) : choosers(choosers) {}

  // A call has ended, well or not.
  void called(bool good, std::chrono::nanoseconds took) {
    calls_++;
    good_ += good;
    latencies_[bucket(static_cast<std::uint64_t>(took.count()) / 1000)]++;
  }

  void add(const tally &other) {
    for (std::size_t n = 0; n < choosers.size(); n++) {
      choosers[n].picks += other.choosers[n].picks;
      sum(choosers[n].outcomes, other.choosers[n].outcomes);
      sum(choosers[n].missed, other.choosers[n].missed);
    }
    calls_ += other.calls_;
    good_ += other.good_;
    sum(latencies_, other.latencies_);
  }

  std::string json(const char *event, const std::vector<fed> &of) const {
    std::ostringstream out;
    out << R"({"event":")" << event << R"(","calls":)" << calls_ << R"(,"good":)" << good_
        << R"(,"latencies":[)";
    const char *comma = "";
    for (std::size_t n = 0; n < latencies_.size(); n++)
      if (latencies_[n] > 0) out << std::exchange(comma, ",") << '[' << n << ',' << latencies_[n] << ']';
    out << R"(],"choosers":[)";
    comma = "";
    for (std::size_t n = 0; n < of.size(); n++)
      out << std::exchange(comma, ",") << R"({"name":")" << of[n].name << R"(","picks":)"
          << choosers[n].picks << R"(,"outcomes":)" << array(choosers[n].outcomes)
          << R"(,"missed":)" << array(choosers[n].missed) << R"(,"stats":)"
          << stats(of[n].chooser.stats().value()) << '}';
    out << "]}";
    return out.str();
  }

  std::vector<chooser_tally> choosers;

 private:
  static std::string stats(const peerage::stats &stats) {
    using failure = peerage::choose_failure;
    const auto &failures = stats.failures;
    std::array<std::uint64_t, 4> missed{failures[failure::no_peer] + failures[failure::fail_fast],
                                        failures[failure::timed_out], failures[failure::queue_full]};
    missed[3] = failures.total() - missed[0] - missed[1] - missed[2];
    std::array<std::uint64_t, 6> outcomes{};
    for (std::size_t n = 0; n < outcomes.size(); n++)
      outcomes[n] = stats.outcomes[static_cast<peerage::outcome>(n)];
    std::ostringstream out;
    out << R"({"pending":)" << stats.pending << R"(,"waiting":)" << stats.waiting
        << R"(,"departing":)" << stats.departing << R"(,"departing_pending":)"
        << stats.departing_pending << R"(,"requests":)" << stats.requests << R"(,"outcomes":)"
        << array(outcomes) << R"(,"missed":)" << array(missed) << '}';
    return out.str();
  }

  // Sixteen buckets for each power of two of microseconds.
  static std::size_t bucket(std::uint64_t micros) {
    if (micros < 16) return micros;
    std::size_t power = 63;
    while (micros >> power == 0) power--;
    return std::min<std::size_t>((power - 3) * 16 + ((micros >> (power - 4)) & 15), 511);
  }

  std::uint64_t calls_ = 0, good_ = 0;
  std::array<std::uint64_t, 512> latencies_{};
};

}  // namespace soak

#endif
