#include "server.h"

#include <echo.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

class echo_service final : public echo::Echo::Service {
 public:
  std::string address;

 private:
  grpc::Status Say(grpc::ServerContext *, const echo::Words *words,
                   echo::Answer *answer) override {
    answer->set_text(words->text());
    answer->set_server(address);
    return grpc::Status::OK;
  }
};

std::string loopback(int port) { return "127.0.0.1:" + std::to_string(port); }

}  // namespace

int serve(int port) {
  echo_service service;
  grpc::ServerBuilder builder;
  int bound = 0;
  builder.AddListeningPort(loopback(port), grpc::InsecureServerCredentials(), &bound);
  builder.RegisterService(&service);
  service.address = loopback(port);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server || bound == 0) return 1;
  service.address = loopback(bound);
  std::printf("%d\n", bound);
  std::fflush(stdout);
  char ignored = 0;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
  return 0;
}
