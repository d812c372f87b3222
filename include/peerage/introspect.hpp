// What a chooser holds at one moment.

#ifndef PEERAGE_INTROSPECT_HPP
#define PEERAGE_INTROSPECT_HPP

#include "status.hpp"

#include <cstdint>
#include <string>

namespace peerage {

/** Counts of a chooser at one moment. */
using stats = peerage_stats;

/** A peer of a snapshot. */
struct peer_info {
  std::string id;
  connection_status status;
  /** Its requests in flight from this chooser. */
  std::uint32_t pending;
};

namespace detail {

struct free_snapshot {
  void operator()(peerage_snapshot *snapshot) const noexcept { peerage_snapshot_free(snapshot); }
};

}  // namespace detail

}  // namespace peerage

#endif  // PEERAGE_INTROSPECT_HPP
