#include "remote.h"

#include "prober.h"

#include <thrift/Thrift.h>

#include <utility>

using apache::thrift::TException;

remote::remote(peerage::peer_view self, std::shared_ptr<prober> reviver)
    : self_(self), reviver_(std::move(reviver)), connections_(self.id()) {}

bool remote::say(const std::string &text, echo::Answer &answer) {
  connection one = connections_.take();
  try {
    one.open();
    one.client->say(answer, text);
  } catch (const TException &) {
    // An exception that the service declares would be an answer: catch it before this one.
    if (connections_.lost(one)) {
      self_.set_status(peerage::connection_status::unavailable);
      reviver_->probe(peerage::peer(self_));
    }
    return false;
  }
  connections_.give_back(std::move(one));
  return true;
}

bool remote::answers() {
  connection one = connections_.take();
  try {
    one.open();
  } catch (const TException &) {
    return false;
  }
  connections_.give_back(std::move(one));
  connections_.found();
  return true;
}
