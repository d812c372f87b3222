// Unary calls that go where the chooser says.
#ifndef CALLS_H
#define CALLS_H

#include <map>
#include <peerage.hpp>
#include <string>

struct tally {
  std::map<std::string, int> answers;  // by server
  int failed = 0;
};

// Makes one call and counts it.
void call(const peerage::chooser &chooser, tally &count);

tally call_times(const peerage::chooser &chooser, int times);

#endif
