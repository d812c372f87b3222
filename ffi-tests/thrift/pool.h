// The connections to one server. A Thrift connection carries one call at a time, so there are as
// many as there are calls at once, and those that are not in use wait here.
#ifndef POOL_H
#define POOL_H

#include <Echo.h>
#include <thrift/transport/TTransport.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

// A connection, with a client of the service on it.
struct connection {
  std::shared_ptr<apache::thrift::transport::TTransport> transport;
  std::unique_ptr<echo::EchoClient> client;
  unsigned life;  // of its server: which one it belongs to, as the pool counts them

  // Opens it, if it is not. Throws TTransportException if that fails.
  void open();
};

class pool {
 public:
  // The name of a peer: "host:port".
  explicit pool(std::string_view name);

  // One that is not in use, or a new one, which is not open yet.
  connection take();
  // Keeps it for the next call.
  void give_back(connection one);

  // The server takes connections: the first that breaks from now on is news.
  void found();
  // One broke: closes those that are not in use, as the server that had them is gone. False if that
  // is no news: many calls hear of one death, and some so late that the server is back.
  bool lost(const connection &one);

 private:
  std::string host_;
  int port_;
  std::mutex lock_;  // of what follows; no connection is made with it held
  unsigned life_ = 0;
  bool there_ = false;
  std::vector<connection> idle_;
};

#endif
