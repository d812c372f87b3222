#include "calls.h"

#include "remote.h"

#include <chrono>
#include <utility>

using namespace std::chrono_literals;

int tally::answered() const {
  int sum = 0;
  for (const auto &[server, times] : answers) sum += times;
  return sum;
}

callers::callers(const peerage::chooser &chooser, int threads) : chooser_(chooser) {
  for (int i = 0; i < threads; i++) threads_.emplace_back([this] { work(); });
}

callers::~callers() {
  over_ = true;
  for (std::thread &each : threads_) each.join();
}

tally callers::take() {
  const std::lock_guard<std::mutex> held(lock_);
  return std::exchange(tally_, {});
}

// One call, tried again elsewhere if its peer fails it, which is right for calls that may be made
// twice.
void callers::call() {
  constexpr int attempts = 5;
  for (int i = 0; i < attempts; i++) {
    auto pick = chooser_.choose(5s);  // waits, if there is no server at all
    if (!pick) break;
    echo::Answer answer;
    const bool answered = pick->data<remote>()->say("hello", answer);
    const bool right = answered && answer.text == "hello" && answer.server == pick->id();
    pick->finish(answered ? peerage::outcome::success : peerage::outcome::failure);
    const std::lock_guard<std::mutex> held(lock_);
    if (answered) {
      tally_.answers[right ? answer.server : "wrong"]++;
      return;
    }
    tally_.failed++;
  }
  const std::lock_guard<std::mutex> held(lock_);
  tally_.lost++;
}

void callers::work() {
  while (!over_) {
    call();
    std::this_thread::sleep_for(1ms);  // as a client has other things to do
  }
}
