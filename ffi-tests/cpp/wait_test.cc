// A choice that waits is released by a push, a stop, a cancel or its deadline.
#include "fake.h"

#include <future>

namespace {

using steady = std::chrono::steady_clock;

class Wait : public testing::Test {
 protected:
  Wait() {
    chooser = started(transport_of(book, connection_status::connecting), "two-random-choices");
    chooser.update({"a:1"}).value();
  }

  // Begins to wait without a limit, and returns when the library knows.
  std::future<peerage::result<peerage::pick>> begin(const peerage::cancel_token *cancel = nullptr) {
    auto waiting = std::async(std::launch::async, [this, cancel] {
      return chooser.choose(peerage::timeout::forever(), cancel);
    });
    await_waiting(chooser, 1);
    return waiting;
  }

  static peerage::result<peerage::pick> end(std::future<peerage::result<peerage::pick>> &waiting) {
    EXPECT_EQ(waiting.wait_for(patience), std::future_status::ready);
    return waiting.get();
  }

  journal book;
  peerage::chooser chooser;
};

TEST_F(Wait, EndsWithAPush) {
  auto waiting = begin();
  book.peer("a:1").set_status(connection_status::available);
  EXPECT_EQ(end(waiting)->id(), "a:1");
}

TEST_F(Wait, EndsWithAStop) {
  auto waiting = begin();
  EXPECT_EQ(chooser.stop(), status::ok);
  EXPECT_EQ(end(waiting).status(), status::stopped);
}

TEST_F(Wait, EndsWithACancel) {
  const peerage::cancel_token token;
  auto waiting = begin(&token);
  const peerage::cancel_token copy = token;
  EXPECT_EQ(copy.trigger(), status::ok);
  EXPECT_EQ(end(waiting).status(), status::cancelled);
  EXPECT_TRUE(token.is_triggered());
  EXPECT_EQ(chooser.choose(peerage::timeout::forever(), &token).status(), status::cancelled);
}

TEST_F(Wait, EndsWithItsDeadline) {
  const auto began = steady::now();
  const auto result = chooser.choose(20ms);
  EXPECT_EQ(result.status(), status::timed_out);
  EXPECT_NE(result.error().message(), "");
  EXPECT_GE(steady::now() - began, 20ms);
}

TEST_F(Wait, HasALimitOfTheChoosersOwn) {
  peerage::chooser_options options;
  options.policy = "random";
  options.default_timeout = 10ms;
  const auto hasty = peerage::chooser::make(transport_of(book), options).value();
  hasty.start().value();
  const auto began = steady::now();
  EXPECT_EQ(hasty.choose().status(), status::timed_out);
  EXPECT_GE(steady::now() - began, 10ms);
}

TEST_F(Wait, OfNothingIsATry) {
  EXPECT_EQ(chooser.choose(0ms).status(), chooser.choose(-1s).status());
  EXPECT_FALSE(chooser.choose(0ms));
  EXPECT_EQ(chooser.try_choose().status(), status::no_peer);
}

TEST_F(Wait, DoesNotHappenIfFailFast) {
  peerage::chooser_options options;
  options.policy = "random";
  options.fail_fast = true;
  const auto chooser_without = peerage::chooser::make(transport_of(book), options).value();
  EXPECT_EQ(chooser_without.try_choose().status(), status::not_running);
  chooser_without.start().value();
  EXPECT_EQ(chooser_without.choose(peerage::timeout::forever()).status(), status::no_peer);
}

TEST_F(Wait, OneTokenEndsMany) {
  const peerage::cancel_token token;
  std::vector<std::future<status>> waits;
  for (int i = 0; i < 8; i++)
    waits.push_back(std::async(std::launch::async, [&] {
      return chooser.choose(peerage::timeout::forever(), &token).status();
    }));
  await_waiting(chooser, 8);
  token.trigger();
  for (auto &wait : waits) {
    ASSERT_EQ(wait.wait_for(patience), std::future_status::ready);
    EXPECT_EQ(wait.get(), status::cancelled);
  }
  await_waiting(chooser, 0);
}

// The most nanoseconds are too many for a duration of a small type: its limits are no less limits.
TEST(Timeout, OfSmallTypes) {
  using std::chrono::duration;
  const auto ns = [](auto limit) { return peerage::timeout(limit).capi(); };
  EXPECT_EQ(ns(duration<int, std::micro>(1000)), 1000000);
  EXPECT_EQ(ns(duration<int, std::nano>(7)), 7);
  EXPECT_EQ(ns(duration<short, std::milli>(short{30000})), 30000000000);
  EXPECT_EQ(ns(duration<unsigned char>(static_cast<unsigned char>(5))), 5000000000);
  EXPECT_EQ(ns(duration<int, std::pico>(5000)), 5);
  EXPECT_EQ(ns(duration<int, std::pico>(-1)), 0);
  EXPECT_EQ(ns(duration<double>(1.5)), 1500000000);
  EXPECT_EQ(ns(duration<int, std::ratio<31556952>>(400)), INT64_MAX);
  EXPECT_EQ(ns(std::chrono::hours::max()), INT64_MAX);
}

}  // namespace
