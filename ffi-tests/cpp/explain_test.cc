// A choice that found no peer says why, in the sentence that Rust, C and Go have too.
#include <future>

#include "fake.h"

namespace {

using peerage::cause;

class Explain : public testing::Test {
 protected:
  static peerage::chooser make(journal &book, bool fail_fast = false,
                               const char *policy = "round-robin") {
    peerage::chooser_options options;
    options.policy = policy;
    options.name = "users";
    options.fail_fast = fail_fast;
    options.default_timeout = 5ms;
    return peerage::chooser::make(transport_of(book, connection_status::connecting), options)
        .value();
  }
  journal book;
};

TEST_F(Explain, AWaitThatTimedOut) {
  const auto chooser = make(book);
  chooser.start().value();
  const auto none = chooser.choose(2ms);
  EXPECT_EQ(none.status(), status::timed_out);
  EXPECT_EQ(none.error().cause(), cause::no_peers);
  EXPECT_EQ(none.error().message(),
            "\"users\" peer list has no peers, waited for peers to be added but timed out "
            "(fail-fast is not enabled): waited 2ms");
  chooser.update({"a:1"}).value();
  const auto unconnected = chooser.choose();
  EXPECT_EQ(unconnected.error().cause(), cause::none_connected);
  EXPECT_EQ(unconnected.error().message(),
            "\"users\" peer list has 1 peer but it is not responsive, timed out waiting for a "
            "connection to open (fail-fast is not enabled): waited 5ms");
  try {
    (void)chooser.choose(1ms).value();
    FAIL() << "nothing was thrown";
  } catch (const peerage::failure &thrown) {
    EXPECT_EQ(thrown.cause(), cause::none_connected);
    EXPECT_NE(std::string_view(thrown.what()).find("waited 1ms"), std::string_view::npos);
  }
}

TEST_F(Explain, OneThatDidNotWait) {
  const auto chooser = make(book);
  chooser.start().value();
  const auto tried = chooser.choose(0ms);
  EXPECT_EQ(tried.error().cause(), cause::no_peers);
  EXPECT_EQ(tried.error().message(),
            "\"users\" peer list has no peers, did not wait (not asked to)");
  const auto hasty = make(book, true);
  hasty.start().value();
  const auto failed = hasty.choose();
  EXPECT_EQ(failed.status(), status::no_peer);
  EXPECT_EQ(failed.error().message(),
            "\"users\" peer list has no peers, did not wait for peers to be added (fail-fast is "
            "enabled)");
}

TEST_F(Explain, ACancelledOne) {
  const auto chooser = make(book);
  chooser.start().value();
  const peerage::cancel_token token;
  auto waiting = std::async(std::launch::async,
                            [&] { return chooser.choose(peerage::timeout::forever(), &token); });
  await_waiting(chooser, 1);
  token.trigger();
  const auto during = waiting.get();
  EXPECT_EQ(during.error().cause(), cause::cancelled);
  EXPECT_EQ(during.error().message(), "\"users\" peer list has no peers, the wait was cancelled");
  const auto before = chooser.choose(peerage::timeout::forever(), &token);
  EXPECT_EQ(before.error().cause(), cause::cancelled_before);
  EXPECT_EQ(before.error().message(),
            "\"users\" peer list did not choose: the wait was cancelled before it began");
  // The token serves again.
  EXPECT_EQ(token.reset(), status::ok);
  EXPECT_FALSE(token.is_triggered());
  EXPECT_EQ(chooser.choose(1ms, &token).status(), status::timed_out);
}

TEST_F(Explain, AChooserThatDoesNotRun) {
  const auto chooser = make(book);
  EXPECT_EQ(chooser.choose(1ms).error().cause(), cause::not_running);
  chooser.start().value();
  chooser.stop();
  const auto stopped = chooser.choose(1ms);
  EXPECT_EQ(stopped.status(), status::stopped);
  EXPECT_EQ(stopped.error().cause(), cause::stopped);
}

TEST_F(Explain, ATryWhenAsked) {
  const auto chooser = make(book, false, "hashring32");
  chooser.start().value();
  const auto tried = chooser.try_choose();
  EXPECT_EQ(tried.error().cause(), std::nullopt);
  EXPECT_EQ(tried.error().message(), message(status::no_peer));
  const auto why = chooser.explain(tried.status()).value();
  EXPECT_EQ(why.cause, cause::no_peers);
  EXPECT_EQ(why.text, "\"users\" peer list has no peers, did not wait (not asked to)");
  const auto late = chooser.explain(status::timed_out, {}, 3ms).value();
  EXPECT_NE(late.text.find("waited 3ms"), std::string::npos) << late.text;
  EXPECT_EQ(chooser.explain(status::ok).status(), status::invalid_argument);
  EXPECT_EQ(peerage::chooser().explain(status::no_peer).status(), status::null_pointer);
  EXPECT_EQ(peerage::chooser().choose().error().message(), message(status::null_pointer));
}

TEST_F(Explain, ARefusalOfDirect) {
  const auto retain = [](peerage::peer_view, std::string_view) {
    return std::optional(peerage::refusal{7, "no route"});
  };
  const auto transport = peerage::transport_ref::make(retain, [](peerage::peer_view) {}).value();
  const auto chooser = started(transport, "direct");
  const auto refused = chooser.choose(peerage::request().shard_key("a:1"), 1ms);
  EXPECT_EQ(refused.error().cause(), cause::not_retained);
  EXPECT_NE(refused.error().message().find("(a:1: no route"), std::string_view::npos)
      << refused.error().message();
}

TEST_F(Explain, OneTooManyToWait) {
  peerage::chooser_options options;
  options.policy = "random";
  options.options = "max-pending=1,max-waiting=1";
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  chooser.update({"a:1"}).value();
  auto held = chooser.try_choose().value();
  EXPECT_EQ(chooser.explain(status::no_peer).value().cause, cause::at_capacity);
  auto waiting =
      std::async(std::launch::async, [&] { return chooser.choose(patience).status(); });
  // Two may meet at the only place: the one that waits is refused then, and not this one.
  status refused = status::timed_out;
  while (refused == status::timed_out && waiting.wait_for(0ms) != std::future_status::ready) {
    const auto one_more = chooser.choose(1ms);
    refused = one_more.status();
    if (refused == status::queue_full) {
      EXPECT_EQ(one_more.error().cause(), cause::queue_full);
      EXPECT_NE(one_more.error().message().find("max-waiting is 1"), std::string_view::npos);
    }
  }
  held.finish(peerage::outcome::success);
  const auto waited = waiting.get();
  EXPECT_TRUE(refused == status::queue_full ? waited == status::ok
                                            : waited == status::queue_full);
  EXPECT_EQ(peerage::name(status::queue_full), std::string_view("QUEUE_FULL"));
}

TEST_F(Explain, TooFewAvailable) {
  peerage::chooser_options options;
  options.policy = "random";
  options.options = "panic=fail";
  const auto chooser =
      peerage::chooser::make(transport_of(book, connection_status::connecting), options).value();
  chooser.start().value();
  chooser.update({"a:1"}).value();
  const auto failed = chooser.choose(patience);
  EXPECT_EQ(failed.status(), status::no_peer);
  EXPECT_EQ(failed.error().cause(), cause::below_threshold);
}

TEST_F(Explain, ALongName) {
  peerage::chooser_options options;
  options.policy = "random";
  options.name = std::string(2000, 'n');
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  const auto why = chooser.explain(status::no_peer).value();
  EXPECT_EQ(why.text.find(options.name), 1u);
  EXPECT_EQ(why.text.back(), ')');
}

}  // namespace
