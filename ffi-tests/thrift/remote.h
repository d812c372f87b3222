// A server as its peer carries it: pick.data<remote>(). This is what calls go through.
//
// A Thrift server says nothing of itself, so it is the calls that notice its death. The one that
// notices first says so, and hands the peer over to the prober, which tries to connect until that
// works and then says that. Who has the peer is the only one to report on it, so two reports do not
// overtake each other, although none is made with a lock held.
#ifndef REMOTE_H
#define REMOTE_H

#include "pool.h"

#include <memory>
#include <peerage.hpp>
#include <string>

class prober;

class remote {
 public:
  remote(peerage::peer_view self, std::shared_ptr<prober> reviver);

  // Makes one call. False if it failed; what then came of the peer is said already.
  bool say(const std::string &text, echo::Answer &answer);

  // Whether the server takes connections. One that it takes is kept for a call.
  bool answers();

 private:
  peerage::peer_view self_;  // not one that counts: the peer owns this
  std::shared_ptr<prober> reviver_;
  pool connections_;
};

#endif
