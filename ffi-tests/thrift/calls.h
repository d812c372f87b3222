// Calls that go where the chooser says, from several threads.
#ifndef CALLS_H
#define CALLS_H

#include <atomic>
#include <map>
#include <mutex>
#include <peerage.hpp>
#include <string>
#include <thread>
#include <vector>

struct tally {
  std::map<std::string, int> answers;  // by the server that says so
  int failed = 0;                      // attempts: each was followed by another
  int lost = 0;                        // calls without an answer

  int answered() const;
};

// Calls from so many threads, one call after the other, from its making to `end`.
class callers {
 public:
  callers(const peerage::chooser &chooser, int threads);
  callers(const callers &) = delete;
  callers &operator=(const callers &) = delete;
  ~callers();

  // What came of the calls since the last time this was asked.
  tally take();

 private:
  void call();
  void work();

  peerage::chooser chooser_;
  std::mutex lock_;
  tally tally_;
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

#endif
