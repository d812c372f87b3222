// What a call answers, and the other numbers of peerage.h as types.

#ifndef PEERAGE_STATUS_HPP
#define PEERAGE_STATUS_HPP

#include "../peerage.h"

#include <cstdint>
#include <string_view>

namespace peerage {

/** What a call answers: `ok`, or what went wrong. Newer libraries may answer other numbers. */
enum class status : peerage_status {
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

/** How a request went. */
enum class outcome : std::int32_t {
  success = PEERAGE_OUTCOME_SUCCESS,
  failure = PEERAGE_OUTCOME_FAILURE,
  overloaded = PEERAGE_OUTCOME_OVERLOADED,
  cancelled = PEERAGE_OUTCOME_CANCELLED,
  not_sent = PEERAGE_OUTCOME_NOT_SENT,
  abandoned = PEERAGE_OUTCOME_ABANDONED,
};

/** The version of the library that runs; PEERAGE_VERSION_NUMBER is that of the header. */
inline std::uint32_t version() noexcept { return peerage_version(); }

}  // namespace peerage

#endif  // PEERAGE_STATUS_HPP
