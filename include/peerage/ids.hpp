// Several identifiers at once, in the form that C reads.

#ifndef PEERAGE_IDS_HPP
#define PEERAGE_IDS_HPP

#include "handle.hpp"

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

PEERAGE_HPP_BEGIN

namespace detail {

// A std::string that ends with the expression. What only borrows does not take one.
template <class Allocator>
using temporary = const std::basic_string<char, std::char_traits<char>, Allocator> &&;

using kept_texts = std::vector<std::shared_ptr<const std::string>>;

// One text of a list, which may be given a name and outlive the expression that it is made in. What
// ends with that expression and may own its characters is kept, anything else is borrowed.
class text {
 public:
  template <class T, class = std::enable_if_t<std::is_convertible_v<T, std::string_view>>>
  text(T &&given) {
    using type = std::decay_t<T>;
    if constexpr (std::is_lvalue_reference_v<T> || std::is_same_v<type, std::string_view> ||
                  !std::is_class_v<type>) {
      text_ = lend(std::forward<T>(given));
    } else if constexpr (std::is_same_v<type, std::string>) {
      keep(std::forward<T>(given));
    } else {
      keep(std::string(static_cast<std::string_view>(std::forward<T>(given))));
    }
  }

  // As long as `kept` is there, so is what is returned.
  peerage_str capi(kept_texts &kept) const {
    if (kept_) kept.push_back(kept_);
    return text_;
  }

 private:
  void keep(std::string owned) {
    kept_ = std::make_shared<const std::string>(std::move(owned));
    text_ = lend(*kept_);
  }
  peerage_str text_{};
  std::shared_ptr<const std::string> kept_{};
};

// An item of a range. A range that ends with the expression may own what it has, or be a view of
// strings that stay: so these are copied, and not moved.
template <class Range, class Item> text item_of(Item &&item) {
  if constexpr (std::is_lvalue_reference_v<Range>) {
    return text(std::forward<Item>(item));
  } else {
    return text(std::decay_t<Item>(std::forward<Item>(item)));
  }
}

template <class Range> using item_type = decltype(*std::begin(std::declval<Range &>()));

}  // namespace detail

/**
 * Identifiers of peers: `{"a:1", "b:1"}`, or any range of what converts to std::string_view.
 *
 * Ownership: a string that ends with the expression is kept, and so are those of such a range; other
 * texts are borrowed, and must live as long as this does
 */
class peer_ids {
 public:
  peer_ids() noexcept = default;

  peer_ids(std::initializer_list<detail::text> ids) {
    for (const detail::text &id : ids) append(id);
  }

  template <class Range, class Id = detail::item_type<Range>,
            class = std::enable_if_t<std::is_convertible_v<Id, std::string_view>>>
  peer_ids(Range &&range) {
    for (auto &&id : range) append(detail::item_of<Range>(std::forward<decltype(id)>(id)));
  }

  const peerage_str *capi() const noexcept { return ids_.data(); }
  std::size_t size() const noexcept { return ids_.size(); }

 private:
  void append(const detail::text &id) { ids_.push_back(id.capi(kept_)); }
  std::vector<peerage_str> ids_;
  detail::kept_texts kept_;
};

PEERAGE_HPP_END

#endif  // PEERAGE_IDS_HPP
