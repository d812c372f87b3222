// The settings of a chooser, and its log.

#ifndef PEERAGE_OPTIONS_HPP
#define PEERAGE_OPTIONS_HPP

#include "policy.hpp"
#include "wait.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace peerage {

/** How much is logged. */
enum class log_level : std::int32_t {
  off = PEERAGE_LOG_OFF,
  error = PEERAGE_LOG_ERROR,
  info = PEERAGE_LOG_INFO,
  debug = PEERAGE_LOG_DEBUG,
};

/** The settings of a chooser. Texts are borrowed until `chooser::make` returns. */
struct chooser_options {
  /**
   * `name[:key=value[,key=value]...]`: round-robin, random, two-random-choices,
   * fewest-pending-requests, hashring32 (replicas, delimiter, ...), single or direct.
   */
  std::string_view policy;
  /** A policy of one's own, instead of `policy`. */
  policy_ref custom_policy;
  /** The name in errors and status pages; empty: the policy's. */
  std::string_view name;
  /** How long `timeout::standard()` waits; 0 is 500 ms too. */
  timeout default_timeout = timeout::standard();
  /** Makes shuffle and policy repeatable. */
  std::optional<std::uint64_t> seed;
  /** A choice fails at once when no peer is available, instead of waiting. */
  bool fail_fast = false;
  /** Additions are shuffled; else they keep their order. */
  bool shuffle = true;
  /** Gets one line each, from whichever thread; it may call any function. */
  std::function<void(log_level level, std::string_view line)> log;
  /** The most detailed level that `log` gets. */
  log_level level = log_level::error;
};

namespace detail {

template <bool Exceptions> void emit(void *ctx, std::int32_t level, peerage_str line) noexcept {
  auto &log = *static_cast<std::function<void(log_level, std::string_view)> *>(ctx);
  guard<Exceptions>::run([&] { log(static_cast<log_level>(level), view(line)); },
                         [](const char *) {});
}

}  // namespace detail

}  // namespace peerage

#endif  // PEERAGE_OPTIONS_HPP
