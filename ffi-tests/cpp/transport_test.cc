// What a transport says and throws, and where it arrives.
#include "fake.h"

namespace {

// Throws wherever it is told to, and remembers what became of it.
class thrower final : public peerage::watching_transport {
 public:
  struct memory {
    std::string in;
    std::vector<std::string> heard;
    int started = 0, released = 0;
    outcome last = outcome::abandoned;
  };
  explicit thrower(memory &of) : memory_(of) {}

  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view id) override {
    if (id == "thrown:1") throw std::runtime_error("no route to host");
    if (id == "odd:1") throw 42;
    if (id == "said:1") return peerage::refusal{7, "not today"};
    if (id == "bare:1") return peerage::refusal{};
    peer.set_status(connection_status::available);
    return std::nullopt;
  }
  void release(peerage::peer_view) override {
    memory_.released++;
    throw_in("release");
  }
  void started(peerage::peer_view) override {
    memory_.started++;
    throw_in("started");
  }
  void finished(peerage::peer_view, outcome how) override {
    memory_.last = how;
    throw_in("finished");
  }
  void threw(std::string_view where, std::string_view what) noexcept override {
    memory_.heard.push_back(std::string(where) + ": " + std::string(what));
  }

 private:
  void throw_in(const char *where) {
    if (memory_.in == where) throw std::runtime_error("oh");
  }
  memory &memory_;
};

peerage::transport_ref throwing(thrower::memory &memory) {
  return peerage::transport_ref::make(std::make_unique<thrower>(memory)).value();
}

void expect_in(std::string_view text, std::string_view part) {
  EXPECT_NE(text.find(part), text.npos) << text;
}

TEST(Transport, AThrowingRetainIsARefusalWithItsText) {
  thrower::memory memory;
  const auto chooser = started(throwing(memory));
  const auto updated = chooser.update({"good:1", "thrown:1"});
  ASSERT_EQ(updated.status(), status::rejected);
  expect_in(updated.error().message(), "thrown:1: no route to host");
  expect_in(updated.error().message(), std::to_string(peerage::refused_by_exception));
  EXPECT_EQ(chooser.stats()->peers, 1u);
  EXPECT_EQ(chooser.choose(patience)->id(), "good:1");
  EXPECT_EQ(memory.released, 0);
}

TEST(Transport, SoIsWhatIsNoStdException) {
  thrower::memory memory;
  const auto updated = started(throwing(memory)).update({"odd:1"});
  ASSERT_EQ(updated.status(), status::rejected);
  expect_in(updated.error().message(), "odd:1: something that is not a std::exception");
}

TEST(Transport, ARefusalKeepsItsNumberAndItsText) {
  thrower::memory memory;
  const auto chooser = started(throwing(memory));
  const auto updated = chooser.update({"said:1"});
  ASSERT_EQ(updated.status(), status::rejected);
  expect_in(updated.error().message(), "7");
  expect_in(updated.error().message(), "said:1: not today");
  expect_in(chooser.update({"bare:1"}).error().message(), std::to_string(peerage::refused));
}

TEST(Transport, SeveralRefusalsAreToldTogether) {
  thrower::memory memory;
  const auto updated = started(throwing(memory)).update({"said:1", "thrown:1"});
  expect_in(updated.error().message(), "said:1: not today");
  expect_in(updated.error().message(), "thrown:1: no route to host");
}

TEST(Transport, ARefusalInAStartIsTold) {
  thrower::memory memory;
  peerage::chooser_options options;
  options.policy = "random";
  const auto chooser = peerage::chooser::make(throwing(memory), options).value();
  chooser.update({"thrown:1"}).value();
  const auto begun = chooser.start();
  ASSERT_EQ(begun.status(), status::rejected);
  expect_in(begun.error().message(), "no route to host");
  EXPECT_FALSE(chooser.is_running());
}

TEST(Transport, ARefusalInADirectChoiceIsTold) {
  thrower::memory memory;
  const auto chooser = started(throwing(memory), "direct");
  const auto chosen = chooser.choose(peerage::request().shard_key("thrown:1"), patience);
  ASSERT_EQ(chosen.status(), status::rejected);
  expect_in(chosen.error().message(), "thrown:1: no route to host");
}

TEST(Transport, TheTextOfARefusalIsNotToldTwice) {
  thrower::memory memory;
  const auto chooser = started(throwing(memory));
  EXPECT_FALSE(chooser.update({"thrown:1"}));
  const auto again = chooser.update({}, {"unknown:1"});
  EXPECT_EQ(again.status(), status::not_in_list);
  EXPECT_EQ(again.error().message().find("no route"), std::string_view::npos);
}

TEST(Transport, ANestedUpdateHasItsOwnRefusals) {
  peerage::chooser inner;
  std::string inner_message;
  thrower::memory memory;
  inner = started(throwing(memory));
  const auto retain = [&](peerage::peer_view, std::string_view) {
    inner_message = inner.update({"said:1"}).error().message();
    return std::optional(peerage::refusal{9, "outer"});
  };
  const auto transport = peerage::transport_ref::make(retain, [](peerage::peer_view) {}).value();
  const auto outer = started(transport).update({"a:1"});
  expect_in(inner_message, "said:1: not today");
  expect_in(outer.error().message(), "a:1: outer");
  EXPECT_EQ(outer.error().message().find("not today"), std::string_view::npos);
}

TEST(Transport, WhatTheOthersThrowIsSwallowedAndHeard) {
  for (const char *where : {"started", "finished", "release"}) {
    thrower::memory memory;
    memory.in = where;
    {
      const auto chooser = started(throwing(memory));
      chooser.update({"a:1"}).value();
      auto pick = chooser.choose(patience).value();
      EXPECT_EQ(pick.finish(outcome::overloaded), status::ok);
      EXPECT_EQ(chooser.stats()->pending, 0u);
      chooser.update({}, {"a:1"}).value();
      EXPECT_EQ(chooser.stats()->peers, 0u);
    }
    EXPECT_EQ(memory.heard, std::vector<std::string>{std::string(where) + ": oh"});
    EXPECT_EQ(memory.started, 1);
    EXPECT_EQ(memory.released, 1);
    EXPECT_EQ(memory.last, outcome::overloaded);
  }
}

TEST(Transport, SharedByTwoChoosersItsPeersAreShared) {
  journal book;
  const auto transport = transport_of(book);
  auto one = started(transport), two = started(transport, "random");
  one.update({"a:1"}).value();
  two.update({"a:1"}).value();
  EXPECT_EQ(book.retained, 1);
  EXPECT_EQ(one.choose(patience)->peer(), two.choose(patience)->peer());
  one = {};
  EXPECT_EQ(book.released, 0);
  two = {};
  EXPECT_EQ(book.released, 1);
}

TEST(Transport, MayBeAnObjectThatIsSharedWithTheCaller) {
  journal book;
  auto object = std::make_shared<fake>(book, connection_status::available);
  auto transport = peerage::transport_ref::make(object).value();
  transport = {};
  EXPECT_EQ(book.destroyed, 0);
  object.reset();
  EXPECT_EQ(book.destroyed, 1);
}

TEST(Transport, CallbacksMayCallAnyFunction) {
  peerage::chooser chooser;
  int released = 0;
  const auto retain = [&](peerage::peer_view peer,
                          std::string_view id) -> std::optional<peerage::refusal> {
    peer.set_status(connection_status::available);
    if (id == "a:1") {
      chooser.update({"nested:1"}).value();
      EXPECT_TRUE(chooser.try_choose());
    }
    return {};
  };
  const auto release = [&](peerage::peer_view) {
    released++;
    chooser = {};  // the last reference but the one of the call that is under way
  };
  chooser = started(peerage::transport_ref::make(retain, release).value());
  chooser.update({"a:1"}).value();
  EXPECT_EQ(chooser.stats()->peers, 2u);
  chooser.stop();
  EXPECT_EQ(released, 2);
  EXPECT_FALSE(chooser);
}

TEST(Transport, OfOneFunctionTakesEveryPeer) {
  const auto transport = peerage::transport_ref::make([](peerage::peer_view peer) {
    peer.set_status(connection_status::available);
  }).value();
  const char *names[] = {"a:1", "b:1"};
  const auto chooser = peerage::chooser::started(transport, {"round-robin"}, {names, names + 2}).value();
  EXPECT_TRUE(chooser.is_running());
  EXPECT_EQ(chooser.stats()->available, 2u);
  EXPECT_EQ(peerage::chooser::started(transport, {"none"}).status(), status::invalid_argument);
  EXPECT_FALSE(peerage::chooser::started(transport, {"random"}, {"a:1", "a:1"}));
}

}  // namespace
