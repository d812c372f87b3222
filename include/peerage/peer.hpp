// A peer: where a transport reports a status, and keeps what it knows of the other side.

#ifndef PEERAGE_PEER_HPP
#define PEERAGE_PEER_HPP

#include "handle.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

PEERAGE_HPP_BEGIN

namespace detail {

template <class Self> class peer_calls {
 public:
  /** Borrowed from the peer; `data()` of it is NUL-terminated. */
  std::string_view id() const noexcept { return view(peerage_peer_id(raw())); }

  /** What was reported last. */
  connection_status status() const noexcept {
    return static_cast<connection_status>(peerage_peer_status(raw()));
  }

  /**
   * Reports the status; `gone` after `release`, which is nothing to worry about.
   *
   * Threads: any, also inside `retain`
   */
  peerage::status set_status(connection_status now) const noexcept {
    return static_cast<peerage::status>(
        peerage_peer_set_status(raw(), static_cast<std::int32_t>(now)));
  }

  /**
   * Says how many requests the peer has in flight, of all clients and as it says itself: for
   * transports that probe. An answer that says so is told with `pick::finish`. Before `retain` has
   * returned it changes nothing.
   */
  peerage::status report(std::uint32_t in_flight) const noexcept {
    return static_cast<peerage::status>(peerage_peer_report(raw(), in_flight));
  }

  /**
   * Counts a check that the transport has made of the peer, for status pages and metrics; `what` says in
   * words how it ended, or is empty. It changes nothing else: whether the peer is available is said by
   * `set_status`.
   */
  peerage::status checked(bool passed, std::string_view what = {}) const noexcept {
    return static_cast<peerage::status>(peerage_peer_checked(raw(), passed, lend(what)));
  }

  /** Attaches what the transport knows of the peer; what was there before is deleted. */
  template <class T> peerage::status set_data(std::unique_ptr<T> data) const noexcept {
    return static_cast<peerage::status>(
        peerage_peer_set_data(raw(), data.release(), detail::drop<T>));
  }

  /**
   * What was attached, or `nullptr`. `T` must be the type that it was attached as.
   *
   * Ownership: borrowed from the peer, until other data is attached
   */
  template <class T> T *data() const noexcept {
    return static_cast<T *>(peerage_peer_data(raw()));
  }

 private:
  const peerage_peer *raw() const noexcept { return static_cast<const Self *>(this)->capi(); }
};

}  // namespace detail

/** A peer whose handle is another's: what a callback or a pick lends. As cheap as a pointer. */
class peer_view : public detail::peer_calls<peer_view> {
 public:
  explicit peer_view(const peerage_peer *borrowed) noexcept : raw_(borrowed) {}
  const peerage_peer *capi() const noexcept { return raw_; }
  friend bool operator==(peer_view a, peer_view b) noexcept { return a.raw_ == b.raw_; }
  friend bool operator!=(peer_view a, peer_view b) noexcept { return a.raw_ != b.raw_; }
  /** Some order, for sets and maps. */
  friend bool operator<(peer_view a, peer_view b) noexcept {
    return std::less<const peerage_peer *>()(a.raw_, b.raw_);
  }

 private:
  const peerage_peer *raw_;
};

/** A peer, kept: what a transport holds for as long as it reports. */
class peer : public detail::handle<peerage_peer, peerage_peer_ref, peerage_peer_unref>,
             public detail::peer_calls<peer> {
 public:
  peer() noexcept = default;
  /** Takes a reference. */
  explicit peer(peer_view kept) noexcept : handle(peerage_peer_ref(kept.capi())) {}
  /** Takes over a reference of the caller's. */
  [[nodiscard]] static peer adopt(const peerage_peer *owned) noexcept { return peer(owned, 0); }
  operator peer_view() const noexcept { return peer_view(capi()); }

 private:
  peer(const peerage_peer *owned, int) noexcept : handle(owned) {}
};

PEERAGE_HPP_END

// Doxygen knows no specialisation of a template of another namespace.
/// @cond
template <> struct std::hash<peerage::peer_view> {
  std::size_t operator()(peerage::peer_view of) const noexcept {
    return std::hash<const peerage_peer *>()(of.capi());
  }
};
/** The same as of a view of it. */
template <> struct std::hash<peerage::peer> {
  std::size_t operator()(const peerage::peer &of) const noexcept {
    return std::hash<const peerage_peer *>()(of.capi());
  }
};
/// @endcond

#endif  // PEERAGE_PEER_HPP
