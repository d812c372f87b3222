// The client in C++. src/bin/client/main.rs says what a client takes and says.
//
// link.hpp     a connection, and what is said on it
// tally.hpp    what is counted, and how it is said
// calls.hpp    a call: choose, send, finish, and again elsewhere
// watched.hpp  a transport of its own
// main.cc      the choosers; the threads, which pause and go on together

#include "calls.hpp"
#include "watched.hpp"

#include <malloc.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

using namespace std::chrono_literals;

// The threads.
class stage {
 public:
  stage(const soak::work &work, unsigned threads) : tally_(work.choosers.size()) {
    for (unsigned n = 0; n < threads; n++)
      threads_.emplace_back([this, &work, n] { run(soak::caller(work, n), work.every); });
  }

  // Returns what was counted, when no thread has a request or a connection.
  soak::tally pause() {
    std::unique_lock lock(mutex_);
    phase_ = paused;
    changed_.wait(lock, [this] { return paused_ == threads_.size(); });
    return tally_;
  }

  void go() { to(going); }

  void end() {
    to(ended);
    for (auto &thread : threads_) thread.join();
  }

 private:
  enum phase { going, paused, ended };

  // One thread: a call, and a pause until the next is due.
  void run(soak::caller caller, std::chrono::nanoseconds every) {
    auto due = soak::caller::clock::now();
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        if (phase_ == paused) {
          tally_.add(caller.pause());
          paused_++;
          changed_.notify_all();
          changed_.wait(lock, [this] { return phase_ != paused; });
          paused_--;
          due = soak::caller::clock::now();
        }
        if (phase_ == ended) return;
      }
      caller.call();
      due += every;
      // What was missed while servers were stopped is not made up for.
      due = std::max(due, soak::caller::clock::now());
      std::this_thread::sleep_until(due);
    }
  }

  void to(phase phase) {
    const std::lock_guard lock(mutex_);
    phase_ = phase;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  phase phase_ = going;
  std::size_t paused_ = 0;
  soak::tally tally_;  // of the threads that have paused
  std::vector<std::thread> threads_;
};

// What five words of the command line name, started.
soak::fed started(char **words) {
  const std::string_view probing = words[3];
  const auto transport =
      probing == "watched" ? soak::watched() : peerage::transport_ref::probing(probing).value();
  peerage::chooser_options options;
  options.name = words[0];
  options.policy = words[1];
  options.options = words[2];
  auto chooser = peerage::chooser::started(transport, options).value();
  auto updater = peerage::updater::make(chooser, words[4]).value();
  updater.start().value();
  return {words[0], std::move(chooser), std::move(updater)};
}

// Says what was counted, when what has left is released and what was freed is given back.
void say(const char *event, const soak::tally &tally, const soak::work &work) {
  for (const auto &fed : work.choosers)
    if (fed.chooser.drain(5s) != peerage::status::ok) std::cerr << fed.name << ": not all is released\n";
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  std::cout << tally.json(event, work.choosers) << std::endl;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 11 || (argc - 6) % 5 != 0) {
    std::cerr << "usage: client NUMBER THREADS RATE SEED PLANT [CHOOSER]...\n";
    return 2;
  }
  const unsigned threads = static_cast<unsigned>(std::stoul(argv[2]));
  soak::work work{static_cast<unsigned>(std::stoul(argv[1])), std::chrono::nanoseconds(1s) * threads / std::stoi(argv[3]),
                  std::stoull(argv[4]), argv[5], {}};
  for (int n = 6; n < argc; n += 5) work.choosers.push_back(started(argv + n));
  // They are looked at again and again: a choice that waits would be one more request, and all are counted.
  for (const auto &fed : work.choosers)
    for (int tries = 0; fed.chooser.stats().value().available == 0; tries++) {
      if (tries == 1000) {
        std::cerr << "no peer came: " << fed.chooser.describe().value() << '\n';
        return 1;
      }
      std::this_thread::sleep_for(10ms);
    }
  std::cout << R"({"event":"ready"})" << std::endl;

  stage stage(work, threads);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "mark") say("marked", stage.pause(), work);
    if (line == "go") stage.go();
    if (line == "stop") {
      const auto tally = stage.pause();
      for (const auto &fed : work.choosers)
        if (fed.updater.stop() != peerage::status::ok || fed.chooser.stop() != peerage::status::ok) return 1;
      say("stopped", tally, work);
      stage.end();
      return 0;
    }
  }
  _exit(3);  // the director is gone
}
