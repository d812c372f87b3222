// A gRPC client that chooses among three servers, while servers die and come back.
//
// Start reading at channel_transport.h: that is all it takes to let a chooser drive gRPC channels.
// calls.cc makes the calls. This file plays the story, and ends with 1 and a message when calls do
// not go where they should.
#include "calls.h"
#include "channel_transport.h"
#include "server.h"
#include "server_process.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;

void check(bool holds, const std::string &what) {
  std::printf("%s: %s\n", holds ? "ok" : "FAILED", what.c_str());
  std::fflush(stdout);
  if (!holds) std::_Exit(1);
}

std::size_t available(const peerage::chooser &chooser) { return chooser.stats()->available; }

// Goes on calling, a thousand times a second as a client might, until the chooser knows how many servers there are.
void call_until_available(const peerage::chooser &chooser, std::size_t count,
                          const std::string &what) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  tally meanwhile;
  while (available(chooser) != count && std::chrono::steady_clock::now() < limit) {
    call(chooser, meanwhile);
    std::this_thread::sleep_for(1ms);
  }
  check(available(chooser) == count, what);
}

peerage::chooser make_chooser() {
  auto transport = peerage::transport_ref::make(std::make_unique<channel_transport>()).value();
  peerage::chooser_options options;
  options.policy = "round-robin";
  auto chooser = peerage::chooser::make(transport, options).value();
  chooser.start().value();
  return chooser;
}

void play() {
  server_process a, b, c;
  const peerage::chooser chooser = make_chooser();
  chooser.update({a.address(), b.address(), c.address()}).value();
  call_until_available(chooser, 3, "three servers are available");

  tally count = call_times(chooser, 30);
  check(count.failed == 0, "no call fails");
  check(count.answers[a.address()] == 10 && count.answers[b.address()] == 10 &&
            count.answers[c.address()] == 10,
        "each server answers a third of the calls");

  b.kill();
  call_until_available(chooser, 2, "a killed server is noticed");
  count = call_times(chooser, 30);
  check(count.failed == 0, "no call goes to the server that is gone");
  check(count.answers[a.address()] + count.answers[c.address()] == 30, "the two others answer");

  b.restart();
  call_until_available(chooser, 3, "the server is back");
  count = call_times(chooser, 30);
  check(count.failed == 0 && count.answers[b.address()] == 10, "calls go to it again");

  chooser.update({}, {c.address()}).value();
  count = call_times(chooser, 20);
  check(count.failed == 0 && count.answers.count(c.address()) == 0,
        "a server that was removed gets no call");

  a.kill();
  b.kill();
  call_until_available(chooser, 0, "no server is left");
  auto waiting = std::async(std::launch::async, [&] { return chooser.choose(patience); });
  a.restart();
  auto pick = waiting.get();
  check(pick && pick->id() == a.address(), "who waits is released when one comes back");
  pick->finish(peerage::outcome::not_sent);
  check(chooser.stop() == peerage::status::ok && chooser.stats()->pending == 0, "all is finished");
}

}  // namespace

int main(int count, char **arguments) {
  if (count == 3 && std::string(arguments[1]) == "serve") return serve(std::atoi(arguments[2]));
  alarm(20);  // Every wait has a limit of its own; this one is for the unthinkable.
  play();
}
