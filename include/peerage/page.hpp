// A status page of choosers, and the same as JSON: texts for an HTTP server of the program's own.

#ifndef PEERAGE_PAGE_HPP
#define PEERAGE_PAGE_HPP

#include "chooser.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

PEERAGE_HPP_BEGIN

namespace detail {

// The text may have grown by the next call: it is to have room.
inline void leave_room(std::size_t len, std::size_t *needed) noexcept {
  if (*needed >= len) *needed += *needed / 8 + 64;
}

inline std::vector<const peerage_chooser *> raw(const std::vector<chooser> &choosers) {
  std::vector<const peerage_chooser *> all;
  all.reserve(choosers.size());
  for (const chooser &one : choosers) all.push_back(one.capi());
  return all;
}

}  // namespace detail

/**
 * A status page of choosers, in the order given: an HTML document of one file, in UTF-8, without a script, to be
 * sent as `text/html; charset=utf-8`. Names and texts of errors may be anything: they are escaped.
 *
 * `options` is `key=value,...` with the keys `title`, `refresh` (how often the browser asks again, such as
 * `5s`) and `peers` (of how many peers of a chooser there is a row, 1000).
 *
 * Errors: invalid_argument, invalid_utf8 (the options)
 */
inline result<std::string> status_html(const std::vector<chooser> &choosers,
                                       std::string_view options = {}) {
  const auto all = detail::raw(choosers);
  std::string text;
  for (std::size_t needed = 16383;;) {
    text.resize(needed + 1);
    auto wrote = detail::reported([&](peerage_error **err) {
      return peerage_status_html(all.data(), all.size(), detail::lend(options), text.data(),
                                 text.size(), &needed, err);
    });
    if (!wrote) return wrote.error();
    if (needed < text.size()) return text.resize(needed), std::move(text);
    detail::leave_room(text.size(), &needed);
  }
}

/**
 * The same for programs, as JSON without line ends, to be sent as `application/json`. docs/status-page.md has
 * the fields.
 *
 * Errors: unsupported (the library was built without the feature `json`)
 */
inline result<std::string> status_json(const std::vector<chooser> &choosers) {
  const auto all = detail::raw(choosers);
  return detail::written([&](char *buf, std::size_t len, std::size_t *needed) {
    const peerage_status status = peerage_status_json(all.data(), all.size(), buf, len, needed);
    if (status == PEERAGE_OK) detail::leave_room(len, needed);
    return status;
  });
}

PEERAGE_HPP_END

#endif  // PEERAGE_PAGE_HPP
