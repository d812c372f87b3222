// Waiting without a thread: a callable is called once, or taken back, and always destroyed.
#include "fake.h"

#include <future>

namespace {

class Notify : public testing::Test {
 protected:
  Notify() {
    chooser = started(transport_of(book, connection_status::connecting));
    chooser.update({"a:1"}).value();
  }
  void push() { book.peer("a:1").set_status(connection_status::available); }

  journal book;
  peerage::chooser chooser;
};

TEST_F(Notify, CallsWhenAPeerIsAvailable) {
  std::promise<status> told;
  auto future = told.get_future();
  const auto id =
      chooser.notify_ready([told = std::move(told)](status how) mutable { told.set_value(how); });
  ASSERT_TRUE(id);
  EXPECT_NE(*id, 0u);
  EXPECT_EQ(future.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(chooser.stats()->waiting, 1u);
  push();
  ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(future.get(), status::ok);
  EXPECT_TRUE(chooser.try_choose());
  EXPECT_EQ(chooser.notify_cancel(*id), status::not_found);
}

TEST_F(Notify, CallsAtOnceIfOneIs) {
  push();
  int calls = 0;
  const auto id = chooser.notify_ready([&](status how) {
    EXPECT_EQ(how, status::ok);
    calls++;
  });
  EXPECT_EQ(id.status(), status::ok);
  EXPECT_EQ(*id, 0u);
  EXPECT_EQ(calls, 1);
}

TEST_F(Notify, TellsOfAStop) {
  status told = status::ok;
  EXPECT_TRUE(chooser.notify_ready([&](status how) { told = how; }));
  chooser.stop();
  EXPECT_EQ(told, status::stopped);
}

TEST_F(Notify, IsTakenBack) {
  const auto alive = std::make_shared<int>(0);
  const auto id = chooser.notify_ready([alive](status) { FAIL() << "it was taken back"; });
  EXPECT_EQ(alive.use_count(), 2);
  EXPECT_EQ(chooser.notify_cancel(*id), status::ok);
  EXPECT_EQ(alive.use_count(), 1);
  push();
  EXPECT_EQ(chooser.notify_cancel(*id), status::not_found);
}

TEST_F(Notify, DestroysTheCallableAfterItsCall) {
  const auto alive = std::make_shared<int>(0);
  EXPECT_TRUE(chooser.notify_ready([alive](status) {}));
  push();
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(Notify, DropsWhatItThrows) {
  const auto alive = std::make_shared<int>(0);
  EXPECT_TRUE(chooser.notify_ready([alive](status) { throw std::runtime_error("oh"); }));
  push();
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_TRUE(chooser.try_choose());
}

TEST_F(Notify, IsGivenByTheTickThatEndsAnEjection) {
  EXPECT_EQ(chooser.tick(), std::nullopt);
  peerage::chooser_options options;
  options.policy = "round-robin";
  options.options = "eject=1,shuffle=off";
  journal two;
  auto ejects = peerage::chooser::started(transport_of(two), options, {"a:1", "b:1"}).value();
  while (!ejects.tick()) {
    auto pick = ejects.try_choose();
    pick->finish(pick->id() == "a:1" ? outcome::failure : outcome::success);
  }
  two.peer("b:1").set_status(connection_status::unavailable);
  int calls = 0;
  EXPECT_TRUE(ejects.notify_ready([&](status) { calls++; }));
  while (const auto next = ejects.tick()) {
    EXPECT_LE(*next, 1100ms);
    EXPECT_EQ(calls, 0);
    // This test is the event loop: nothing but time ends the ejection, and `tick` says how much.
    std::this_thread::sleep_for(*next);
  }
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(ejects.try_choose()->id(), "a:1");
}

TEST_F(Notify, MayChooseInsideTheCall) {
  std::string chosen;
  EXPECT_TRUE(chooser.notify_ready([&](status) { chosen = chooser.try_choose()->id(); }));
  push();
  EXPECT_EQ(chosen, "a:1");
  EXPECT_EQ(chooser.stats()->pending, 0u);
}

}  // namespace
