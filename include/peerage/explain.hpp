// Why a choice found no peer. The choice itself brings a number; the sentence is made afterwards, by
// who has time for it.

#ifndef PEERAGE_EXPLAIN_HPP
#define PEERAGE_EXPLAIN_HPP

#include "introspect.hpp"
#include "wait.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

PEERAGE_HPP_BEGIN

/** Why a choice found no peer. */
struct explanation {
  peerage::cause cause;
  /** One sentence for a log: the chooser's name, what it has, and what the call waited for. */
  std::string text;
};

namespace detail {

inline result<explanation> explain(const peerage_chooser *chooser, peerage_status ended,
                                   std::int64_t waited_ns, const peerage_request *what) {
  peerage_cause cause = PEERAGE_CAUSE_TOO_LATE;
  auto text = written([&](char *buf, std::size_t len, std::size_t *needed) {
    return peerage_chooser_explain(chooser, ended, waited_ns, what, buf, len, needed, &cause);
  });
  if (!text) return text.error();
  return explanation{static_cast<peerage::cause>(cause), std::move(*text)};
}

// How long a choice has waited that has ended so, without a clock: up to its limit, or, as far as the
// sentence tells, not at all. `triggered` is whether its token was before it began.
inline std::int64_t waited(const peerage_chooser *chooser, peerage_status ended, timeout limit,
                           bool triggered) noexcept {
  if (ended == PEERAGE_ERR_CANCELLED) return triggered ? 0 : 1;
  if (limit.capi() == 0) return PEERAGE_DID_NOT_WAIT;
  if (ended != PEERAGE_ERR_TIMED_OUT) return 0;
  if (limit.capi() != PEERAGE_TIMEOUT_DEFAULT) return limit.capi();
  peerage_settings settings;
  const peerage_status known = peerage_chooser_settings(chooser, &settings, sizeof settings);
  return known == PEERAGE_OK && settings.default_timeout_ns > 0 ? settings.default_timeout_ns : 0;
}

}  // namespace detail

PEERAGE_HPP_END

#endif  // PEERAGE_EXPLAIN_HPP
