// A transport for gRPC: each peer is a channel, and its connectivity state is the status.
//
// gRPC connects, backs off and connects again by itself. All there is to do is to watch: a thread
// waits for changes of any channel on a completion queue, and pushes them. Requests do not pass
// through here: whoever has a pick finds the stub in it and calls.
#ifndef CHANNEL_TRANSPORT_H
#define CHANNEL_TRANSPORT_H

#include <echo.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <peerage.hpp>
#include <string_view>
#include <thread>

// What a peer carries: pick.data<remote>(). The identifier of a peer is a gRPC target, "host:port".
struct remote {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<echo::Echo::Stub> stub;
};

class channel_transport final : public peerage::transport {
 public:
  channel_transport();
  ~channel_transport() override;
  channel_transport(const channel_transport &) = delete;
  channel_transport &operator=(const channel_transport &) = delete;

  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view id) override;
  void release(peerage::peer_view peer) override;

 private:
  class watcher;
  std::shared_ptr<watcher> watcher_;
  std::thread thread_;
};

#endif
