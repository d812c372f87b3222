// What a chooser holds at one moment.

#ifndef PEERAGE_INTROSPECT_HPP
#define PEERAGE_INTROSPECT_HPP

#include "member.hpp"
#include "peer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

PEERAGE_HPP_BEGIN

/** Where a chooser is in its life. */
enum class state : std::int32_t {
  idle = PEERAGE_STATE_IDLE,
  starting = PEERAGE_STATE_STARTING,
  running = PEERAGE_STATE_RUNNING,
  stopping = PEERAGE_STATE_STOPPING,
  stopped = PEERAGE_STATE_STOPPED,
};

/** Its name, such as `RUNNING`. Static. */
inline std::string_view name(state of) noexcept {
  return peerage_state_name(static_cast<peerage_state>(of));
}

/** A chooser in numbers at one moment. */
struct stats {
  peerage::state state;
  /** Peers it has retained. */
  std::size_t peers;
  /** Those of them that can be chosen. */
  std::size_t available;
  /** Peers that it knows and has not retained, because it does not run. */
  std::size_t uninitialized;
  /** Requests in flight, from this chooser, on the peers that it has retained. */
  std::uint64_t pending;
  /** Callers that wait for a peer, ready notices included. */
  std::size_t waiting;
  /**
   * Peers that have left and are not released yet, mostly because of requests in flight; they are in
   * none of the other counts. `chooser::drain` waits for them.
   */
  std::size_t departing;
  /** The requests in flight on them. */
  std::uint64_t departing_pending;
};

/** A peer of a chooser at one moment. */
struct peer_status {
  std::string id;
  /** The name under which a hash ring places it; empty: its identifier. */
  std::string shard;
  /** Where it is; empty: unknown. */
  std::string zone;
  std::uint32_t weight;
  std::uint32_t tier;
  /** As the chooser last heard it. */
  connection_status status;
  /** Its requests in flight from this chooser. */
  std::uint32_t pending;
  /** Why it cannot be chosen, and the same in words. */
  peerage::reasons reasons;
  std::string reasons_text;
  /** How long until it is tried again, if the list has ejected it (`eject=`); else 0. */
  std::chrono::milliseconds ejected_for;
  /** The peer itself, for its data or to report on it; also when it has been released since. */
  peerage::peer peer;
  /**
   * What one more request costs there, in thousandths of one on an idle peer that is like most, if the
   * policy prices peers; else 0.
   */
  std::uint64_t price;
  /** Its mean latency, if it is known and the policy goes by it. */
  std::optional<std::chrono::nanoseconds> latency;
  /** The share of its requests that have failed lately, in thousandths. */
  std::uint32_t failures;
  /** The requests in flight that it has reported, on average, if the policy goes by that. */
  std::uint32_t reported;

  bool is_available() const noexcept { return reasons.none(); }
};

namespace detail {

struct free_snapshot {
  void operator()(peerage_snapshot *snapshot) const noexcept { peerage_snapshot_free(snapshot); }
};

inline peer_status copy_of(const peerage_snapshot_peer &peer) {
  const auto text = [](peerage_str from) { return std::string(view(from)); };
  return {text(peer.id),
          text(peer.shard),
          text(peer.zone),
          peer.weight,
          peer.tier,
          static_cast<connection_status>(peer.status),
          peer.pending,
          reasons(peer.reasons),
          text(peer.reasons_text),
          std::chrono::milliseconds(peer.ejected_for_ms),
          peerage::peer(peer_view(peer.peer)),
          peer.price,
          peer.latency_ns == PEERAGE_LATENCY_UNKNOWN
              ? std::nullopt
              : std::optional(std::chrono::nanoseconds(peer.latency_ns)),
          peer.failures,
          peer.reported};
}

}  // namespace detail

PEERAGE_HPP_END

#endif  // PEERAGE_INTROSPECT_HPP
