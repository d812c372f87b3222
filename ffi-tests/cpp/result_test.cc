// Results: what they hold, and what they do when asked for what they do not hold.
#include <cmath>

#include "fake.h"

// In without_exceptions.cc, which is compiled so.
void ask_for_a_value_that_is_missing();

namespace {

TEST(Result, HoldsAValue) {
  peerage::result<std::unique_ptr<int>> result(std::make_unique<int>(4));
  ASSERT_TRUE(result);
  EXPECT_EQ(result.status(), status::ok);
  EXPECT_EQ(**result, 4);
  EXPECT_EQ(*result.value(), 4);
  const std::unique_ptr<int> moved = std::move(result).value();
  EXPECT_EQ(*moved, 4);
}

TEST(Result, HoldsAnError) {
  const peerage::result<int> result(peerage::error(status::timed_out));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.status(), status::timed_out);
  EXPECT_EQ(result.error().message(), message(status::timed_out));
}

TEST(Result, ValueThrowsTheError) {
  peerage::result<> result(peerage::error(status::rejected, "a:1: no route"));
  try {
    result.value();
    FAIL() << "nothing was thrown";
  } catch (const peerage::failure &thrown) {
    EXPECT_EQ(thrown.status(), status::rejected);
    EXPECT_STREQ(thrown.what(), "a:1: no route");
  }
}

TEST(ResultDeathTest, ValueStopsAProgramWithoutExceptions) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ask_for_a_value_that_is_missing(), testing::KilledBySignal(SIGABRT), "a:1: no route");
}

TEST(Status, HasANameAndAText) {
  EXPECT_EQ(name(status::timed_out), "TIMED_OUT");
  EXPECT_NE(message(status::timed_out), "");
  EXPECT_NE(message(static_cast<status>(-12345)), "");
  EXPECT_EQ(peerage::version(), std::uint32_t{PEERAGE_VERSION_NUMBER});
}

TEST(Timeout, TakesAnyDuration) {
  using peerage::timeout;
  EXPECT_EQ(timeout(200ms).capi(), 200'000'000);
  EXPECT_EQ(timeout(std::chrono::duration<double>(0.5)).capi(), 500'000'000);
  EXPECT_EQ(timeout(std::chrono::duration<long long, std::pico>(1500)).capi(), 1);
  EXPECT_EQ(timeout(-1s).capi(), 0);
  EXPECT_EQ(timeout(std::chrono::hours::max()).capi(), INT64_MAX);
  EXPECT_EQ(timeout(std::chrono::duration<double>(1e300)).capi(), INT64_MAX);
  EXPECT_EQ(timeout(std::chrono::duration<double>(std::nan(""))).capi(), 0);
  EXPECT_EQ(timeout::forever().capi(), PEERAGE_TIMEOUT_FOREVER);
  EXPECT_EQ(timeout::standard().capi(), PEERAGE_TIMEOUT_DEFAULT);
}

}  // namespace
