// What a call answers, and the other numbers of peerage.h as types.

#ifndef PEERAGE_STATUS_HPP
#define PEERAGE_STATUS_HPP

#include "fwd.hpp"

#include <cstdint>
#include <string_view>

PEERAGE_HPP_BEGIN

/** What a call answers: `ok`, or what went wrong. Newer libraries may answer other numbers. */
enum class status : std::int32_t {
  ok = PEERAGE_OK,
  null_pointer = PEERAGE_ERR_NULL_POINTER,
  invalid_argument = PEERAGE_ERR_INVALID_ARGUMENT,
  invalid_utf8 = PEERAGE_ERR_INVALID_UTF8,
  unsupported = PEERAGE_ERR_UNSUPPORTED,
  not_found = PEERAGE_ERR_NOT_FOUND,
  no_peer = PEERAGE_ERR_NO_PEER,
  timed_out = PEERAGE_ERR_TIMED_OUT,
  cancelled = PEERAGE_ERR_CANCELLED,
  stopped = PEERAGE_ERR_STOPPED,
  not_running = PEERAGE_ERR_NOT_RUNNING,
  queue_full = PEERAGE_ERR_QUEUE_FULL,
  already_in_list = PEERAGE_ERR_ALREADY_IN_LIST,
  not_in_list = PEERAGE_ERR_NOT_IN_LIST,
  gone = PEERAGE_ERR_GONE,
  rejected = PEERAGE_ERR_REJECTED,
  finished = PEERAGE_ERR_FINISHED,
  panic = PEERAGE_ERR_PANIC,
};

/** The name of a status, such as `TIMED_OUT`. Static. */
inline std::string_view name(status of) noexcept {
  return peerage_status_name(static_cast<peerage_status>(of));
}

/** One line of English about a status. Static. */
inline std::string_view message(status of) noexcept {
  return peerage_status_message(static_cast<peerage_status>(of));
}

/** What a transport last heard of a peer. Only an available one is chosen. */
enum class connection_status : std::int32_t {
  unavailable = PEERAGE_CONNECTION_UNAVAILABLE,
  connecting = PEERAGE_CONNECTION_CONNECTING,
  available = PEERAGE_CONNECTION_AVAILABLE,
};

/** Its name, such as `AVAILABLE`. Static. */
inline std::string_view name(connection_status of) noexcept {
  return peerage_connection_name(static_cast<peerage_connection>(of));
}

/** How a request went. */
enum class outcome : std::int32_t {
  success = PEERAGE_OUTCOME_SUCCESS,
  failure = PEERAGE_OUTCOME_FAILURE,
  overloaded = PEERAGE_OUTCOME_OVERLOADED,
  cancelled = PEERAGE_OUTCOME_CANCELLED,
  not_sent = PEERAGE_OUTCOME_NOT_SENT,
  abandoned = PEERAGE_OUTCOME_ABANDONED,
};

/** Its name, such as `NOT_SENT`. Static. */
inline std::string_view name(outcome of) noexcept {
  return peerage_outcome_name(static_cast<peerage_outcome>(of));
}

/** What kept a choice from finding a peer. Newer libraries may know others. */
enum class cause : std::int32_t {
  /** Nothing any more: a peer can be chosen by now, or became available too late for the call. */
  too_late = PEERAGE_CAUSE_TOO_LATE,
  /** The chooser has no peers. */
  no_peers = PEERAGE_CAUSE_NO_PEERS,
  /** It has peers, and none of them is connected. */
  none_connected = PEERAGE_CAUSE_NONE_CONNECTED,
  /** Peers are connected, and all of them are ejected, draining or outside the subset. */
  set_aside = PEERAGE_CAUSE_SET_ASIDE,
  /** Peers are available, but none for this request. */
  excluded = PEERAGE_CAUSE_EXCLUDED,
  /** Fewer peers are available than the request needs. */
  too_few = PEERAGE_CAUSE_TOO_FEW,
  /** The peer that the request names is not available. */
  not_the_named = PEERAGE_CAUSE_NOT_THE_NAMED,
  /** The peer that the request names is not in the list. */
  not_in_list = PEERAGE_CAUSE_NOT_IN_LIST,
  /** Every peer that would do has as many requests as it may have. */
  at_capacity = PEERAGE_CAUSE_AT_CAPACITY,
  /** The policy was not ready to choose. */
  not_ready = PEERAGE_CAUSE_NOT_READY,
  /** The call was cancelled before it began. */
  cancelled_before = PEERAGE_CAUSE_CANCELLED_BEFORE,
  /** The call was cancelled while it waited. */
  cancelled = PEERAGE_CAUSE_CANCELLED,
  /** The chooser was stopped. */
  stopped = PEERAGE_CAUSE_STOPPED,
  /** The chooser was not running. */
  not_running = PEERAGE_CAUSE_NOT_RUNNING,
  /** The transport did not give the peer that the request names. */
  not_retained = PEERAGE_CAUSE_NOT_RETAINED,
  /** The request lacks what the chooser needs of it, or has it in a form that cannot be. */
  invalid_request = PEERAGE_CAUSE_INVALID_REQUEST,
  /** The policy, which is the user's own, failed inside. */
  policy_panicked = PEERAGE_CAUSE_POLICY_PANICKED,
  /** As many callers waited already as may. */
  queue_full = PEERAGE_CAUSE_QUEUE_FULL,
  /** Fewer peers are available than the list needs not to fail (`panic=fail`). */
  below_threshold = PEERAGE_CAUSE_BELOW_THRESHOLD,
};

/** Its name, such as `NONE_CONNECTED`. Static. */
inline std::string_view name(cause of) noexcept {
  return peerage_cause_name(static_cast<peerage_cause>(of));
}

/** The version of the library that runs; PEERAGE_VERSION_NUMBER is that of the header. */
inline std::uint32_t version() noexcept { return peerage_version(); }

PEERAGE_HPP_END

#endif  // PEERAGE_STATUS_HPP
