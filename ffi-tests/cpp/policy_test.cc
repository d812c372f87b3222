// A policy of one's own: what it is asked, what it answers, what it throws.
#include "fake.h"

namespace {

struct memory {
  std::string throws;
  std::vector<std::string> heard;
  std::map<peerage::peer_key, std::string> peers;
  std::string shard, routing, delegate;
  int removed = 0, finished = 0, destroyed = 0;
};

// Picks the peer that the shard key names.
class named final : public peerage::policy {
 public:
  explicit named(memory &of) : memory_(of) {}
  ~named() override { memory_.destroyed++; }

  void added(peerage::peer_key peer, std::string_view id, std::uint32_t pending) override {
    EXPECT_EQ(pending, 0u);
    throw_in("added");
    memory_.peers[peer] = id;
  }
  void removed(peerage::peer_key peer) override {
    memory_.removed += static_cast<int>(memory_.peers.erase(peer));
    throw_in("removed");
  }
  std::optional<peerage::peer_key> choose(peerage::request_view request) override {
    throw_in("choose");
    memory_.shard = request.shard_key();
    memory_.routing = request.routing_key();
    memory_.delegate = request.routing_delegate();
    for (const auto &[key, id] : memory_.peers)
      if (id == request.shard_key()) return key;
    return {};
  }
  void finished(peerage::peer_key, outcome how) override {
    EXPECT_EQ(how, outcome::failure);
    memory_.finished++;
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
    EXPECT_EQ(of.removed, 1);
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
  for (const std::string where : {"added", "finished", "removed"}) {
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

TEST(Policy, ServesOneChooser) {
  journal book;
  memory of;
  const auto transport = transport_of(book);
  peerage::chooser_options options;
  options.custom_policy = peerage::policy_ref::make(std::make_unique<named>(of)).value();
  const auto first = peerage::chooser::make(transport, options).value();
  const auto second = peerage::chooser::make(transport, options);
  ASSERT_EQ(second.status(), status::invalid_argument);
  EXPECT_NE(second.error().message().find("policy_custom"), std::string_view::npos);
}

}  // namespace
