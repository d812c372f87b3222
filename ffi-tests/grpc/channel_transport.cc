#include "channel_transport.h"

#include <chrono>
#include <mutex>
#include <string>
#include <utility>

namespace {

// gRPC ends a watch when the state changes or at a deadline, not otherwise. So this is how long a
// released channel may linger, and how long the end of the transport takes.
constexpr std::chrono::milliseconds watch_limit{200};

// On loopback there is no reason to hold back; the defaults of gRPC begin at a second.
grpc::ChannelArguments quick_to_reconnect() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 300);
  // A connection of the channel's own: channels to one target would share theirs.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

peerage::connection_status status_of(grpc_connectivity_state state) {
  switch (state) {
    case GRPC_CHANNEL_READY:
      return peerage::connection_status::available;
    case GRPC_CHANNEL_CONNECTING:
      return peerage::connection_status::connecting;
    default:
      return peerage::connection_status::unavailable;
  }
}

}  // namespace

// Shared by the transport and its thread, which may outlast it by a moment.
class channel_transport::watcher {
 public:
  struct watch {
    peerage::peer peer;
    std::shared_ptr<grpc::Channel> channel;
  };

  // Pushes the state, and asks to hear when it is another. `GetState(true)` also makes a channel
  // connect that was idle: that is what it becomes when it loses its connection.
  void push(std::unique_ptr<watch> one) {
    const grpc_connectivity_state state = one->channel->GetState(true);
    if (one->peer.set_status(status_of(state)) == peerage::status::gone) return;
    const std::lock_guard<std::mutex> held(lock_);
    if (closed_) return;
    const auto deadline = std::chrono::system_clock::now() + watch_limit;
    grpc::Channel &channel = *one->channel;
    channel.NotifyOnStateChange(state, deadline, &changes_, one.release());
  }

  void run() {
    void *tag = nullptr;
    bool changed = false;  // else the deadline: either way, look
    while (changes_.Next(&tag, &changed)) push(std::unique_ptr<watch>(static_cast<watch *>(tag)));
  }

  void close() {
    const std::lock_guard<std::mutex> held(lock_);
    closed_ = true;
    changes_.Shutdown();
  }

 private:
  std::mutex lock_;
  bool closed_ = false;
  grpc::CompletionQueue changes_;
};

channel_transport::channel_transport()
    : watcher_(std::make_shared<watcher>()), thread_([mine = watcher_] { mine->run(); }) {}

channel_transport::~channel_transport() {
  watcher_->close();
  // The last use of a transport may be a push, and then this runs on the thread that pushes.
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

std::optional<peerage::refusal> channel_transport::retain(peerage::peer_view peer,
                                                          std::string_view id) {
  auto channel = grpc::CreateCustomChannel(std::string(id), grpc::InsecureChannelCredentials(),
                                           quick_to_reconnect());
  peer.set_data(std::make_unique<remote>(remote{channel, echo::Echo::NewStub(channel)}));
  watcher_->push(std::make_unique<watcher::watch>(
      watcher::watch{peerage::peer(peer), std::move(channel)}));
  return {};
}

// From now on a push answers `gone`, by which the watch notices. The channel closes with the peer.
void channel_transport::release(peerage::peer_view) {}
