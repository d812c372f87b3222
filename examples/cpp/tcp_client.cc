#include <arpa/inet.h>
#include <peerage.hpp>
#include <thread>
#include <unistd.h>
int dial(std::string_view id) {  // "10.0.0.1:80"; -1 if it cannot be reached
  const std::string host(id.substr(0, id.find(':'))), port(id.substr(host.size() + 1));
  const sockaddr_in at{AF_INET, htons(std::stoi(port)), {inet_addr(host.c_str())}, {}};
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  return connect(fd, (const sockaddr *)&at, sizeof at) == 0 ? fd : (close(fd), -1);
}
void watch(peerage::peer peer) {  // says whether it takes connections, until it is released
  for (int fd; peer.set_status((fd = dial(peer.id())) < 0 ? peerage::connection_status::unavailable
    : peerage::connection_status::available) == peerage::status::ok; usleep(100000)) close(fd);
}
int main(int count, char **names) {
  const auto tcp = peerage::transport_ref::make(
    [](peerage::peer_view peer) { std::thread(watch, peerage::peer(peer)).detach(); }).value();
  const auto chooser = peerage::chooser::started(tcp, {"round-robin"}, {names + 1, names + count}).value();
  for (char text[256]; auto pick = chooser.choose(std::chrono::seconds(5)); usleep(50000)) {
    const int fd = dial(pick->id());
    const auto n = send(fd, "hello\n", 6, MSG_NOSIGNAL) == 6 ? recv(fd, text, 255, 0) : 0;
    std::printf("%s %.*s", pick->id().data(), n > 0 ? int(n) : 5, n > 0 ? text : "lost\n");
    pick->finish(n > 0 ? peerage::outcome::success : peerage::outcome::failure), close(fd);
  }
}
