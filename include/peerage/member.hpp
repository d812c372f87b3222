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
 * Ownership: a string that ends with the expression is kept; other texts are borrowed, and must live
 * as long as this does
 */
class member : public peerage_member {
 public:
  template <class Id, class = std::enable_if_t<std::is_convertible_v<Id, detail::text>>>
  member(Id &&its_id) : peerage_member(blank()) {
    id = detail::text(std::forward<Id>(its_id)).capi(kept_);
  }

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
  member &zone(const detail::text &name) {
    peerage_member::zone = name.capi(kept_);
    return *this;
  }
  /** The name under which a hash ring places it, if that is not its identifier. */
  member &shard(const detail::text &name) {
    peerage_member::shard = name.capi(kept_);
    return *this;
  }

 private:
  friend class members;
  static peerage_member blank() noexcept {
    const peerage_member none = PEERAGE_MEMBER_INIT;
    return none;
  }
  detail::kept_texts kept_;
};

/**
 * Members: `{"a:1", member("b:1").weight(2)}`, or any range of what converts to `member`.
 *
 * Ownership: a string that ends with the expression is kept, and so are those of such a range; other
 * texts are borrowed, and must live as long as this does
 */
class members {
 public:
  members() noexcept = default;

  members(std::initializer_list<member> list) {
    for (const member &each : list) append(each);
  }

  template <class Range, class Item = detail::item_type<Range>,
            class = std::enable_if_t<std::is_convertible_v<Item, member>>>
  members(Range &&range) {
    for (auto &&item : range) {
      if constexpr (std::is_convertible_v<Item, detail::text>) {
        append(member(detail::item_of<Range>(std::forward<decltype(item)>(item))));
      } else {
        append(std::forward<decltype(item)>(item));
      }
    }
  }

  /** Those from `first` to before `last`, as of the arguments of a program. */
  template <class It, class = std::enable_if_t<std::is_convertible_v<decltype(*std::declval<It &>()), member>>>
  members(It first, It last) {
    for (; first != last; ++first) append(*first);
  }

  const peerage_member *capi() const noexcept { return list_.data(); }
  std::size_t size() const noexcept { return list_.size(); }

 private:
  void append(const member &added) {
    list_.push_back(added);
    kept_.insert(kept_.end(), added.kept_.begin(), added.kept_.end());
  }
  std::vector<peerage_member> list_;
  detail::kept_texts kept_;
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
  /** Peers of an earlier tier serve, and are enough: the list's to say. */
  later_tier = PEERAGE_REASON_LATER_TIER,
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
