// A chooser in numbers after a traffic that is known.
#include "fake.h"

namespace {

using peerage::choose_failure;

peerage::chooser made(const peerage::transport_ref &transport, std::string_view policy,
                      std::string_view text = {}) {
  peerage::chooser_options options;
  options.policy = policy;
  options.options = text;
  return peerage::chooser::make(transport, options).value();
}

bool adds_up(const peerage::stats &stats) {
  return stats.requests == stats.outcomes.total() + stats.pending + stats.departing_pending;
}

TEST(Numbers, BeginWithNothing) {
  journal book;
  const auto stats = started(transport_of(book)).stats().value();
  EXPECT_EQ(stats.requests, 0u);
  EXPECT_EQ(stats.outcomes.total() + stats.failures.total() + stats.status_changes.total(), 0u);
  EXPECT_EQ(stats.ejections + stats.updates.applied + stats.updates.failed, 0u);
  EXPECT_FALSE(stats.updates.age);
  EXPECT_EQ(stats.waits.count(), 0u);
  EXPECT_EQ(stats.waits.sum, 0ns);
}

TEST(Numbers, CountRequestsAndHowTheyEnd) {
  constexpr std::uint64_t successes = 3000;
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({"a:1", "b:1"}).value();
  for (std::uint64_t i = 0; i < successes; i++) chooser.try_choose()->finish(outcome::success);
  const outcome others[] = {outcome::failure, outcome::overloaded, outcome::cancelled,
                            outcome::not_sent, outcome::abandoned};
  for (const outcome how : others) chooser.try_choose()->finish(how);
  // One that is destroyed without an outcome was abandoned.
  { const auto dropped = chooser.try_choose().value(); }
  auto pick = chooser.try_choose().value();
  auto stats = chooser.stats().value();
  EXPECT_EQ(stats.requests, successes + 7);
  EXPECT_EQ(stats.pending, 1u);
  EXPECT_TRUE(adds_up(stats));
  EXPECT_EQ(stats.outcomes[outcome::success], successes);
  for (const outcome how : others) EXPECT_EQ(stats.outcomes[how], how == outcome::abandoned ? 2u : 1u);
  EXPECT_EQ(stats.failures.total(), 0u);
  std::uint64_t requests = 0, failed = 0;
  for (const auto &peer : chooser.snapshot().value()) {
    EXPECT_EQ(peer.requests, peer.outcomes.total() + peer.pending);
    EXPECT_EQ(peer.status_changes, 1u);
    EXPECT_GE(peer.since, 0ns);
    EXPECT_FALSE(peer.check);
    requests += peer.requests;
    failed += peer.outcomes[outcome::failure];
  }
  EXPECT_EQ(requests, stats.requests);
  EXPECT_EQ(failed, 1u);
  chooser.update(peerage::members(), {"a:1", "b:1"}).value();
  pick.finish(outcome::overloaded);
  stats = chooser.stats().value();
  EXPECT_EQ(stats.peers, 0u);
  EXPECT_EQ(stats.requests, successes + 7);
  EXPECT_EQ(stats.outcomes[outcome::overloaded], 2u);
  EXPECT_TRUE(adds_up(stats));
}

TEST(Numbers, CountStatusesChecksAndUpdates) {
  journal book;
  const auto chooser = started(transport_of(book, connection_status::connecting));
  chooser.update({"a:1", "b:1", "c:1"}).value();
  EXPECT_FALSE(chooser.update({"a:1"}));
  const auto a = book.peer("a:1");
  a.set_status(connection_status::available);
  book.peer("b:1").set_status(connection_status::unavailable);
  EXPECT_EQ(a.checked(false, "refused"), status::ok);
  EXPECT_EQ(a.checked(true, "200 in 3 ms"), status::ok);
  EXPECT_EQ(book.peer("b:1").checked(true), status::ok);
  const auto stats = chooser.stats().value();
  EXPECT_EQ(stats.available, 1u);
  EXPECT_EQ(stats.unavailable, 1u);
  EXPECT_EQ(stats.connecting, 1u);
  EXPECT_EQ(stats.set_aside, 0u);
  EXPECT_EQ(stats.status_changes[connection_status::available], 1u);
  EXPECT_EQ(stats.status_changes[connection_status::connecting], 3u);
  EXPECT_EQ(stats.status_changes[connection_status::unavailable], 1u);
  EXPECT_EQ(stats.status_changes.total(), 5u);
  EXPECT_EQ(stats.updates.applied, 1u);
  EXPECT_EQ(stats.updates.failed, 1u);
  EXPECT_TRUE(stats.updates.age && *stats.updates.age < 1min);
  const auto peers = chooser.snapshot().value();
  ASSERT_TRUE(peers[0].check && peers[1].check && !peers[2].check);
  EXPECT_EQ(peers[0].check->passed, 1u);
  EXPECT_EQ(peers[0].check->failed, 1u);
  EXPECT_EQ(peers[0].check->last, "200 in 3 ms");
  EXPECT_EQ(peers[1].check->last, "");
  EXPECT_EQ(peers[0].status_changes, 2u);
  EXPECT_EQ(peers[2].status_changes, 1u);
}

TEST(Numbers, CountEjections) {
  journal book;
  const auto chooser = made(transport_of(book), "round-robin", "eject=2");
  chooser.start().value();
  chooser.update({"a:1", "b:1"}).value();
  for (int i = 0; i < 4; i++) {
    auto pick = chooser.try_choose().value();
    const auto how = pick.id() == "a:1" ? outcome::failure : outcome::success;
    pick.finish(how);
  }
  EXPECT_EQ(chooser.stats()->ejections, 1u);
  EXPECT_EQ(chooser.stats()->set_aside, 1u);
  const auto peers = chooser.snapshot().value();
  EXPECT_EQ(peers[0].ejections, 1u);
  EXPECT_GT(peers[0].ejected_for, 0ns);
  EXPECT_EQ(peers[1].ejections, 0u);
  EXPECT_EQ(peers[1].ejected_for, 0ns);
}

TEST(Numbers, CountWaits) {
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_FALSE(chooser.choose(20ms));
  const auto waits = chooser.stats()->waits;
  ASSERT_EQ(waits.buckets.size(), 14u);
  EXPECT_EQ(waits.buckets.front().bound, 1ms);
  EXPECT_EQ(waits.buckets[12].bound, 10s);
  EXPECT_EQ(waits.buckets.back().bound, std::chrono::nanoseconds::max());
  EXPECT_EQ(waits.count(), 1u);
  EXPECT_GE(waits.sum, 20ms);
  // It has taken as long as it was to, or longer.
  for (const auto &bucket : waits.buckets) EXPECT_TRUE(bucket.count == 0 || bucket.bound >= 20ms);
}

TEST(Numbers, CountWaitsOfTheCallersOwn) {
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_EQ(chooser.try_again().error().status(), status::no_peer);
  EXPECT_EQ(chooser.stats()->failures.total(), 0u);
  EXPECT_EQ(chooser.waited(status::timed_out, 30ms), status::ok);
  EXPECT_EQ(chooser.waited(status::ok, 2ms), status::ok);
  EXPECT_EQ(chooser.waited(status::no_peer, {}), status::ok);
  const auto stats = chooser.stats().value();
  EXPECT_EQ(stats.failures[choose_failure::timed_out], 1u);
  EXPECT_EQ(stats.failures[choose_failure::no_peer], 1u);
  EXPECT_EQ(stats.failures.total(), 2u);
  EXPECT_EQ(stats.waits.count(), 2u);
  EXPECT_EQ(stats.waits.sum, 32ms);
}

void fails(const peerage::chooser &chooser, choose_failure how,
           const std::function<bool(const peerage::chooser &)> &succeeds) {
  const auto before = chooser.stats()->failures;
  EXPECT_FALSE(succeeds(chooser));
  const auto after = chooser.stats()->failures;
  EXPECT_EQ(after[how], before[how] + 1) << name(how);
  EXPECT_EQ(after.total(), before.total() + 1) << name(how);
}

TEST(Numbers, CountFailuresByWhy) {
  journal book;
  const auto transport = transport_of(book, connection_status::connecting);
  const auto waits = [](const peerage::chooser &chooser) { return bool(chooser.choose(1ms)); };
  const auto tries = [](const peerage::chooser &chooser) { return bool(chooser.try_choose()); };
  const auto chooser = made(transport, "random");
  fails(chooser, choose_failure::not_running, waits);
  chooser.start().value();
  fails(chooser, choose_failure::no_peer, tries);
  fails(chooser, choose_failure::timed_out, waits);
  peerage::cancel_token cancel;
  cancel.trigger();
  fails(chooser, choose_failure::cancelled, [&](const peerage::chooser &of) {
    return bool(of.choose(1ms, &cancel));
  });
  EXPECT_EQ(chooser.stop(), status::ok);
  fails(chooser, choose_failure::stopped, waits);
  const auto fast = made(transport, "random", "fail-fast");
  fast.start().value();
  fails(fast, choose_failure::fail_fast, waits);
  const auto full = made(transport, "random", "max-waiting=0");
  full.start().value();
  fails(full, choose_failure::queue_full, waits);
  const auto direct = started(transport, "direct");
  fails(direct, choose_failure::invalid_request, tries);
  EXPECT_EQ(name(choose_failure::not_retained), "NOT_RETAINED");
}

TEST(Numbers, AChooserKnowsItsUpdater) {
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_EQ(peerage::updater::of(chooser).error().status(), status::not_found);
  {
    const auto feed = peerage::updater::make(chooser, "static:a:1,b:1").value();
    feed.start().value();
    const auto found = peerage::updater::of(chooser).value();
    EXPECT_EQ(found.uri(), "static:a:1,b:1");
    const peerage::source_status source = found.status().value();
    EXPECT_EQ(source.successes, 1u);
    EXPECT_EQ(source.peers, 2u);
  }
  EXPECT_FALSE(peerage::updater::of(chooser));
}

}  // namespace
