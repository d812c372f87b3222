// A policy of one's own: what it is asked, what it answers, what it throws.
#include "fake.h"

namespace {

struct memory {
  std::string throws;
  std::vector<std::string> heard;
  std::map<peerage::peer_key, std::string> peers;
  std::string shard, routing, delegate;
  std::string zone, header, avoided, preferred;
  peerage::ask_again again;
  std::optional<std::chrono::nanoseconds> latency;
  int unavailable = 0, finished = 0, destroyed = 0;
};

// Picks the peer that the shard key names.
class named final : public peerage::policy {
 public:
  explicit named(memory &of) : memory_(of) {}
  ~named() override { memory_.destroyed++; }

  void available(const peerage::peer_info &peer) override {
    EXPECT_EQ(peer.pending, 0u);
    throw_in("available");
    memory_.peers[peer.key] = peer.id;
    memory_.zone = peer.zone;
    EXPECT_EQ(peerage::key_index(peer.key), memory_.peers.size() - 1);
  }
  void unavailable(peerage::peer_key peer) override {
    memory_.unavailable += static_cast<int>(memory_.peers.erase(peer));
    throw_in("unavailable");
  }
  peerage::choice choose(peerage::request_view request) override {
    throw_in("choose");
    memory_.shard = request.shard_key();
    memory_.routing = request.routing_key();
    memory_.delegate = request.routing_delegate();
    memory_.header = request.header("x-tier").value_or("none");
    memory_.avoided.clear();
    for (const std::string_view id : request.avoid()) memory_.avoided += id;
    memory_.preferred = request.prefer();
    for (const auto &[key, id] : memory_.peers)
      if (id == request.shard_key()) return key;
    return peerage::nothing::not_the_named;
  }
  peerage::watch watches() const noexcept override {
    peerage::watch watch;
    watch.latency = true;
    return watch;
  }
  void attached(peerage::ask_again again) override {
    throw_in("attached");
    memory_.again = std::move(again);
  }
  void finished(peerage::peer_key, outcome how,
                std::optional<std::chrono::nanoseconds> latency) override {
    EXPECT_EQ(how, outcome::failure);
    memory_.finished++;
    memory_.latency = latency;
    throw_in("finished");
  }
  void threw(std::string_view where, std::string_view what) noexcept override {
    memory_.heard.push_back(std::string(where) + ": " + std::string(what));
  }

 private:
  void throw_in(const char *where) {
    if (memory_.throws == where) throw std::runtime_error("oh");
  }
  memory &memory_;
};

peerage::chooser chooser_of(journal &book, memory &of) {
  peerage::chooser_options options;
  options.custom_policy = peerage::policy_ref::make(std::make_unique<named>(of)).value();
  auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  return chooser;
}

TEST(Policy, DecidesWhoIsNext) {
  journal book;
  memory of;
  {
    const auto chooser = chooser_of(book, of);
    chooser.update({"a:1", "b:1"}).value();
    const auto what =
        peerage::request().shard_key("b:1").routing_key("gold").routing_delegate("proxy");
    auto pick = chooser.choose(what, patience).value();
    EXPECT_EQ(pick.id(), "b:1");
    EXPECT_EQ(of.shard, "b:1");
    EXPECT_EQ(of.routing, "gold");
    EXPECT_EQ(of.delegate, "proxy");
    EXPECT_EQ(pick.finish(outcome::failure), status::ok);
    EXPECT_EQ(of.finished, 1);
    // The caller did not say how long it took, and the policy asked.
    ASSERT_TRUE(of.latency);
    EXPECT_GE(*of.latency, 0ns);
    EXPECT_EQ(of.header, "none");
    EXPECT_EQ(chooser.try_choose(peerage::request().shard_key("c:1")).status(), status::no_peer);
    const auto bytes = peerage::request()
                           .shard_key("\xff\0"sv)
                           .routing_key("\0\xfe"sv)
                           .routing_delegate("\xed\xa0\x80"sv);
    EXPECT_EQ(chooser.try_choose(bytes).status(), status::no_peer);
    EXPECT_EQ(of.shard, "\xff\0"sv);
    EXPECT_EQ(of.routing, "\0\xfe"sv);
    EXPECT_EQ(of.delegate, "\xed\xa0\x80"sv);
    book.peer("a:1").set_status(connection_status::connecting);
    EXPECT_EQ(of.unavailable, 1);
  }
  EXPECT_EQ(of.destroyed, 1);
}

TEST(Policy, AThrowingChoiceIsNoPeer) {
  journal book;
  memory of;
  const auto chooser = chooser_of(book, of);
  chooser.update({"a:1"}).value();
  of.throws = "choose";
  const auto what = peerage::request().shard_key("a:1");
  EXPECT_EQ(chooser.try_choose(what).status(), status::no_peer);
  EXPECT_EQ(of.heard, std::vector<std::string>{"choose: oh"});
  of.throws.clear();
  auto pick = chooser.try_choose(what).value();
  EXPECT_EQ(pick.finish(outcome::failure), status::ok);
}

TEST(Policy, WhatTheOthersThrowIsSwallowedAndHeard) {
  for (const std::string where : {"attached", "available", "finished", "unavailable"}) {
    journal book;
    memory of;
    of.throws = where;
    const auto chooser = chooser_of(book, of);
    chooser.update({"a:1"}).value();
    if (auto pick = chooser.try_choose(peerage::request().shard_key("a:1")))
      pick->finish(outcome::failure);
    chooser.update({}, {"a:1"}).value();
    EXPECT_EQ(of.heard, std::vector<std::string>{where + ": oh"});
    EXPECT_EQ(book.released, 1);
  }
}

TEST(Policy, SeesTheWholeRequestAndThePeer) {
  journal book;
  memory of;
  const auto chooser = chooser_of(book, of);
  const std::string zone = "eu-1a";
  chooser.update({peerage::member("a:1").zone(zone)}).value();
  const std::vector<peerage::header> headers = {{"X-Tier", "gold\0"sv}};
  const peerage::peer_ids tried = {"b:1", "c:1"};
  const auto what = peerage::request().shard_key("a:1").headers(headers).avoid(tried).prefer("d:1");
  auto pick = chooser.try_choose(what).value();
  EXPECT_EQ(of.zone, zone);
  EXPECT_EQ(of.header, "gold\0"sv);
  EXPECT_EQ(of.avoided, "b:1c:1");
  EXPECT_EQ(of.preferred, "d:1");
  EXPECT_EQ(pick.finish(outcome::failure, 3ms), status::ok);
  EXPECT_EQ(of.latency, 3ms);
}

// Passes every request on to another chooser, and then answers what it is told to.
class passing final : public peerage::policy {
 public:
  passing(peerage::chooser inner, std::optional<peerage::choice> &answer, std::string &passed_to)
      : inner_(std::move(inner)), answer_(answer), passed_to_(passed_to) {}
  void available(const peerage::peer_info &peer) override { peer_ = peer.key; }
  void unavailable(peerage::peer_key) override {}
  peerage::choice choose(peerage::request_view request) override {
    if (auto pick = inner_.try_choose(request)) passed_to_ = pick->id();
    return answer_.value_or(peer_);
  }

 private:
  peerage::chooser inner_;
  std::optional<peerage::choice> &answer_;
  std::string &passed_to_;
  peerage::peer_key peer_ = 0;
};

TEST(Policy, PassesARequestOnAndSaysWhatToWaitFor) {
  journal book, inner_book;
  std::optional<peerage::choice> answer;
  std::string passed_to;
  const auto inner = started(transport_of(inner_book), "hashring32:alternate-shard-key-header=key");
  inner.update({"p0:1", "p1:1", "p2:1", "p3:1"}).value();
  peerage::chooser_options options;
  options.custom_policy =
      peerage::policy_ref::make(std::make_unique<passing>(inner, answer, passed_to)).value();
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  chooser.update({"a:1"}).value();
  for (const std::string key : {"x", "y", "z", "\xff"}) {
    const std::vector<peerage::header> headers = {{"Key", key}};
    const auto what = peerage::request().headers(headers);
    const std::string direct(inner.try_choose(what).value().id());
    EXPECT_EQ(chooser.try_choose(what).value().id(), "a:1");
    EXPECT_EQ(passed_to, direct);
  }
  // Three peers are needed: the third wakes who waits.
  answer = peerage::choice::too_few(3);
  int told = 0;
  (void)chooser.notify_ready([&](status) { told++; });
  chooser.update({"b:1"}).value();
  EXPECT_EQ(told, 0);
  chooser.update({"c:1"}).value();
  EXPECT_EQ(told, 1);
  answer = peerage::nothing::excluded;
  EXPECT_EQ(chooser.try_choose().status(), status::no_peer);
}

// Chooses when it is open.
class gated final : public peerage::policy {
 public:
  explicit gated(std::atomic<bool> &open, peerage::ask_again &again) : open_(open), again_(again) {}
  void available(const peerage::peer_info &peer) override { peer_ = peer.key; }
  void unavailable(peerage::peer_key) override {}
  peerage::choice choose(peerage::request_view) override {
    if (!open_) return peerage::nothing::not_ready;
    return peer_;
  }
  void attached(peerage::ask_again again) override { again_ = std::move(again); }

 private:
  std::atomic<bool> &open_;
  peerage::ask_again &again_;
  peerage::peer_key peer_ = 0;
};

TEST(Policy, HasWaitingCallersAskAgain) {
  journal book;
  std::atomic<bool> open{false};
  peerage::ask_again again;
  EXPECT_EQ(again.trigger(), status::null_pointer);
  peerage::chooser_options options;
  options.custom_policy = peerage::policy_ref::make(std::make_unique<gated>(open, again)).value();
  {
    const auto chooser = peerage::chooser::make(transport_of(book), options).value();
    options.custom_policy = {};
    ASSERT_TRUE(again);
    chooser.start().value();
    chooser.update({"a:1"}).value();
    std::thread caller([&] { EXPECT_EQ(chooser.choose(patience).value().id(), "a:1"); });
    await_waiting(chooser, 1);
    open = true;
    EXPECT_EQ(again.trigger(), status::ok);
    caller.join();
  }
  // It outlives them all.
  EXPECT_EQ(book.destroyed, 1);
  EXPECT_EQ(again.trigger(), status::ok);
}

TEST(Policy, ServesOneChooser) {
  journal book;
  memory of;
  const auto transport = transport_of(book);
  peerage::chooser_options options;
  options.custom_policy = peerage::policy_ref::make(std::make_unique<named>(of)).value();
  const auto first = peerage::chooser::make(transport, options).value();
  const auto second = peerage::chooser::make(transport, options);
  ASSERT_EQ(second.status(), status::invalid_argument);
  EXPECT_NE(second.error().message().find("custom_policy"), std::string_view::npos);
}

}  // namespace
