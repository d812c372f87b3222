#include "server.h"

#include <Echo.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TServerSocket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

using namespace apache::thrift;

namespace {

class echo_service final : public echo::EchoIf {
 public:
  std::string address;

 private:
  void say(echo::Answer &answer, const std::string &text) override {
    answer.text = text;
    answer.server = address;
  }
};

// Hears when the server listens.
class listening final : public server::TServerEventHandler {
 public:
  listening(std::shared_ptr<transport::TServerSocket> socket, std::shared_ptr<echo_service> service)
      : socket_(std::move(socket)), service_(std::move(service)) {}

 private:
  void preServe() override {
    service_->address = "127.0.0.1:" + std::to_string(socket_->getPort());
    std::printf("%d\n", socket_->getPort());
    std::fflush(stdout);
  }
  std::shared_ptr<transport::TServerSocket> socket_;
  std::shared_ptr<echo_service> service_;
};

}  // namespace

int serve(int port) {
  const auto service = std::make_shared<echo_service>();
  const auto socket = std::make_shared<transport::TServerSocket>("127.0.0.1", port);
  server::TThreadedServer server(std::make_shared<echo::EchoProcessor>(service), socket,
                                 std::make_shared<transport::TFramedTransportFactory>(),
                                 std::make_shared<protocol::TBinaryProtocolFactory>());
  server.setServerEventHandler(std::make_shared<listening>(socket, service));
  std::thread([] {
    char ignored = 0;
    while (read(STDIN_FILENO, &ignored, 1) > 0) {
    }
    std::_Exit(0);
  }).detach();
  server.serve();
  return 1;  // it could not listen
}
