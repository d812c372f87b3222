// The transport, in a unit of its own.
#include "two_units.h"

#include <string>

namespace {

class here final : public peerage::watching_transport {
 public:
  explicit here(int &destroyed) : destroyed_(destroyed) {}
  ~here() override {
    CHECK(retained_ == released_ && started_ == finished_);
    destroyed_++;
  }
  std::optional<peerage::refusal> retain(peerage::peer_view peer, std::string_view id) override {
    if (id == "refused:1") return peerage::refusal{7, "not today"};
    retained_++;
    peer.set_data(std::make_unique<std::string>("made for " + std::string(id)));
    peer.set_status(peerage::connection_status::available);
    return {};
  }
  void release(peerage::peer_view) override { released_++; }
  void started(peerage::peer_view) override { started_++; }
  void finished(peerage::peer_view, peerage::outcome) override { finished_++; }

 private:
  int &destroyed_;
  int retained_ = 0, released_ = 0, started_ = 0, finished_ = 0;
};

}  // namespace

peerage::transport_ref make_transport(int &destroyed) {
  return peerage::transport_ref::make(std::make_unique<here>(destroyed)).value();
}
