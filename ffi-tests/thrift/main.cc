// A Thrift client with four threads that chooses among three servers, while servers die and come
// back.
//
// Start reading at pool_transport.h and remote.h: that is all it takes to let a chooser drive Thrift
// clients. calls.cc makes the calls. This file plays the story, and ends with 1 and a message when
// calls do not go where they should.
#include "calls.h"
#include "pool_transport.h"
#include "server.h"
#include "server_process.h"

#include <signal.h>
#include <thrift/TOutput.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;
constexpr int threads = 4;

void check(bool holds, const std::string &what) {
  std::printf("%s: %s\n", holds ? "ok" : "FAILED", what.c_str());
  std::fflush(stdout);
  if (!holds) std::_Exit(1);
}

// Waits until so many servers are available, while the callers go on. It looks a thousand times a second:
// the count comes without an event.
void until_available(const peerage::chooser &chooser, std::size_t count, const std::string &what) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (chooser.stats()->available != count && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(1ms);
  check(chooser.stats()->available == count, what);
}

// What comes of the calls while so many of them are answered; looks as often.
tally answered(callers &all, int count) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  tally sum;
  while (sum.answered() < count && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(1ms);
    tally more = all.take();
    for (const auto &[server, times] : more.answers) sum.answers[server] += times;
    sum.failed += more.failed;
    sum.lost += more.lost;
  }
  check(sum.answered() >= count && sum.answers.count("wrong") == 0, "calls go on");
  return sum;
}

peerage::chooser make_chooser() {
  auto transport = peerage::transport_ref::make(std::make_unique<pool_transport>()).value();
  peerage::chooser_options options;
  options.policy = "round-robin";
  auto chooser = peerage::chooser::make(transport, options).value();
  chooser.start().value();
  return chooser;
}

void one_dies(const peerage::chooser &chooser, callers &all, server_process &victim) {
  all.take();
  victim.kill();
  until_available(chooser, 2, "a killed server is noticed");
  tally count = answered(all, 100);
  // Each thread had one call under way, and may have begun another before the first to fail has
  // said so.
  check(count.failed > 0 && count.failed <= 2 * threads && count.lost == 0,
        "only calls under way fail, and are answered elsewhere");
  count = answered(all, 100);
  check(count.failed == 0 && count.lost == 0 && count.answers.count(victim.address()) == 0,
        "no call goes to the server that is gone");

  victim.restart();
  until_available(chooser, 3, "the server is back");
  all.take();
  count = answered(all, 300);
  check(count.failed == 0 && count.lost == 0 && count.answers[victim.address()] > 80,
        "calls go to it again");
}

void play() {
  server_process a, b, c;
  const peerage::chooser chooser = make_chooser();
  chooser.update({a.address(), b.address(), c.address()}).value();
  until_available(chooser, 3, "three servers are available");
  {
    callers all(chooser, threads);
    const tally count = answered(all, 300);
    check(count.failed == 0 && count.lost == 0 && count.answers.size() == 3, "each server answers");
    one_dies(chooser, all, b);

    a.kill();
    b.kill();
    c.kill();
    until_available(chooser, 0, "no server is left");
    a.restart();
    all.take();
    check(answered(all, 100).lost == 0, "the calls have waited for one to come back");
  }
  check(chooser.stop() == peerage::status::ok && chooser.stats()->pending == 0, "all is finished");
}

}  // namespace

int main(int count, char **arguments) {
  if (count == 3 && std::string(arguments[1]) == "serve") return serve(std::atoi(arguments[2]));
  alarm(30);  // Every wait has a limit of its own; this one is for the unthinkable.
  signal(SIGPIPE, SIG_IGN);
  // Thrift has a line on the standard error for each attempt to connect.
  apache::thrift::GlobalOutput.setOutputFunction([](const char *) {});
  play();
}
