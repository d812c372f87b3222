// What may be written in the texts of the options, as C++ lists it.
#include "fake.h"

namespace {

std::string names_of(const std::vector<peerage::key_row> &keys) {
  std::string names;
  for (const auto &key : keys) {
    EXPECT_FALSE(key.about.empty() || key.accepts.empty()) << key.name;
    names.append(names.empty() ? "" : " ").append(key.name);
  }
  return names;
}

TEST(Catalogue, ListsThePoliciesAndTheirKeys) {
  std::string names;
  for (const auto &policy : peerage::policies()) {
    names.append(policy.name).append(" ");
    EXPECT_FALSE(policy.about.empty()) << policy.name;
    journal book;
    EXPECT_TRUE(started(transport_of(book), policy.name));
    if (policy.name == "hashring32") {
      EXPECT_EQ(names_of(policy.keys),
                "replicas delimiter peer-override-header offset-header max-offset "
                "offset-generator alternate-shard-key-header bound");
      EXPECT_EQ(policy.keys[0].accepts, "a whole number from 1 to 65536");
      EXPECT_EQ(policy.keys[0].default_value, "100");
      EXPECT_EQ(policy.keys[1].default_value, "");
    }
    if (policy.name == "random") { EXPECT_EQ(names_of(policy.keys), "bound"); }
    if (policy.name == "direct") { EXPECT_EQ(names_of(policy.keys), "keep"); }
    if (policy.name == "single") { EXPECT_EQ(names_of(policy.keys), ""); }
  }
  EXPECT_EQ(names,
            "round-robin weighted-round-robin random two-random-choices fewest-pending-requests "
            "least-loaded least-latency least-reported hashring32 maglev single direct ");
}

TEST(Catalogue, ListsTheKeysOfOptions) {
  EXPECT_EQ(names_of(peerage::option_keys()), "name capacity shuffle seed fail-fast timeout max-pending queue max-waiting eject panic "
            "panic-threshold subset client spill zone");
}

}  // namespace
