// What a chooser holds at one moment.

#ifndef PEERAGE_INTROSPECT_HPP
#define PEERAGE_INTROSPECT_HPP

#include "member.hpp"
#include "peer.hpp"
#include "stats.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

PEERAGE_HPP_BEGIN

/** What the checks of a peer have shown, as its transport tells: `peer::checked`. */
struct check {
  /** How many have passed. */
  std::uint64_t passed;
  /** How many have failed. */
  std::uint64_t failed;
  /** How the last one ended, in words; empty if that was not told. */
  std::string last;
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
  std::chrono::nanoseconds ejected_for;
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
  /**
   * How long its status has been what it is; since it was retained, if it has had no other. In steps of
   * 100 ms.
   */
  std::chrono::nanoseconds since;
  /** How often its status has changed since it was retained. */
  std::uint64_t status_changes;
  /** Requests that were given to it since it was retained, those in flight included. */
  std::uint64_t requests;
  /** How they have ended. */
  peerage::outcomes outcomes;
  /** How often it was ejected (`eject=`). */
  std::uint64_t ejections;
  /** What its transport has found out about it by checks, if it tells. */
  std::optional<peerage::check> check;

  bool is_available() const noexcept { return reasons.none(); }
};

namespace detail {

struct free_snapshot {
  void operator()(peerage_snapshot *snapshot) const noexcept { peerage_snapshot_free(snapshot); }
};

inline peer_status copy_of(const peerage_snapshot_peer &peer) {
  const auto text = [](peerage_str from) { return std::string(view(from)); };
  std::optional<check> checks;
  if (peer.check) checks = check{peer.check->passed, peer.check->failed, text(peer.check->last)};
  return {text(peer.id),
          text(peer.shard),
          text(peer.zone),
          peer.weight,
          peer.tier,
          static_cast<connection_status>(peer.status),
          peer.pending,
          reasons(peer.reasons),
          text(peer.reasons_text),
          std::chrono::nanoseconds(peer.ejected_for_ns),
          peerage::peer(peer_view(peer.peer)),
          peer.price,
          peer.latency_ns == PEERAGE_LATENCY_UNKNOWN
              ? std::nullopt
              : std::optional(std::chrono::nanoseconds(peer.latency_ns)),
          peer.failures,
          peer.reported,
          std::chrono::nanoseconds(peer.since_ns),
          peer.status_changes,
          peer.requests,
          outcomes_of(peer.outcomes),
          peer.ejections,
          std::move(checks)};
}

}  // namespace detail

PEERAGE_HPP_END

#endif  // PEERAGE_INTROSPECT_HPP
