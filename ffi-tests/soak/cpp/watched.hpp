// A transport of the client's own: a thread for each peer, which connects ten times a second.
//
// The transport that probes never takes the last peer out, so with it hardly a caller waits. This one
// reports what it sees: when all servers are down, there is no peer.

#ifndef SOAK_WATCHED_HPP
#define SOAK_WATCHED_HPP

#include "link.hpp"

#include <peerage.hpp>

#include <thread>

namespace soak {

// Until the peer is gone.
inline void watch(const peerage::peer &peer) {
  using peerage::connection_status;
  const std::string server(peer.id());
  connection_status status;
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    status = link::dial(server) ? connection_status::available : connection_status::unavailable;
  } while (peer.set_status(status) == peerage::status::ok);
}

inline peerage::transport_ref watched() {
  const auto retain = [](peerage::peer_view peer) {
    std::thread(watch, peerage::peer(peer)).detach();
  };
  return peerage::transport_ref::make(retain).value();
}

}  // namespace soak

#endif
