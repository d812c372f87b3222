#include "pool_transport.h"

#include "prober.h"
#include "remote.h"

pool_transport::pool_transport()
    : prober_(std::make_shared<prober>()), thread_([mine = prober_] { mine->run(); }) {}

pool_transport::~pool_transport() {
  prober_->close();
  // The last use of a transport may be a push, and then this runs on the thread that pushes.
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

std::optional<peerage::refusal> pool_transport::retain(peerage::peer_view peer, std::string_view) {
  peer.set_data(std::make_unique<remote>(peer, prober_));
  prober_->probe(peerage::peer(peer));
  return {};
}

// The connections close with the peer. If it is being probed, the prober hears `gone`.
void pool_transport::release(peerage::peer_view) {}
