// Who is in a list: names with what is known of each, and why one of them cannot be chosen.

#ifndef PEERAGE_MEMBER_HPP
#define PEERAGE_MEMBER_HPP

#include "ids.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

PEERAGE_HPP_BEGIN

/**
 * A peer to add, and what is known of it beside its name: `member("10.0.0.1:80").weight(3)`. A name
 * alone is one too.
 *
 * Ownership: the texts are borrowed, and must live as long as this does
 */
class member : public peerage_member {
 public:
  template <class Id,
            class = std::enable_if_t<std::is_convertible_v<const Id &, std::string_view>>>
  member(const Id &its_id) noexcept : peerage_member(blank()) {
    id = detail::lend(std::string_view(its_id));
  }
  /** Not of a text that ends with the expression: keep a `std::string` in a variable of its own. */
  template <class A> member(detail::temporary<A>) = delete;

  /** How much it can take beside others, 1 to 65535. */
  member &weight(std::uint32_t number) noexcept {
    peerage_member::weight = number;
    return *this;
  }
  /** Which tier it belongs to, 0 to 255: 0 is the first to be used. */
  member &tier(std::uint32_t number) noexcept {
    peerage_member::tier = number;
    return *this;
  }
  /** Where it is. */
  member &zone(std::string_view name) noexcept {
    peerage_member::zone = detail::lend(name);
    return *this;
  }
  template <class A> member &zone(detail::temporary<A>) = delete;
  /** The name under which a hash ring places it, if that is not its identifier. */
  member &shard(std::string_view name) noexcept {
    peerage_member::shard = detail::lend(name);
    return *this;
  }
  template <class A> member &shard(detail::temporary<A>) = delete;

 private:
  static peerage_member blank() noexcept {
    const peerage_member none = PEERAGE_MEMBER_INIT;
    return none;
  }
};
static_assert(sizeof(member) == sizeof(peerage_member), "an array of one is an array of the other");

namespace detail {

// An item of a list in braces, which a call of one expression may make of a temporary.
struct listed {
  listed(const member &its) noexcept : is(its) {}
  template <class Id, class = std::enable_if_t<std::is_convertible_v<const Id &, std::string_view>>>
  listed(const Id &id) noexcept : is(id) {}
  member is;
};

}  // namespace detail

/**
 * Members: `{"a:1", member("b:1").weight(2)}`, or any range of what converts to `member`.
 *
 * Ownership: the texts are borrowed, and must live as long as this does
 */
class members {
 public:
  members() noexcept = default;

  members(std::initializer_list<detail::listed> list) {
    list_.reserve(list.size());
    for (const detail::listed &item : list) list_.push_back(item.is);
  }

  template <class Range, class Item = decltype(*std::begin(std::declval<const Range &>())),
            class = std::enable_if_t<std::is_convertible_v<Item, member>>>
  members(const Range &range) {
    static_assert(std::is_reference_v<Item> || std::is_same_v<Item, member> ||
                      std::is_same_v<Item, std::string_view>,
                  "the texts are borrowed: the range must not make them as it goes");
    for (const auto &item : range) list_.emplace_back(item);
  }

  const peerage_member *capi() const noexcept { return list_.data(); }
  std::size_t size() const noexcept { return list_.size(); }

 private:
  std::vector<member> list_;
};

/** One reason why a peer cannot be chosen. */
enum class reason : std::uint32_t {
  /** Its connection status is not `available`: its transport's to say. */
  not_connected = PEERAGE_REASON_NOT_CONNECTED,
  /** Its requests went wrong, and it is left alone for a while. */
  ejected = PEERAGE_REASON_EJECTED,
  /** Other clients use it, and this one does not. */
  outside_subset = PEERAGE_REASON_OUTSIDE_SUBSET,
  /** It is about to go: it finishes what it has, and gets nothing new. */
  draining = PEERAGE_REASON_DRAINING,
};

/** Every reason why a peer cannot be chosen: it can if there is none. */
class reasons {
 public:
  constexpr reasons() noexcept = default;
  explicit constexpr reasons(std::uint32_t bits) noexcept : bits_(bits) {}
  constexpr bool has(reason which) const noexcept {
    return (bits_ & static_cast<std::uint32_t>(which)) != 0;
  }
  constexpr bool none() const noexcept { return bits_ == 0; }
  constexpr std::uint32_t capi() const noexcept { return bits_; }
  friend constexpr bool operator==(reasons a, reasons b) noexcept { return a.bits_ == b.bits_; }
  friend constexpr bool operator!=(reasons a, reasons b) noexcept { return a.bits_ != b.bits_; }

 private:
  std::uint32_t bits_ = 0;
};

PEERAGE_HPP_END

#endif  // PEERAGE_MEMBER_HPP
