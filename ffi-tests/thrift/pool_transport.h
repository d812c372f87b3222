// A transport for Thrift: each peer is a server with a pool of connections.
//
// Calls do not pass through here: the `remote` that a pick carries makes them.
#ifndef POOL_TRANSPORT_H
#define POOL_TRANSPORT_H

#include <memory>
#include <optional>
#include <peerage.hpp>
#include <string_view>
#include <thread>

class prober;

class pool_transport final : public peerage::transport {
 public:
  pool_transport();
  ~pool_transport() override;
  pool_transport(const pool_transport &) = delete;
  pool_transport &operator=(const pool_transport &) = delete;

  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view id) override;
  void release(peerage::peer_view peer) override;

 private:
  std::shared_ptr<prober> prober_;  // shared with its thread, which may outlast this by a moment
  std::thread thread_;
};

#endif
