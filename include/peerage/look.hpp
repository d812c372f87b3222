// What a chooser says of itself and of its peers.

#ifndef PEERAGE_LOOK_HPP
#define PEERAGE_LOOK_HPP

#include "introspect.hpp"
#include "options.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

PEERAGE_HPP_BEGIN
namespace detail {

template <class Self> class chooser_looks {
 public:
  /** The peer of this name, kept; `not_in_list` if there is none, or the chooser does not run. */
  result<peerage::peer> peer(std::string_view id) const {
    const peerage_peer *out = nullptr;
    const peerage_status status = peerage_chooser_peer(raw(), lend(id), &out);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    return peerage::peer::adopt(out);
  }

  /** What it was made with. */
  result<peerage::settings> settings() const {
    peerage_settings raw_settings;
    const peerage_status status =
        peerage_chooser_settings(raw(), &raw_settings, sizeof raw_settings);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    const auto has = [&](std::uint32_t flag) { return (raw_settings.flags & flag) != 0; };
    return peerage::settings{std::string(view(raw_settings.name)),
                             timeout::adopt(raw_settings.default_timeout_ns),
                             has(PEERAGE_FAILS_FAST), has(PEERAGE_CALLS_NOTHING),
                             has(PEERAGE_COUNTS_ENDS), has(PEERAGE_COUNTS_SUCCESSES),
                             has(PEERAGE_FAILS_BELOW)};
  }

  /** The chooser in numbers, as of one moment. */
  result<peerage::stats> stats() const {
    peerage_stats counts{};
    const peerage_status status = peerage_chooser_stats(raw(), &counts, sizeof counts);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    return stats_of(counts);
  }

  /** The peers, as of one moment, in the order of their identifiers. */
  result<std::vector<peer_status>> snapshot() const {
    peerage_snapshot *raw_snapshot = nullptr;
    const peerage_status status = peerage_chooser_snapshot(raw(), &raw_snapshot);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    const std::unique_ptr<peerage_snapshot, free_snapshot> owned(raw_snapshot);
    std::vector<peer_status> peers;
    peers.reserve(peerage_snapshot_len(raw_snapshot));
    peerage_snapshot_peer peer;
    while (peerage_snapshot_get(raw_snapshot, peers.size(), &peer, sizeof peer) == PEERAGE_OK)
      peers.push_back(copy_of(peer));
    return peers;
  }

  /** A description for people, several lines. */
  result<std::string> describe() const {
    return written([&](char *buf, std::size_t len, std::size_t *needed) {
      return peerage_chooser_describe(raw(), buf, len, needed);
    });
  }

 private:
  const peerage_chooser *raw() const noexcept { return static_cast<const Self *>(this)->capi(); }
};

}  // namespace detail
PEERAGE_HPP_END

#endif  // PEERAGE_LOOK_HPP
