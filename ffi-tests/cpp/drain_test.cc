// What has left is waited for; a descriptor shows that a peer can be chosen; names lead to peers.
#include <poll.h>

#include "fake.h"

namespace {

TEST(Drain, WaitsForWhatHasLeft) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({"a:1", "b:1"}).value();
  auto one = chooser.choose(patience).value(), two = chooser.choose(patience).value();
  EXPECT_EQ(chooser.drain(0ms), status::ok);
  chooser.update({}, {one.id()}).value();
  EXPECT_EQ(chooser.stats()->departing, 1u);
  EXPECT_EQ(chooser.stats()->departing_pending, 1u);
  EXPECT_EQ(chooser.stats()->pending, 1u);
  EXPECT_EQ(chooser.drain(1ms), status::timed_out);
  one.finish(outcome::success);
  EXPECT_EQ(chooser.drain(patience), status::ok);

  EXPECT_EQ(chooser.stop(), status::ok);
  // Before the drain waits or while it does: nothing tells a test which.
  std::thread finisher([&] { two.finish(outcome::success); });
  EXPECT_EQ(chooser.drain(peerage::timeout::forever()), status::ok);
  EXPECT_EQ(book.released, 2);
  EXPECT_EQ(chooser.stats()->departing, 0u);
  finisher.join();
  EXPECT_EQ(chooser.drain(peerage::timeout::standard()), status::invalid_argument);
  EXPECT_EQ(peerage::chooser().drain(0ms), status::null_pointer);
}

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return poll(&watched, 1, 0) == 1;
}

TEST(ReadyFd, IsReadableWhileAPeerCanBeChosen) {
  journal book;
  const auto chooser = started(transport_of(book));
  const int fd = chooser.ready_fd().value();
  EXPECT_EQ(chooser.ready_fd().value(), fd);
  EXPECT_FALSE(readable(fd));
  chooser.update({"a:1"}).value();
  EXPECT_TRUE(readable(fd));
  book.peer("a:1").set_status(connection_status::unavailable);
  EXPECT_FALSE(readable(fd));
  chooser.stop();
  EXPECT_TRUE(readable(fd));
  EXPECT_EQ(started(transport_of(book), "direct").ready_fd().status(), status::unsupported);
}

TEST(Lookup, LeadsToThePeer) {
  journal book;
  peerage::chooser chooser = started(transport_of(book));
  chooser.update({"a:1", "b:1"}).value();
  const peerage::peer found = chooser.peer("a:1").value();
  EXPECT_EQ(found, book.peer("a:1"));
  EXPECT_EQ(found.set_data(std::make_unique<int>(7)), status::ok);
  EXPECT_EQ(chooser.peer("c:1").status(), status::not_in_list);
  const auto peers = chooser.snapshot().value();
  EXPECT_EQ(peers[0].peer, found);
  EXPECT_EQ(*peers[0].peer.data<int>(), 7);
  chooser = peerage::chooser();
  // Kept by the snapshot.
  EXPECT_EQ(peers[1].peer.id(), "b:1");
  EXPECT_EQ(peers[1].peer.set_status(connection_status::available), status::gone);
}

}  // namespace
