// Each setting does something, and a wrong one says which.
#include "fake.h"

namespace {

std::string order_of(const peerage::chooser &chooser) {
  std::string order;
  for (int i = 0; i < 8; i++) order += chooser.choose(patience)->id();
  return order;
}

std::string order_with(const peerage::chooser_options &options) {
  journal book;
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  chooser.update({"a", "b", "c", "d", "e", "f", "g", "h"}).value();
  return order_of(chooser);
}

TEST(Options, WithoutShuffleTheOrderIsKept) {
  peerage::chooser_options options;
  options.policy = "round-robin";
  options.shuffle = false;
  EXPECT_EQ(order_with(options), "abcdefgh");
}

TEST(Options, ASeedMakesTheOrderRepeatable) {
  peerage::chooser_options options;
  options.policy = "random";
  options.seed = 7;
  const std::string first = order_with(options);
  EXPECT_EQ(order_with(options), first);
  options.seed = 8;
  EXPECT_NE(order_with(options), first);
}

TEST(Options, TheNameIsInDescriptions) {
  journal book;
  peerage::chooser_options options;
  options.policy = "random";
  options.name = "the backends";
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  EXPECT_EQ(chooser.describe()->find("the backends"), 0u);
}

peerage::settings settings_with(const peerage::chooser_options &options) {
  journal book;
  return peerage::chooser::make(transport_of(book), options).value().settings().value();
}

TEST(Options, ATextSetsWhatNoFieldSets) {
  peerage::chooser_options options;
  options.policy = "random";
  auto made = settings_with(options);
  EXPECT_EQ(made.name, "random");
  EXPECT_EQ(made.default_timeout.capi(), 500'000'000);
  EXPECT_FALSE(made.fails_fast);
  options.options = R"(fail-fast,timeout=200ms,name=a\,b)";
  made = settings_with(options);
  EXPECT_EQ(made.name, "a,b");
  EXPECT_EQ(made.default_timeout.capi(), 200'000'000);
  EXPECT_TRUE(made.fails_fast);
  options.fail_fast = false;
  options.default_timeout = peerage::timeout::forever();
  options.name = "field";
  made = settings_with(options);
  EXPECT_EQ(made.name, "field");
  EXPECT_EQ(made.default_timeout.capi(), PEERAGE_TIMEOUT_FOREVER);
  EXPECT_FALSE(made.fails_fast);
  options = {};
  options.policy = "round-robin";
  options.options = "shuffle=off";
  EXPECT_EQ(order_with(options), "abcdefgh");
  options.options = "seed=7";
  const std::string shuffled = order_with(options);
  EXPECT_NE(shuffled, "abcdefgh");
  EXPECT_EQ(order_with(options), shuffled);
  options.shuffle = false;
  EXPECT_EQ(order_with(options), "abcdefgh");
}

TEST(Options, WhatAChoiceMayDoIsTold) {
  peerage::chooser_options options;
  const auto flags = [&](std::string_view policy) {
    options.policy = policy;
    const auto made = settings_with(options);
    return std::make_tuple(made.calls_nothing, made.counts_ends, made.counts_successes);
  };
  EXPECT_EQ(flags("round-robin"), std::make_tuple(true, false, false));
  EXPECT_EQ(flags("fewest-pending-requests"), std::make_tuple(true, true, true));
  EXPECT_EQ(flags("least-loaded"), std::make_tuple(true, false, true));
  EXPECT_EQ(flags("least-latency"), std::make_tuple(true, false, false));
  EXPECT_EQ(flags("direct:keep=1"), std::make_tuple(false, false, false));
}

TEST(Options, AWrongTextIsPlaced) {
  journal book;
  peerage::chooser_options options;
  options.policy = "random";
  options.options = "fail-fast,timeout=soon";
  const auto made = peerage::chooser::make(transport_of(book), options);
  ASSERT_EQ(made.status(), status::invalid_argument);
  EXPECT_EQ(made.error().message(),
            "options at byte 10: timeout=\"soon\" must be a whole number of ns, us, ms, s, m or h, "
            "such as 200ms, or forever");
}

TEST(Options, AWrongPolicyIsNamed) {
  journal book;
  peerage::chooser_options options;
  options.policy = "hashring32:replicas=many";
  const auto made = peerage::chooser::make(transport_of(book), options);
  ASSERT_EQ(made.status(), status::invalid_argument);
  EXPECT_NE(made.error().message().find("replicas"), std::string_view::npos);
  EXPECT_EQ(book.destroyed, 1);
}

TEST(Options, ATransportIsRequired) {
  peerage::chooser_options options;
  options.policy = "random";
  const auto made = peerage::chooser::make({}, options);
  ASSERT_EQ(made.status(), status::null_pointer);
  EXPECT_NE(made.error().message().find("transport"), std::string_view::npos);
}

TEST(Options, ShardKeysAndHeadersGoAlong) {
  journal book;
  const auto chooser = started(transport_of(book), "hashring32");
  chooser.update({"a:1", "b:1", "c:1", "d:1"}).value();
  const std::vector<peerage::header> headers{{"trace", "1"}, {"zone", "eu"}};
  const auto what = peerage::request().shard_key("some key").headers(headers);
  const auto first = chooser.choose(what, patience).value();
  for (int i = 0; i < 16; i++) EXPECT_EQ(chooser.choose(what, patience)->id(), first.id());
}

TEST(Options, APeerToAvoidIsChosenOnlyIfThereIsNoOther) {
  journal book;
  const auto chooser = started(transport_of(book), "two-random-choices");
  chooser.update({"a:1", "b:1"}).value();
  const peerage::peer_ids tried{"a:1"};
  const auto what = peerage::request().avoid(tried);
  for (int i = 0; i < 64; i++) EXPECT_EQ(chooser.choose(what, patience)->id(), "b:1");
  book.peer("b:1").set_status(connection_status::unavailable);
  EXPECT_EQ(chooser.choose(what, patience)->id(), "a:1");
}

TEST(Options, APreferredPeerIsChosenIfItCanBe) {
  journal book;
  const auto chooser = started(transport_of(book), "least-loaded");
  chooser.update({"a:1", "b:1"}).value();
  for (int i = 0; i < 32; i++) {
    EXPECT_EQ(chooser.choose(peerage::request().prefer("a:1"), patience)->id(), "a:1");
    EXPECT_EQ(chooser.choose(peerage::request().prefer("b:1"), patience)->id(), "b:1");
  }
  book.peer("b:1").set_status(connection_status::unavailable);
  EXPECT_EQ(chooser.choose(peerage::request().prefer("b:1"), patience)->id(), "a:1");
  EXPECT_EQ(chooser.try_choose(peerage::request().prefer("\xff")).status(), status::invalid_utf8);
}

TEST(Options, WhatIsNotUtf8IsRefused) {
  journal book;
  const auto chooser = started(transport_of(book));
  EXPECT_EQ(chooser.update({"\xff"}).status(), status::invalid_utf8);
  const std::vector<peerage::header> headers{{"\xff", "value"}};
  EXPECT_EQ(chooser.try_choose(peerage::request().headers(headers)).status(), status::invalid_utf8);
  const peerage::peer_ids tried{"\xff"};
  EXPECT_EQ(chooser.try_choose(peerage::request().avoid(tried)).status(), status::invalid_utf8);
}

// Which of the eight members owns the keys of 1 to 100 bytes: as in tests/binary_keys.rs.
constexpr std::string_view owners =
    "5006140635551745367317103343233274433055157034120701702100542020"
    "423720120541144173637557756030330312";

TEST(Options, KeysAndHeaderValuesAreBytes) {
  journal book;
  const std::initializer_list<std::string_view> members{
      "10.0.0.0:80", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80",
      "10.0.0.4:80", "10.0.0.5:80", "10.0.0.6:80", "10.0.0.7:80"};
  const auto by_key = started(transport_of(book), "hashring32");
  by_key.update(members).value();
  const auto by_value =
      started(transport_of(book), "hashring32:alternate-shard-key-header=id");
  by_value.update(members).value();
  std::string key, owners_by_key, owners_by_value;
  while (key.size() < owners.size()) {
    key.push_back(static_cast<char>(219 + 37 * key.size()));
    const auto keyed =
        peerage::request().shard_key(key).routing_key("\xff").routing_delegate("\0"sv);
    owners_by_key += by_key.choose(keyed, patience)->id()[7];
    const std::vector<peerage::header> headers{{"id", key}};
    const auto headed = peerage::request().headers(headers);
    owners_by_value += by_value.choose(headed, patience)->id()[7];
  }
  EXPECT_EQ(owners_by_key, owners);
  EXPECT_EQ(owners_by_value, owners);
}

TEST(Log, GetsLinesUpToItsLevel) {
  struct line {
    peerage::log_level level;
    std::string text;
  };
  for (const bool detailed : {false, true}) {
    std::vector<line> lines;
    const auto alive = std::make_shared<int>(0);
    {
      journal book;
      peerage::chooser_options options;
      options.policy = "round-robin";
      options.name = "logged";
      options.level = detailed ? peerage::log_level::info : peerage::log_level::error;
      options.log = [&lines, alive](peerage::log_level level, std::string_view text) {
        lines.push_back({level, std::string(text)});
      };
      const auto chooser = peerage::chooser::make(transport_of(book), options).value();
      options.log = nullptr;
      EXPECT_EQ(alive.use_count(), 2);
      chooser.start().value();
      chooser.update({"a:1"}).value();
      EXPECT_FALSE(chooser.update({"a:1"}));
    }
    EXPECT_EQ(alive.use_count(), 1);
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back().text,
              "logged: updated: 1 addition, 0 removals; can't add peer \"a:1\" because is already "
              "in peerlist");
    bool error = false, info = false;
    for (const auto &one : lines) {
      EXPECT_EQ(one.text.find("logged"), 0u) << one.text;
      (one.level == peerage::log_level::error ? error : info) = true;
    }
    EXPECT_TRUE(error);
    EXPECT_EQ(info, detailed);
  }
}

TEST(Log, GoesWithAChooserThatCannotBeMade) {
  journal book;
  const auto alive = std::make_shared<int>(0);
  {
    peerage::chooser_options options;
    options.policy = "no such policy";
    options.log = [alive](peerage::log_level, std::string_view) {};
    EXPECT_FALSE(peerage::chooser::make(transport_of(book), options));
  }
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(Log, MayThrow) {
  journal book;
  int calls = 0;
  peerage::chooser_options options;
  options.policy = "random";
  options.log = [&calls](peerage::log_level, std::string_view) {
    calls++;
    throw std::runtime_error("disk full");
  };
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  EXPECT_EQ(chooser.update({}, {"unknown:1"}).status(), status::not_in_list);
  EXPECT_EQ(calls, 1);
}

}  // namespace
