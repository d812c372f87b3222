// The settings of a chooser, and its log.

#ifndef PEERAGE_OPTIONS_HPP
#define PEERAGE_OPTIONS_HPP

#include "policy.hpp"
#include "wait.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

PEERAGE_HPP_BEGIN

/** How much is logged. */
enum class log_level : std::int32_t {
  off = PEERAGE_LOG_OFF,
  error = PEERAGE_LOG_ERROR,
  info = PEERAGE_LOG_INFO,
  debug = PEERAGE_LOG_DEBUG,
};

/** The settings of a chooser. */
struct chooser_options {
  /**
   * `name[:key=value[,key=value]...]`: round-robin, weighted-round-robin,
   * random, two-random-choices, fewest-pending-requests, least-loaded, least-latency,
   * least-reported, hashring32, maglev, single or direct. `policies()` has the keys.
   */
  std::string policy{};
  /**
   * `key[=value][,key[=value]]...`: name, capacity, shuffle, seed, fail-fast, timeout, max-pending,
   * queue, max-waiting, eject, panic, panic-threshold, subset, client, spill or zone, as in
   * `fail-fast,timeout=200ms`. `option_keys()` has the values. What is set below stands above it.
   */
  std::string options{};
  /** A policy of one's own, instead of `policy`. */
  policy_ref custom_policy{};
  /** The name in errors and status pages; empty: not set, and if none is, the policy's. */
  std::string name{};
  /** How long `timeout::standard()` waits; 0 or `standard()`: not set, and if none is, 500 ms. */
  timeout default_timeout = timeout::standard();
  /** Makes shuffle and policy repeatable. */
  std::optional<std::uint64_t> seed{};
  /** Whether a choice fails at once when no peer is available, instead of waiting; by default not. */
  std::optional<bool> fail_fast{};
  /** Whether additions are shuffled, which they are by default; else they keep their order. */
  std::optional<bool> shuffle{};
  /** Gets one line each, from whichever thread; it may call any function. */
  std::function<void(log_level level, std::string_view line)> log{};
  /** The most detailed level that `log` gets. */
  log_level level = log_level::error;
};

/** What a chooser was made with. */
struct settings {
  /** Its name, in errors and status pages. */
  std::string name;
  /** How long `timeout::standard()` waits. */
  timeout default_timeout;
  /** A choice fails at once when no peer is available, instead of waiting. */
  bool fails_fast;
  /** A choice calls nothing back: see `PEERAGE_CALLS_NOTHING`. */
  bool calls_nothing;
  /** Only the count of requests is looked at: see `PEERAGE_COUNTS_ENDS`. */
  bool counts_ends;
  /** The same of requests that have succeeded: see `PEERAGE_COUNTS_SUCCESSES`. */
  bool counts_successes;
  /** A choice may fail with `cause::below_threshold`, and is not to wait then: `panic=fail`. */
  bool fails_below;
};

namespace detail {

// A switch as C has it.
inline std::uint8_t capi(std::optional<bool> on) noexcept {
  return static_cast<std::uint8_t>(!on ? 0 : *on ? PEERAGE_SWITCH_ON : PEERAGE_SWITCH_OFF);
}

template <bool Exceptions> void emit(void *ctx, std::int32_t level, peerage_str line) noexcept {
  auto &log = *static_cast<std::function<void(log_level, std::string_view)> *>(ctx);
  guard<Exceptions>::run([&] { log(static_cast<log_level>(level), view(line)); },
                         [](const char *) {});
}

}  // namespace detail

PEERAGE_HPP_END

#endif  // PEERAGE_OPTIONS_HPP
