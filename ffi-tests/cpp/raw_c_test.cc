// Without this header's trampolines: a C++ exception that leaves a callback of the C tables stops
// the program with a message, whichever callback it is. It never unwinds into the library.
#include "fake.h"

namespace {

struct fault {
  const char *in;
  const char *name() const { return in; }
};

void throw_in(void *ctx, std::string_view where) {
  if (static_cast<const fault *>(ctx)->in == where)
    throw std::runtime_error("from " + std::string(where));
}

const peerage_transport *transport_that_throws(fault &where) {
  peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
  ops.retain = [](void *ctx, const peerage_peer *peer, peerage_str) -> std::int32_t {
    throw_in(ctx, "retain");
    return peerage_peer_set_status(peer, PEERAGE_CONNECTION_AVAILABLE);
  };
  ops.release = [](void *ctx, const peerage_peer *) { throw_in(ctx, "release"); };
  ops.started = [](void *ctx, const peerage_peer *) { throw_in(ctx, "started"); };
  ops.finished = [](void *ctx, const peerage_peer *, std::int32_t) { throw_in(ctx, "finished"); };
  ops.drop = [](void *ctx) { throw_in(ctx, "drop"); };
  const peerage_transport *transport = nullptr;
  EXPECT_EQ(peerage_transport_new(&ops, &where, &transport, nullptr), PEERAGE_OK);
  return transport;
}

const peerage_policy *policy_that_throws(fault &where) {
  peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
  ops.available = [](void *ctx, const peerage_peer_info *) { throw_in(ctx, "available"); };
  ops.unavailable = [](void *ctx, std::uint64_t) { throw_in(ctx, "unavailable"); };
  ops.choose = [](void *ctx, const peerage_request *, std::uint64_t *) -> std::int32_t {
    throw_in(ctx, "policy choose");
    return 1;
  };
  const peerage_policy *policy = nullptr;
  EXPECT_EQ(peerage_policy_new(&ops, &where, &policy, nullptr), PEERAGE_OK);
  return policy;
}

// Visits every callback once; the C++ header serves as the way to the C functions only.
void live_a_whole_life(const char *where) {
  fault transports{where};
  peerage::chooser_options options;
  options.policy = "round-robin";
  auto transport = peerage::transport_ref::adopt(transport_that_throws(transports));
  auto chooser = peerage::chooser::make(transport, options).value();
  transport = {};
  chooser.start().value();
  const auto ready = [](void *ctx, std::int32_t) { throw_in(ctx, "ready"); };
  void *const ctx = &transports;
  EXPECT_EQ(peerage_chooser_notify_ready(chooser.capi(), nullptr, ready, ctx, nullptr, nullptr),
            PEERAGE_OK);
  chooser.update({"a:1"}).value();
  EXPECT_TRUE(chooser.choose(patience));
  chooser = {};
}

void live_with_a_policy(const char *where) {
  journal book;
  fault policies{where};
  peerage::chooser_options options;
  options.custom_policy = peerage::policy_ref::adopt(policy_that_throws(policies));
  auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  chooser.update({"a:1"}).value();
  EXPECT_EQ(chooser.try_choose().status(), status::no_peer);
  chooser = {};
}

class RawCDeathTest : public testing::TestWithParam<fault> {
 protected:
  RawCDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

constexpr const char *message = "Rust cannot catch foreign exceptions";

class RawTransportDeathTest : public RawCDeathTest {};
TEST_P(RawTransportDeathTest, StopsTheProgram) {
  EXPECT_EXIT(live_a_whole_life(GetParam().in), testing::KilledBySignal(SIGABRT), message);
}
INSTANTIATE_TEST_SUITE_P(Callbacks, RawTransportDeathTest,
                         testing::Values(fault{"retain"}, fault{"release"}, fault{"started"},
                                         fault{"finished"}, fault{"drop"}, fault{"ready"}),
                         [](const auto &which) { return which.param.name(); });

class RawPolicyDeathTest : public RawCDeathTest {};
TEST_P(RawPolicyDeathTest, StopsTheProgram) {
  EXPECT_EXIT(live_with_a_policy(GetParam().in), testing::KilledBySignal(SIGABRT), message);
}
INSTANTIATE_TEST_SUITE_P(Callbacks, RawPolicyDeathTest,
                         testing::Values(fault{"available"}, fault{"unavailable"}, fault{"policy choose"}),
                         [](const auto &which) {
                           const std::string in = which.param.in;
                           return in.substr(in.find(' ') + 1);
                         });

TEST(RawC, NothingStopsIfNothingIsThrown) {
  live_a_whole_life("nowhere");
  live_with_a_policy("nowhere");
}

}  // namespace
