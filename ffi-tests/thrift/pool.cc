#include "pool.h"

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

#include <cstdlib>
#include <utility>

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::transport::TFramedTransport;
using apache::thrift::transport::TSocket;

namespace {

// How long a server may take to accept a connection, and to answer.
constexpr int connect_limit_ms = 500, answer_limit_ms = 2000;

}  // namespace

void connection::open() {
  if (!transport->isOpen()) transport->open();
}

pool::pool(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  host_ = name.substr(0, colon);
  port_ = colon == name.npos ? 0 : std::atoi(std::string(name.substr(colon + 1)).c_str());
}

connection pool::take() {
  unsigned life = 0;
  {
    const std::lock_guard<std::mutex> held(lock_);
    if (!idle_.empty()) {
      connection last = std::move(idle_.back());
      idle_.pop_back();
      return last;
    }
    life = life_;
  }
  const auto socket = std::make_shared<TSocket>(host_, port_);
  socket->setConnTimeout(connect_limit_ms);
  socket->setRecvTimeout(answer_limit_ms);
  socket->setSendTimeout(answer_limit_ms);
  const auto framed = std::make_shared<TFramedTransport>(socket);
  auto client = std::make_unique<echo::EchoClient>(std::make_shared<TBinaryProtocol>(framed));
  return {framed, std::move(client), life};
}

void pool::give_back(connection one) {
  const std::lock_guard<std::mutex> held(lock_);
  if (one.life == life_) idle_.push_back(std::move(one));
}

void pool::found() {
  const std::lock_guard<std::mutex> held(lock_);
  there_ = true;
}

bool pool::lost(const connection &one) {
  std::vector<connection> closed;  // which they are without the lock
  const std::lock_guard<std::mutex> held(lock_);
  if (!there_ || one.life != life_) return false;
  there_ = false;
  life_++;
  closed.swap(idle_);
  return true;
}
