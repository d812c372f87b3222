#include "server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern char **environ;

namespace {

constexpr int patience_ms = 5000;

[[noreturn]] void give_up(const char *what) {
  std::fprintf(stderr, "a server: %s\n", what);
  std::exit(1);
}

struct both_ends {
  int to_read, to_write;
};

both_ends make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) give_up("no pipe");
  return {ends[0], ends[1]};
}

// The line that the server writes when it listens.
int read_port(int from) {
  std::string line;
  for (char next = 0; next != '\n'; line += next) {
    pollfd readable{from, POLLIN, 0};
    if (poll(&readable, 1, patience_ms) != 1) give_up("it does not listen in time");
    if (read(from, &next, 1) != 1) give_up("it ended before it listened");
  }
  return std::atoi(line.c_str());
}

}  // namespace

server_process::server_process() { start(0); }  // on any port

server_process::~server_process() { kill(); }

void server_process::start(int port) {
  const both_ends in = make_pipe(), out = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.to_read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.to_write, STDOUT_FILENO);
  std::string name = "grpc_peers", role = "serve", number = std::to_string(port);
  char *arguments[] = {name.data(), role.data(), number.data(), nullptr};
  const int failed =
      posix_spawn(&child_, "/proc/self/exe", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in.to_read);
  close(out.to_write);
  if (failed != 0) give_up("it cannot be started");
  alive_ = in.to_write;
  port_ = read_port(out.to_read);
  close(out.to_read);
}

void server_process::kill() {
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  close(alive_);
  child_ = alive_ = -1;
}

void server_process::restart() {
  kill();
  start(port_);
}
