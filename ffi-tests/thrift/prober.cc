#include "prober.h"

#include "remote.h"

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;
using peerage::connection_status;

namespace {

constexpr auto first_pause = 10ms, longest_pause = 200ms;

}  // namespace

void prober::plan(attempt one, std::chrono::milliseconds from_now) {
  const std::lock_guard<std::mutex> held(lock_);
  if (closed_) return;
  planned_.emplace(clock::now() + from_now, std::move(one));
  changed_.notify_one();
}

void prober::probe(peerage::peer peer) { plan({std::move(peer), first_pause}, 0ms); }

// One after the other, which is enough for a few peers.
void prober::make(attempt one) {
  if (one.peer.set_status(connection_status::connecting) == peerage::status::gone) return;
  if (one.peer.data<remote>()->answers()) {
    one.peer.set_status(connection_status::available);
    return;
  }
  one.peer.set_status(connection_status::unavailable);
  const auto pause = one.pause;
  one.pause = std::min<std::chrono::milliseconds>(2 * pause, longest_pause);
  plan(std::move(one), pause);
}

void prober::run() {
  std::unique_lock<std::mutex> held(lock_);
  while (!closed_) {
    if (planned_.empty()) {
      changed_.wait(held);
      continue;
    }
    const clock::time_point first = planned_.begin()->first;
    if (first > clock::now()) {
      changed_.wait_until(held, first);
    } else {
      auto due = planned_.extract(planned_.begin());
      held.unlock();
      make(std::move(due.mapped()));
      held.lock();
    }
  }
}

void prober::close() {
  std::multimap<clock::time_point, attempt> given_up;  // without the lock: a peer may be the last
  const std::lock_guard<std::mutex> held(lock_);
  closed_ = true;
  given_up.swap(planned_);
  changed_.notify_one();
}
