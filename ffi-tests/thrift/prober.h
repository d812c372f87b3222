// Tries to connect to servers that are not available, less and less often, on a thread.
#ifndef PROBER_H
#define PROBER_H

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <peerage.hpp>

class prober {
 public:
  using clock = std::chrono::steady_clock;

  // Tries from now on, until it works or the peer is released.
  void probe(peerage::peer peer);

  // What the thread does, until `close`.
  void run();
  void close();

 private:
  struct attempt {
    peerage::peer peer;
    std::chrono::milliseconds pause;  // after it, if it fails
  };

  // Makes one, without the lock.
  void make(attempt one);
  void plan(attempt one, std::chrono::milliseconds from_now);

  std::mutex lock_;  // of what follows
  std::condition_variable changed_;
  bool closed_ = false;
  std::multimap<clock::time_point, attempt> planned_;
};

#endif
