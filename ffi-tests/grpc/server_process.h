// A server in a process of its own, so that it can be killed as servers are.
#ifndef SERVER_PROCESS_H
#define SERVER_PROCESS_H

#include <string>
#include <sys/types.h>

class server_process {
 public:
  // Starts this program again as a server, and returns when it listens. Ends the program if it
  // does not within some seconds.
  server_process();
  server_process(const server_process &) = delete;
  server_process &operator=(const server_process &) = delete;
  ~server_process();

  // Kills it, without a chance to say goodbye.
  void kill();
  // Starts it again on the same port.
  void restart();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void start(int port);

  pid_t child_ = -1;
  int alive_ = -1;  // the server ends when this is closed, whoever closes it
  int port_ = 0;
};

#endif
