// The peer of one request, from the choice to its end.

#ifndef PEERAGE_PICK_HPP
#define PEERAGE_PICK_HPP

#include "peer.hpp"
#include "wait.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

PEERAGE_HPP_BEGIN

/**
 * A peer that was chosen for one request. Finish it; one that is destroyed unfinished counts as
 * abandoned. It may outlive its chooser.
 *
 * Ownership: one owner, who may move it to another thread.
 */
class [[nodiscard]] pick {
 public:
  pick() noexcept = default;
  pick(pick &&other) noexcept : raw_(other.capi_release()) {}
  pick &operator=(pick &&other) noexcept {
    if (this != &other) {
      finish(outcome::abandoned);
      raw_ = other.capi_release();
    }
    return *this;
  }
  ~pick() {
    if (*this) finish(outcome::abandoned);
  }

  /** Takes over a pick that was made by the C functions; theirs is cleared. */
  [[nodiscard]] static pick adopt(peerage_pick *owned) noexcept {
    pick taken;
    taken.raw_ = std::exchange(*owned, peerage_pick PEERAGE_PICK_INIT);
    return taken;
  }

  /**
   * Ends the request, once: the second time nothing changes and `finished` is the answer.
   *
   * Blocks: never. It may call `finished` of the transport and the policy, and, when this was the
   * last request of a removed peer, `release`.
   */
  peerage::status finish(outcome how) noexcept {
    return static_cast<peerage::status>(
        peerage_pick_finish(&raw_, static_cast<std::int32_t>(how)));
  }

  /**
   * The same with how long the request took, as its caller has measured it. A negative latency is
   * `invalid_argument`, and the pick is finished as if none was said.
   */
  template <class Rep, class Period>
  peerage::status finish(outcome how, std::chrono::duration<Rep, Period> latency) noexcept {
    const bool past = latency < std::chrono::duration<Rep, Period>::zero();
    const std::int64_t ns = past ? INT64_MIN : timeout(latency).capi();
    return static_cast<peerage::status>(
        peerage_pick_finish_timed(&raw_, static_cast<std::int32_t>(how), ns));
  }

  /**
   * The same with all that its caller knows of it, such as how busy the peer says it is. Begin with
   * `PEERAGE_FINISH_INIT`.
   */
  peerage::status finish(const peerage_finish &how) noexcept {
    return static_cast<peerage::status>(peerage_pick_finish_with(&raw_, &how));
  }

  /** Whether there is a request to finish. */
  explicit operator bool() const noexcept { return raw_.opaque[0] != 0; }

  /** The peer; what these three return is borrowed until the pick is finished. */
  peer_view peer() const noexcept { return peer_view(peerage_pick_peer(&raw_)); }
  std::string_view id() const noexcept { return detail::view(peerage_pick_id(&raw_)); }
  /** What the transport attached to the peer. `T` must be the type that it was attached as. */
  template <class T> T *data() const noexcept { return static_cast<T *>(peerage_pick_data(&raw_)); }

  peerage_pick *capi() noexcept { return &raw_; }
  /** The pick of C, for peerage_pick_finish; this one is finished then. */
  [[nodiscard]] peerage_pick capi_release() noexcept {
    return std::exchange(raw_, peerage_pick PEERAGE_PICK_INIT);
  }

 private:
  peerage_pick raw_ = PEERAGE_PICK_INIT;
};

PEERAGE_HPP_END

#endif  // PEERAGE_PICK_HPP
