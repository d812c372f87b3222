// The names: declared ahead, in a namespace of the version, with those of the numbers.
#include <peerage/fwd.hpp>

#include <type_traits>

// What a header of one's own does that mentions a chooser.
static bool has_peers(const peerage::chooser &users);
static const peerage::peer_view *not_looked_at;

#include "fake.h"

static bool has_peers(const peerage::chooser &users) {
  return not_looked_at == nullptr && users.stats()->peers != 0;
}

namespace {

TEST(Version, NamesAreInItsNamespace) {
  static_assert(std::is_same_v<peerage::chooser, peerage::v0_1::chooser>,
                "a new version has a new namespace: change the number here too");
  static_assert(std::is_same_v<peerage::result<>, peerage::v0_1::result<void>>);
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_FALSE(has_peers(chooser));
}

TEST(Version, NumbersHaveNames) {
  EXPECT_EQ(name(outcome::not_sent), "NOT_SENT");
  EXPECT_EQ(name(connection_status::connecting), "CONNECTING");
  EXPECT_EQ(name(peerage::state::running), "RUNNING");
  EXPECT_EQ(name(peerage::cause::none_connected), "NONE_CONNECTED");
  EXPECT_EQ(name(peerage::nothing::at_capacity), "AT_CAPACITY");
  EXPECT_EQ(name(static_cast<outcome>(99)), "UNKNOWN");
}

}  // namespace
