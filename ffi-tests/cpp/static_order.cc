// Globals and thread_locals are destroyed in an order that no header can foresee: before the library
// is used last, after that, and while another thread waits. All of them serve until they are gone.
#include <peerage.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

using namespace std::chrono_literals;

#define CHECK(what)                                               \
  do {                                                            \
    if (!(what)) {                                                \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
      std::abort();                                               \
    }                                                             \
  } while (0)

namespace {

int retained, released, transports, uses;

struct here final : peerage::transport {
  ~here() override { transports--; }
  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view) override {
    retained++;
    CHECK(peer.set_status(peerage::connection_status::available) == peerage::status::ok);
    return {};
  }
  void release(peerage::peer_view) override { released++; }
};

peerage::chooser make(std::string_view policy) {
  const auto transport = peerage::transport_ref::make(std::make_unique<here>()).value();
  transports++;
  peerage::chooser_options options;
  options.policy = policy;
  auto chooser = peerage::chooser::make(transport, options).value();
  chooser.start().value();
  chooser.update({"a:1", "b:1"}).value();
  return chooser;
}

// Everything that a destructor may want of a chooser, one that it makes itself included.
void use(const peerage::chooser &chooser) {
  uses++;
  auto pick = chooser.choose(10s);
  CHECK(pick && pick->finish(peerage::outcome::success) == peerage::status::ok);
  CHECK(chooser.update({"late:1"}, {"a:1"}));
  CHECK(chooser.update({"a:1"}, {"late:1"}));
  int called = 0;
  CHECK(chooser.notify_ready([&called](peerage::status) { called++; }));
  CHECK(called == 1);
  const auto another = make("round-robin");
  CHECK(another.update({}, {"a:1", "b:1"}));
  CHECK(another.choose(1ms).status() == peerage::status::timed_out);
  CHECK(another.stop() == peerage::status::ok);
}

// Made first, so destroyed last.
struct last {
  ~last() {
    CHECK(uses == 5);
    CHECK(retained == released);
    CHECK(transports == 0);
  }
} at_the_very_end;

peerage::chooser global = make("fewest-pending-requests");

struct user {
  std::unique_ptr<peerage::pick> held;
  ~user() {
    CHECK(held->finish(peerage::outcome::success) == peerage::status::ok);
    use(global);
  }
} user_of_the_global;

struct owner {
  peerage::chooser chooser = make("random");
  ~owner() {
    use(chooser);
    use(global);
  }
};
thread_local owner of_a_thread;

}  // namespace

int main() {
  user_of_the_global.held = std::make_unique<peerage::pick>(global.choose(10s).value());
  std::thread([] { CHECK(of_a_thread.chooser.is_running()); }).join();
  CHECK(uses == 2);
  CHECK(of_a_thread.chooser.is_running());
  std::exit(0);  // the main thread's, then the globals
}
