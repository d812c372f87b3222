// What is known of a request, for the policies that look at it. Nothing is copied.
//
// Keys and header values are bytes: a string_view of any, NUL among them, is hashed as it is. Names of
// headers, and identifiers, are text.

#ifndef PEERAGE_REQUEST_HPP
#define PEERAGE_REQUEST_HPP

#include "ids.hpp"

#include <string_view>
#include <vector>

namespace peerage {

/** A header of a request: its name, in any case, and its value, any bytes. Both borrowed. */
struct header : peerage_header {
  header(std::string_view its_name, std::string_view its_value) noexcept
      : peerage_header{detail::lend(its_name), detail::lend(its_value)} {}
};
static_assert(sizeof(header) == sizeof(peerage_header), "an array of one is an array of the other");

/** What is known of a request: all borrowed until the call that gets the request returns. */
class request {
 public:
  /** What hash rings place: any bytes. For `direct` the peer's name, which is text. */
  request &shard_key(std::string_view key) noexcept {
    raw_.shard_key = detail::lend(key);
    return *this;
  }
  /** The traffic group the request belongs to: any bytes. */
  request &routing_key(std::string_view key) noexcept {
    raw_.routing_key = detail::lend(key);
    return *this;
  }
  /** The service that stands in for the one called: any bytes. */
  request &routing_delegate(std::string_view service) noexcept {
    raw_.routing_delegate = detail::lend(service);
    return *this;
  }
  /** The headers. */
  request &headers(const std::vector<header> &list) noexcept {
    raw_.headers = list.data();
    raw_.headers_len = list.size();
    return *this;
  }
  request &headers(std::vector<header> &&) = delete;  // it would be gone before the call
  /** Peers that are not to be chosen if any other is available: those that were tried, say. */
  request &avoid(const peer_ids &list) noexcept {
    raw_.avoid = list.capi();
    raw_.avoid_len = list.size();
    return *this;
  }
  request &avoid(peer_ids &&) = delete;  // as above

  const peerage_request *capi() const noexcept { return &raw_; }

 private:
  peerage_request raw_ = PEERAGE_REQUEST_INIT;
};

/** A request as a policy sees it, for the time of the call: its keys are bytes. */
class request_view {
 public:
  explicit request_view(const peerage_request *borrowed) noexcept : raw_(borrowed) {}
  std::string_view shard_key() const noexcept { return detail::view(raw_->shard_key); }
  std::string_view routing_key() const noexcept { return detail::view(raw_->routing_key); }
  std::string_view routing_delegate() const noexcept {
    return detail::view(raw_->routing_delegate);
  }
  const peerage_request *capi() const noexcept { return raw_; }

 private:
  const peerage_request *raw_;
};

}  // namespace peerage

#endif  // PEERAGE_REQUEST_HPP
