// Several identifiers at once, in the form that C reads.

#ifndef PEERAGE_IDS_HPP
#define PEERAGE_IDS_HPP

#include "handle.hpp"

#include <cstddef>
#include <initializer_list>
#include <iterator>
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

}  // namespace detail

/**
 * Identifiers of peers: `{"a:1", "b:1"}`, or any range of what converts to std::string_view.
 *
 * Ownership: the texts are borrowed, and must live as long as this does
 */
class peer_ids {
 public:
  peer_ids() noexcept = default;

  peer_ids(std::initializer_list<std::string_view> ids) { append(ids); }

  template <class Range, class Id = decltype(*std::begin(std::declval<const Range &>())),
            class = std::enable_if_t<std::is_convertible_v<Id, std::string_view>>>
  peer_ids(const Range &ids) {
    static_assert(std::is_reference_v<Id> || std::is_same_v<Id, std::string_view>,
                  "the texts are borrowed: the range must not make them as it goes");
    append(ids);
  }

  const peerage_str *capi() const noexcept { return ids_.data(); }
  std::size_t size() const noexcept { return ids_.size(); }

 private:
  template <class Range> void append(const Range &ids) {
    for (const std::string_view id : ids) ids_.push_back(detail::lend(id));
  }
  std::vector<peerage_str> ids_;
};

PEERAGE_HPP_END

#endif  // PEERAGE_IDS_HPP
