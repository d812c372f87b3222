// A chooser in numbers.

#ifndef PEERAGE_STATS_HPP
#define PEERAGE_STATS_HPP

#include "status.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

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

/**
 * Why a choice found no peer, as `stats` counts it: how the call ended. What the chooser lacked is the
 * `cause` of the error. Newer libraries may know others.
 */
enum class choose_failure : std::int32_t {
  no_peer = PEERAGE_FAILURE_NO_PEER,
  fail_fast = PEERAGE_FAILURE_FAIL_FAST,
  timed_out = PEERAGE_FAILURE_TIMED_OUT,
  queue_full = PEERAGE_FAILURE_QUEUE_FULL,
  cancelled = PEERAGE_FAILURE_CANCELLED,
  stopped = PEERAGE_FAILURE_STOPPED,
  not_running = PEERAGE_FAILURE_NOT_RUNNING,
  not_retained = PEERAGE_FAILURE_NOT_RETAINED,
  policy_panicked = PEERAGE_FAILURE_POLICY_PANICKED,
  invalid_request = PEERAGE_FAILURE_INVALID_REQUEST,
};

/** Its name, such as `TIMED_OUT`. Static. */
inline std::string_view name(choose_failure of) noexcept {
  return peerage_failure_name(static_cast<peerage_failure>(of));
}

namespace detail {

// Counts of a kind, of which there are places for more than this header has names for.
template <class Kind, std::size_t places> class counts {
 public:
  /** How many there were of this kind; 0 of one that the library does not know. */
  std::uint64_t operator[](Kind kind) const noexcept {
    const auto place = static_cast<std::size_t>(kind);
    return place < places ? counts_[place] : 0;
  }

  /** How many there were, of whichever kind. */
  std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts_) sum += count;
    return sum;
  }

  static counts adopt(const std::uint64_t (&from)[places]) noexcept {
    counts made;
    for (std::size_t i = 0; i < places; i++) made.counts_[i] = from[i];
    return made;
  }

 private:
  std::uint64_t counts_[places] = {};
};

}  // namespace detail

/** Requests by how they have ended: `outcomes[outcome::failure]`. */
using outcomes = detail::counts<outcome, PEERAGE_OUTCOME_PLACES>;
/** Choices that found no peer, by why: `failures[choose_failure::timed_out]`. */
using choose_failures = detail::counts<choose_failure, PEERAGE_FAILURE_PLACES>;
/** Changes of connection statuses, by what to: `status_changes[connection_status::available]`. */
using status_changes = detail::counts<connection_status, PEERAGE_CONNECTION_PLACES>;

/** How long something took, by how often. */
struct histogram {
  struct bucket {
    /** The longest that counts here; of the last bucket the longest there is. */
    std::chrono::nanoseconds bound;
    /** How many took as long, and longer than the bound of the bucket before. */
    std::uint64_t count;
  };
  /** In ascending order. */
  std::vector<bucket> buckets;
  /** All of them together. */
  std::chrono::nanoseconds sum;

  /** How many there were. */
  std::uint64_t count() const noexcept {
    std::uint64_t all = 0;
    for (const bucket &each : buckets) all += each.count;
    return all;
  }
};

/** How often the members of a chooser were updated. */
struct update_counts {
  /** Updates that went well as a whole. */
  std::uint64_t applied;
  /** Updates of which a part failed. */
  std::uint64_t failed;
  /** How long ago the last one was, whether or not it went well; nothing if there was none. */
  std::optional<std::chrono::nanoseconds> age;
};

/**
 * A chooser in numbers at one moment. What is counted since the chooser was made never goes down, but for
 * `requests`.
 *
 * `requests` is the sum of `outcomes.total()`, `pending` and `departing_pending`: exactly when no request
 * begins or ends during the call, else within those that do. `requests` may go down: a choice that is taken
 * back, for a notice or a cancel, is counted for a moment.
 */
struct stats {
  peerage::state state;
  /** Peers it has retained. */
  std::size_t peers;
  /** Those of them that can be chosen. */
  std::size_t available;
  /** Those of them that are connecting. */
  std::size_t connecting;
  /** Those of them that are unavailable. */
  std::size_t unavailable;
  /** Those of them that are connected, and ejected, draining, outside the subset or in a later tier. */
  std::size_t set_aside;
  /** Peers that it knows and has not retained, because it does not run or uses a subset. */
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
  /** Requests that were given to a peer since the chooser was made, those in flight included. */
  std::uint64_t requests;
  /** How they have ended. */
  peerage::outcomes outcomes;
  /** How long callers have waited for a peer, in vain or not: those that got one at once are not here. */
  histogram waits;
  /** Choices that found no peer. */
  choose_failures failures;
  /** Changes of its peers' statuses. A peer begins as unavailable, which is no change. */
  peerage::status_changes status_changes;
  /** How often a peer was ejected (`eject=`). */
  std::uint64_t ejections;
  /** Changes of its members. */
  update_counts updates;
};

namespace detail {

inline outcomes outcomes_of(const std::uint64_t (&counts)[PEERAGE_OUTCOME_PLACES]) noexcept {
  return outcomes::adopt(counts);
}

inline std::optional<std::chrono::nanoseconds> age_of(std::int64_t age_ns) noexcept {
  if (age_ns == PEERAGE_AGE_NEVER) return std::nullopt;
  return std::chrono::nanoseconds(age_ns);
}

inline histogram histogram_of(const peerage_histogram &from) {
  histogram made{{}, std::chrono::nanoseconds(from.sum_ns)};
  for (std::size_t i = 0; i < from.len && i < PEERAGE_HISTOGRAM_PLACES; i++)
    made.buckets.push_back({std::chrono::nanoseconds(from.bounds_ns[i]), from.counts[i]});
  return made;
}

inline stats stats_of(const peerage_stats &counts) {
  stats made{};
  made.state = static_cast<state>(counts.state);
  made.peers = counts.peers;
  made.available = counts.available;
  made.connecting = counts.connecting;
  made.unavailable = counts.unavailable;
  made.set_aside = counts.set_aside;
  made.uninitialized = counts.uninitialized;
  made.pending = counts.pending;
  made.waiting = counts.waiting;
  made.departing = counts.departing;
  made.departing_pending = counts.departing_pending;
  made.requests = counts.requests;
  made.outcomes = outcomes_of(counts.outcomes);
  made.waits = histogram_of(counts.waits);
  made.failures = choose_failures::adopt(counts.failures);
  made.status_changes = status_changes::adopt(counts.status_changes);
  made.ejections = counts.ejections;
  made.updates = {counts.updates_applied, counts.updates_failed, age_of(counts.update_age_ns)};
  return made;
}

}  // namespace detail

PEERAGE_HPP_END

#endif  // PEERAGE_STATS_HPP
