// What a chooser says of itself.
#include "fake.h"

namespace {

TEST(Introspect, StatsCount) {
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_EQ(chooser.stats()->peers, 0u);
  chooser.update({"a:1", "b:1", "c:1"}).value();
  book.peer("b:1").set_status(connection_status::unavailable);
  const auto one = chooser.choose(patience), two = chooser.choose(patience);
  const peerage::stats counts = chooser.stats().value();
  EXPECT_EQ(counts.peers, 3u);
  EXPECT_EQ(counts.available, 2u);
  EXPECT_EQ(counts.pending, 2u);
  EXPECT_EQ(counts.waiting, 0u);
  EXPECT_EQ(counts.uninitialized, 0u);
  EXPECT_EQ(counts.state, peerage::state::running);
  EXPECT_EQ(chooser.stop(), status::ok);
  EXPECT_EQ(chooser.stats()->state, peerage::state::stopped);
  EXPECT_EQ(chooser.stats()->uninitialized, 3u);
}

TEST(Introspect, ASnapshotNamesThePeers) {
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_TRUE(chooser.snapshot()->empty());
  chooser.update(std::vector<std::string>{"c:1", "a:1", "b:1"}).value();
  book.peer("b:1").set_status(connection_status::connecting);
  const auto pick = chooser.choose(patience).value();
  const auto peers = chooser.snapshot().value();
  ASSERT_EQ(peers.size(), 3u);
  EXPECT_EQ(peers[0].id, "a:1");
  EXPECT_EQ(peers[1].id, "b:1");
  EXPECT_EQ(peers[2].id, "c:1");
  EXPECT_EQ(peers[0].status, connection_status::available);
  EXPECT_EQ(peers[1].status, connection_status::connecting);
  for (const auto &peer : peers) EXPECT_EQ(peer.pending, peer.id == pick.id() ? 1u : 0u);
}

TEST(Introspect, ADescriptionIsWholeHoweverLong) {
  journal book;
  const auto chooser = started(transport_of(book));
  std::vector<std::string> ids;
  for (int i = 100; i < 200; i++) ids.push_back("host-" + std::to_string(i) + ":1");
  chooser.update(ids).value();
  const std::string text = chooser.describe().value();
  EXPECT_NE(text.find("Running (100/100 available)"), text.npos);
  for (const auto &id : ids) EXPECT_NE(text.find(id), text.npos) << id;
  EXPECT_EQ(text.find('\0'), text.npos);
}

}  // namespace
