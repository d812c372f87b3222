// A pick is finished once, by its owner or by going out of scope.
#include "fake.h"

namespace {

// Remembers how each request ended.
class recorder final : public peerage::watching_transport {
 public:
  explicit recorder(std::vector<outcome> &ends) : ends_(ends) {}
  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view id) override {
    peer.set_data(std::make_unique<std::string>("to " + std::string(id)));
    peer.set_status(connection_status::available);
    return {};
  }
  void release(peerage::peer_view) override {}
  void started(peerage::peer_view) override {}
  void finished(peerage::peer_view, outcome how) override { ends_.push_back(how); }

 private:
  std::vector<outcome> &ends_;
};

class Pick : public testing::Test {
 protected:
  Pick() {
    chooser = started(peerage::transport_ref::make(std::make_unique<recorder>(ends)).value());
    chooser.update({"a:1"}).value();
  }
  std::uint64_t pending() { return chooser.stats().value().pending; }

  std::vector<outcome> ends;
  peerage::chooser chooser;
};

TEST_F(Pick, KnowsItsPeer) {
  auto pick = chooser.choose(patience).value();
  EXPECT_TRUE(pick);
  EXPECT_EQ(pick.id(), "a:1");
  EXPECT_EQ(pick.peer().id(), "a:1");
  EXPECT_EQ(pick.peer().status(), connection_status::available);
  EXPECT_EQ(*pick.data<std::string>(), "to a:1");
}

TEST_F(Pick, EndsAsItsOwnerSays) {
  for (const outcome how : {outcome::success, outcome::failure, outcome::overloaded,
                            outcome::cancelled, outcome::not_sent}) {
    auto pick = chooser.choose(patience).value();
    EXPECT_EQ(pick.finish(how), status::ok);
    EXPECT_EQ(ends.back(), how);
  }
  EXPECT_EQ(ends.size(), 5u);
  EXPECT_EQ(pending(), 0u);
}

TEST_F(Pick, EndsWithHowLongItTook) {
  for (const auto latency : {0ns, 1ns, std::chrono::nanoseconds::max()}) {
    auto pick = chooser.choose(patience).value();
    EXPECT_EQ(pick.finish(outcome::overloaded, latency), status::ok);
    EXPECT_EQ(pick.finish(outcome::overloaded, latency), status::finished);
  }
  // Any duration; one that is negative is a mistake, and the request has ended all the same.
  auto pick = chooser.choose(patience).value();
  EXPECT_EQ(pick.finish(outcome::success, std::chrono::duration<double>(0.25)), status::ok);
  for (const auto latency : {-1ns, -2ns, std::chrono::nanoseconds::min()}) {
    pick = chooser.choose(patience).value();
    EXPECT_EQ(pick.finish(outcome::success, latency), status::invalid_argument);
    EXPECT_FALSE(pick);
  }
  EXPECT_EQ(ends.size(), 7u);
  EXPECT_EQ(pending(), 0u);
}

TEST_F(Pick, IsAbandonedWhenItsScopeEnds) {
  {
    const auto pick = chooser.choose(patience);
    EXPECT_EQ(pending(), 1u);
    EXPECT_TRUE(ends.empty());
  }
  EXPECT_EQ(pending(), 0u);
  EXPECT_EQ(ends, std::vector{outcome::abandoned});
}

TEST_F(Pick, AndWhenAnExceptionPasses) {
  try {
    const auto pick = chooser.choose(patience).value();
    throw std::runtime_error("the call failed");
  } catch (const std::runtime_error &) {
    EXPECT_EQ(ends, std::vector{outcome::abandoned});
  }
}

TEST_F(Pick, EndsOnlyOnce) {
  auto pick = chooser.choose(patience).value();
  EXPECT_EQ(pick.finish(outcome::success), status::ok);
  EXPECT_FALSE(pick);
  EXPECT_EQ(pick.id(), "");
  EXPECT_EQ(pick.data<std::string>(), nullptr);
  EXPECT_EQ(pick.finish(outcome::failure), status::finished);
  EXPECT_EQ(ends, std::vector{outcome::success});
}

TEST_F(Pick, MovesWithItsRequest) {
  auto first = chooser.choose(patience).value();
  peerage::pick second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT: what a move leaves is documented
  EXPECT_TRUE(second);
  auto third = chooser.choose(patience).value();
  EXPECT_EQ(pending(), 2u);
  third = std::move(second);  // its own request is abandoned
  EXPECT_EQ(pending(), 1u);
  EXPECT_EQ(ends, std::vector{outcome::abandoned});
  EXPECT_EQ(third.finish(outcome::success), status::ok);
}

TEST_F(Pick, IsNotCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<peerage::pick>);
  EXPECT_FALSE(std::is_copy_assignable_v<peerage::pick>);
  EXPECT_TRUE(std::is_nothrow_move_constructible_v<peerage::pick>);
}

TEST_F(Pick, GoesToCAndComesBack) {
  auto pick = chooser.choose(patience).value();
  peerage_pick raw = pick.capi_release();
  EXPECT_FALSE(pick);
  auto back = peerage::pick::adopt(&raw);
  EXPECT_EQ(peerage_pick_finish(&raw, PEERAGE_OUTCOME_SUCCESS), PEERAGE_ERR_FINISHED);
  EXPECT_EQ(back.finish(outcome::success), status::ok);
}

TEST_F(Pick, OutlivesItsChooser) {
  auto pick = chooser.choose(patience).value();
  chooser.stop();
  chooser = {};
  EXPECT_EQ(pick.id(), "a:1");
  EXPECT_EQ(pick.finish(outcome::success), status::ok);
  EXPECT_EQ(ends, std::vector{outcome::success});
}

TEST(Report, IsWhatLeastReportedGoesBy) {
  journal book;
  auto chooser = started(
      peerage::transport_ref::make(std::make_unique<fake>(book, connection_status::available)).value(),
      "least-reported:choices=16,memory=0,measure=off");
  chooser.update({"busy:1", "a:1", "b:1"}).value();
  EXPECT_EQ(book.peer("busy:1").report(200), status::ok);
  const auto before = chooser.snapshot().value();
  for (const auto &peer : before) {
    EXPECT_FALSE(peer.latency);
    EXPECT_EQ(peer.reported > 0, peer.id == "busy:1");
    EXPECT_EQ(peer.price > 1000, peer.id == "busy:1");
  }
  for (int i = 0; i < 100; i++) {
    auto pick = chooser.choose(patience).value();
    EXPECT_NE(pick.id(), "busy:1");
    peerage_finish how = PEERAGE_FINISH_INIT;
    how.outcome = PEERAGE_OUTCOME_SUCCESS;
    how.in_flight = 1;
    EXPECT_EQ(pick.finish(how), status::ok);
    EXPECT_EQ(pick.finish(how), status::finished);
  }
}

}  // namespace
