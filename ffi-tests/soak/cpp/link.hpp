// A connection, and what is said on it.

#ifndef SOAK_LINK_HPP
#define SOAK_LINK_HPP

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace soak {

// How a request went: well, refused, failed by the server; no connection, or no answer in time.
enum class answer { well, busy, error, lost };

// A socket.
class link {
 public:
  explicit link(int fd) : fd_(fd) {}
  link(link &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  link &operator=(link &&other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~link() {
    if (fd_ >= 0) close(fd_);
  }

  static std::optional<link> dial(const std::string &server) {
    const auto colon = server.find(':');
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.substr(colon + 1))));
    if (inet_pton(AF_INET, server.substr(0, colon).c_str(), &at.sin_addr) != 1) return {};
    const timeval limit{0, 80000};  // on Linux the one of sending is that of connecting, too
    const int on = 1;
    link made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    setsockopt(made.fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(made.fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(made.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(made.fd_, reinterpret_cast<const sockaddr *>(&at), sizeof at) != 0) return {};
    return made;
  }

  bool say(const std::string &line) const {
    return send(fd_, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
  }

  // A line with its end.
  std::optional<std::string> hear() const {
    std::string line;
    std::array<char, 32> some;
    while (line.empty() || line.back() != '\n') {
      const auto more = recv(fd_, some.data(), some.size(), 0);
      if (more <= 0) return {};
      line.append(some.data(), static_cast<std::size_t>(more));
    }
    return line;
  }

 private:
  int fd_;
};

// The connections of one thread, by server. One on which anything goes wrong is closed.
class links {
 public:
  explicit links(unsigned client) : line_(std::to_string(client) + "\n") {}

  answer ask(const std::string &server, std::int64_t &in_flight) {
    auto link = take(server);
    if (!link || !link->say(line_)) return answer::lost;
    const auto line = link->hear();
    if (!line) return answer::lost;
    kept_.insert_or_assign(server, std::move(*link));
    if (line->rfind("ok ", 0) == 0) {
      in_flight = std::stoi(line->substr(3));
      return answer::well;
    }
    return *line == "busy\n" ? answer::busy : answer::error;
  }

  // Sends a request, and closes the connection without waiting.
  void give_up(const std::string &server) {
    if (const auto link = take(server)) link->say(line_);
  }

  void close_all() { kept_.clear(); }

 private:
  std::optional<link> take(const std::string &server) {
    if (auto node = kept_.extract(server)) return std::move(node.mapped());
    return link::dial(server);
  }

  std::string line_;
  std::map<std::string, link> kept_;
};

}  // namespace soak

#endif
