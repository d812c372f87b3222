// What is known of a request, for the policies that look at it. Nothing is copied.
//
// Keys and header values are bytes: a string_view of any, NUL among them, is hashed as it is. Names of
// headers, and identifiers, are text.

#ifndef PEERAGE_REQUEST_HPP
#define PEERAGE_REQUEST_HPP

#include "ids.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

PEERAGE_HPP_BEGIN

/** A header of a request: its name, in any case, and its value, any bytes. Both borrowed. */
struct header : peerage_header {
  header(std::string_view its_name, std::string_view its_value) noexcept
      : peerage_header{detail::lend(its_name), detail::lend(its_value)} {}
  template <class A> header(std::string_view, detail::temporary<A>) = delete;
  template <class A> header(detail::temporary<A>, std::string_view) = delete;
};
static_assert(sizeof(header) == sizeof(peerage_header), "an array of one is an array of the other");

/**
 * What is known of a request: all borrowed until the call that gets the request returns. So it takes
 * no text that is gone before: keep a `std::string` in a variable of its own.
 */
class request {
 public:
  /** What hash rings place: any bytes. For `direct` the peer's name, which is text. */
  request &shard_key(std::string_view key) noexcept {
    raw_.shard_key = detail::lend(key);
    return *this;
  }
  template <class A> request &shard_key(detail::temporary<A>) = delete;
  /** The traffic group the request belongs to: any bytes. */
  request &routing_key(std::string_view key) noexcept {
    raw_.routing_key = detail::lend(key);
    return *this;
  }
  template <class A> request &routing_key(detail::temporary<A>) = delete;
  /** The service that stands in for the one called: any bytes. */
  request &routing_delegate(std::string_view service) noexcept {
    raw_.routing_delegate = detail::lend(service);
    return *this;
  }
  template <class A> request &routing_delegate(detail::temporary<A>) = delete;
  /** The headers. */
  request &headers(const std::vector<header> &list) noexcept {
    raw_.headers = list.data();
    raw_.headers_len = list.size();
    return *this;
  }
  request &headers(std::vector<header> &&) = delete;
  /** Peers that are not to be chosen if any other is available: those that were tried, say. */
  request &avoid(const peer_ids &list) noexcept {
    raw_.avoid = list.capi();
    raw_.avoid_len = list.size();
    return *this;
  }
  request &avoid(peer_ids &&) = delete;

  /**
   * The peer that the request would have best, such as the one that has its session; empty: none. It is
   * chosen if it is there, available, not to be avoided and not above a bound.
   */
  request &prefer(std::string_view identifier) noexcept {
    raw_.prefer = detail::lend(identifier);
    return *this;
  }
  template <class A> request &prefer(detail::temporary<A>) = delete;

  const peerage_request *capi() const noexcept { return &raw_; }

 private:
  peerage_request raw_ = PEERAGE_REQUEST_INIT;
};

/** Texts in the form that C gives them, to go through. */
class text_range {
 public:
  class iterator {
   public:
    explicit iterator(const peerage_str *at) noexcept : at_(at) {}
    std::string_view operator*() const noexcept { return detail::view(*at_); }
    iterator &operator++() noexcept { return ++at_, *this; }
    friend bool operator==(iterator a, iterator b) noexcept { return a.at_ == b.at_; }
    friend bool operator!=(iterator a, iterator b) noexcept { return a.at_ != b.at_; }

   private:
    const peerage_str *at_;
  };
  text_range(const peerage_str *first, std::size_t len) noexcept : first_(first), len_(len) {}
  iterator begin() const noexcept { return iterator(first_); }
  iterator end() const noexcept { return iterator(first_ + len_); }
  std::size_t size() const noexcept { return len_; }
  std::string_view operator[](std::size_t n) const noexcept { return detail::view(first_[n]); }

 private:
  const peerage_str *first_;
  std::size_t len_;
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
  /** The value of the header called `name`, in any case; nothing if there is no such header. */
  std::optional<std::string_view> header(std::string_view name) const noexcept {
    peerage_str value;
    if (peerage_request_header(raw_, detail::lend(name), &value) != PEERAGE_OK) return {};
    return detail::view(value);
  }
  /** Identifiers of peers that are not to be chosen if any other is available. */
  text_range avoid() const noexcept { return {raw_->avoid, raw_->avoid_len}; }
  /** The identifier of the peer that the request would have best; empty: none. */
  std::string_view prefer() const noexcept { return detail::view(raw_->prefer); }
  /** To pass it on to another chooser, with its headers, while the policy is called. */
  const peerage_request *capi() const noexcept { return raw_; }

 private:
  const peerage_request *raw_;
};

PEERAGE_HPP_END

#endif  // PEERAGE_REQUEST_HPP
