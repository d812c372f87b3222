// How long a choice waits, and what ends it early.

#ifndef PEERAGE_WAIT_HPP
#define PEERAGE_WAIT_HPP

#include "handle.hpp"

#include <chrono>
#include <cstdint>
#include <ratio>
#include <type_traits>

PEERAGE_HPP_BEGIN

/** How long to wait: any std::chrono duration. One that is negative is 0: do not wait. */
class timeout {
 public:
  template <class Rep, class Period>
  constexpr timeout(std::chrono::duration<Rep, Period> limit) noexcept : ns_(count(limit)) {}
  /** No limit. */
  static constexpr timeout forever() noexcept { return timeout(PEERAGE_TIMEOUT_FOREVER); }
  /** The chooser's `default_timeout`; for that itself, what the options say, or else 500 ms. */
  static constexpr timeout standard() noexcept { return timeout(PEERAGE_TIMEOUT_DEFAULT); }
  /** One from C: nanoseconds, or `PEERAGE_TIMEOUT_FOREVER`, or `PEERAGE_TIMEOUT_DEFAULT`. */
  static constexpr timeout adopt(std::int64_t ns) noexcept {
    return timeout(static_cast<long long>(ns));
  }
  constexpr std::int64_t capi() const noexcept { return ns_; }

 private:
  explicit constexpr timeout(long long ns) noexcept : ns_(ns) {}
  template <class Duration> static constexpr std::int64_t count(Duration limit) noexcept {
    using std::chrono::duration_cast;
    using std::chrono::nanoseconds;
    if (!(limit > Duration::zero())) return 0;
    // In 64 bits or a floating type: the most nanoseconds are too many for a duration of an `int`.
    using rep = std::common_type_t<typename Duration::rep, std::int64_t>;
    using wide = std::chrono::duration<rep, typename Duration::period>;
    if constexpr (!std::ratio_less_v<typename Duration::period, std::nano>) {
      if (wide(limit) >= duration_cast<wide>(nanoseconds::max())) return nanoseconds::max().count();
    }
    return duration_cast<nanoseconds>(wide(limit)).count();
  }
  std::int64_t ns_;
};

/** Ends the waits that it was given to, now and from now on. One may serve many. */
class cancel_token
    : public detail::handle<peerage_cancel, peerage_cancel_ref, peerage_cancel_unref> {
 public:
  /** One that is not triggered. */
  cancel_token() noexcept : handle(peerage_cancel_new()) {}
  /** Takes over a reference of the caller's. */
  [[nodiscard]] static cancel_token adopt(const peerage_cancel *owned) noexcept { return cancel_token(owned); }

  peerage::status trigger() const noexcept {
    return static_cast<peerage::status>(peerage_cancel_trigger(capi()));
  }
  /** Makes it one that is not triggered, for waits that begin from now on. Not during a wait. */
  peerage::status reset() const noexcept {
    return static_cast<peerage::status>(peerage_cancel_reset(capi()));
  }
  bool is_triggered() const noexcept { return peerage_cancel_is_triggered(capi()) != 0; }

 private:
  explicit cancel_token(const peerage_cancel *owned) noexcept : handle(owned) {}
};

PEERAGE_HPP_END

#endif  // PEERAGE_WAIT_HPP
