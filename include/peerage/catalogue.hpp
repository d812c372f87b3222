// What may be written in `chooser_options::policy` and `chooser_options::options`.

#ifndef PEERAGE_CATALOGUE_HPP
#define PEERAGE_CATALOGUE_HPP

#include "handle.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

PEERAGE_HPP_BEGIN

/** A key of a policy, or of a chooser's `options`. All texts are static. */
struct key_row {
  std::string_view name;
  /** What it is for, in a few words. */
  std::string_view about;
  /** Which values it takes, in the words in which errors ask for one. */
  std::string_view accepts;
  /** The value it has if it is not given; empty if it then has none. */
  std::string_view default_value;
};

/** A policy that has a name. All texts are static. */
struct policy_row {
  std::string_view name;
  /** Which peer it picks, in a few words. */
  std::string_view about;
  std::vector<key_row> keys;
};

namespace detail {

// `call` writes the row at an index, until there is none.
template <class Call> std::vector<key_row> keys(Call &&call) {
  std::vector<key_row> keys;
  peerage_key_row row;
  while (call(keys.size(), &row) == PEERAGE_OK)
    keys.push_back({view(row.name), view(row.about), view(row.accepts), view(row.default_value)});
  return keys;
}

}  // namespace detail

/** The policies that have a name, with the keys of their settings. */
inline std::vector<policy_row> policies() {
  std::vector<policy_row> policies;
  peerage_policy_row row;
  for (std::size_t n = 0; peerage_catalogue_policy(n, &row, sizeof row) == PEERAGE_OK; n++)
    policies.push_back({detail::view(row.name), detail::view(row.about),
                        detail::keys([n](std::size_t index, peerage_key_row *key) {
                          return peerage_catalogue_key(n, index, key, sizeof *key);
                        })});
  return policies;
}

/** The keys of `chooser_options::options`. */
inline std::vector<key_row> option_keys() {
  return detail::keys([](std::size_t index, peerage_key_row *key) {
    return peerage_catalogue_option(index, key, sizeof *key);
  });
}

/** The keys of the options of `transport_ref::probing`; none, if the library was built without. */
inline std::vector<key_row> probe_keys() {
  return detail::keys([](std::size_t index, peerage_key_row *key) {
    return peerage_catalogue_probe_option(index, key, sizeof *key);
  });
}

/** A kind of source that the URI of an `updater` can name. All texts are static. */
struct scheme_row {
  /** What stands before the first colon. */
  std::string_view name;
  /** The form of its URIs. */
  std::string_view form;
  /** What it is, in a few words. */
  std::string_view about;
  /** What the library has to be built with; empty: every build has it. */
  std::string_view feature;
  /** Whether it was. */
  bool available;
  /** What may stand behind the `#`. */
  std::vector<key_row> keys;
};

/** The kinds of sources, those that this library was built without too. */
inline std::vector<scheme_row> schemes() {
  std::vector<scheme_row> schemes;
  peerage_scheme_row row;
  for (std::size_t n = 0; peerage_catalogue_scheme(n, &row, sizeof row) == PEERAGE_OK; n++)
    schemes.push_back({detail::view(row.name), detail::view(row.form), detail::view(row.about),
                       detail::view(row.feature), row.available != 0,
                       detail::keys([n](std::size_t index, peerage_key_row *key) {
                         return peerage_catalogue_scheme_key(n, index, key, sizeof *key);
                       })});
  return schemes;
}

/** Whether the library was built with a scheme, such as `dns`, or a feature, such as `probing`. */
inline bool has(const std::string &name) noexcept {
  return name.find('\0') == std::string::npos && peerage_has(name.c_str()) != 0;
}

PEERAGE_HPP_END

#endif  // PEERAGE_CATALOGUE_HPP
