// Peers with what is known of each: given, changed, replaced, and kept from being chosen.
#include "fake.h"

namespace {

using peerage::member;
using peerage::reason;

peerage::peer_status entry(const peerage::chooser &chooser, std::string_view id) {
  for (auto &peer : chooser.snapshot().value())
    if (peer.id == id) return peer;
  ADD_FAILURE() << id << " is not in the snapshot";
  return {};
}

std::string ids(const peerage::chooser &chooser) {
  std::string all;
  for (const auto &peer : chooser.snapshot().value()) all += peer.id + " ";
  return all;
}

TEST(Member, IsMadeOfWhateverIsAText) {
  journal book;
  const auto chooser = started(transport_of(book));
  const std::string text = "b:1";
  const std::vector<std::string> more = {"d:1", "e:1"};
  const std::vector<member> with = {member("f:1").weight(2), "g:1"};
  chooser.update({"a:1", text, "c:1"sv}).value();
  chooser.update(more).value();
  chooser.update(with).value();
  EXPECT_EQ(ids(chooser), "a:1 b:1 c:1 d:1 e:1 f:1 g:1 ");
  EXPECT_EQ(entry(chooser, "f:1").weight, 2u);
  chooser.update({}, {"a:1"}).value();
  chooser.replace({}).value();
  EXPECT_EQ(ids(chooser), "");
  EXPECT_EQ(book.released, 7);
}

TEST(Member, IsShownAsItWasGiven) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({member("a:1").weight(65535).tier(255).zone("eu-1a").shard("s-7"), "b:1"}).value();
  const auto a = entry(chooser, "a:1"), b = entry(chooser, "b:1");
  EXPECT_EQ(a.weight, 65535u);
  EXPECT_EQ(a.tier, 255u);
  EXPECT_EQ(a.zone, "eu-1a");
  EXPECT_EQ(a.shard, "s-7");
  EXPECT_EQ(b.weight, 1u);
  EXPECT_EQ(b.tier, 0u);
  EXPECT_EQ(b.zone, "");
  EXPECT_EQ(b.shard, "");
  EXPECT_TRUE(a.is_available());
  EXPECT_EQ(a.reasons, peerage::reasons());
  EXPECT_EQ(a.reasons_text, "");
}

TEST(Member, ChangesWithoutAReconnect) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({"a:1"}).value();
  auto pick = chooser.try_choose().value();
  chooser.update({member("a:1").weight(4)}, {"a:1"}).value();
  EXPECT_EQ(entry(chooser, "a:1").weight, 4u);
  EXPECT_EQ(entry(chooser, "a:1").pending, 1u);
  EXPECT_EQ(book.retained, 1);
  EXPECT_EQ(book.released, 0);
  EXPECT_EQ(pick.finish(outcome::success), status::ok);
}

TEST(Member, IsCheckedByTheLibrary) {
  journal book;
  const auto chooser = started(transport_of(book));
  const auto heavy = chooser.update({"a:1", member("b:1").weight(65536)});
  ASSERT_EQ(heavy.status(), status::invalid_argument);
  EXPECT_EQ(heavy.error().message(), "add[1].weight is 65536: it can be 65535 at most");
  EXPECT_EQ(chooser.replace({member("a:1").zone("\xff")}).status(), status::invalid_utf8);
  EXPECT_EQ(chooser.replace({"a\0:1"sv}).status(), status::invalid_argument);
  EXPECT_EQ(book.retained, 0);
}

TEST(Replace, LeavesAloneWhatStays) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.replace({"a:1", "b:1"}).value();
  chooser.replace({"b:1", member("c:1").tier(1), "b:1"}).value();
  EXPECT_EQ(ids(chooser), "b:1 c:1 ");
  EXPECT_EQ(book.retained, 3);
  EXPECT_EQ(book.released, 1);
  EXPECT_EQ(entry(chooser, "c:1").tier, 1u);
}

TEST(Reason, KeepsAPeerFromBeingChosen) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({"a:1", "b:1"}).value();
  chooser.set_reason("a:1", reason::draining).value();
  chooser.set_reason("a:1", reason::ejected).value();
  for (int i = 0; i < 10; i++) EXPECT_EQ(chooser.try_choose().value().id(), "b:1");
  const auto drained = entry(chooser, "a:1");
  EXPECT_EQ(drained.status, connection_status::available);
  EXPECT_FALSE(drained.is_available());
  EXPECT_TRUE(drained.reasons.has(reason::draining) && drained.reasons.has(reason::ejected));
  EXPECT_FALSE(drained.reasons.has(reason::not_connected));
  EXPECT_EQ(drained.reasons_text, "ejected, draining");
  EXPECT_EQ(chooser.stats()->available, 1u);
  chooser.set_reason("a:1", reason::draining, false).value();
  chooser.set_reason("a:1", reason::ejected, false).value();
  EXPECT_EQ(chooser.stats()->available, 2u);
  EXPECT_EQ(chooser.set_reason("c:1", reason::draining).status(), status::not_in_list);
  EXPECT_EQ(chooser.set_reason("a:1", reason::not_connected).status(), status::invalid_argument);
}

TEST(Reason, IsNotForDirect) {
  journal book;
  const auto chooser = started(transport_of(book), "direct");
  EXPECT_EQ(chooser.replace({"a:1"}).status(), status::unsupported);
  EXPECT_EQ(chooser.set_reason("a:1", reason::draining).status(), status::unsupported);
}

}  // namespace
