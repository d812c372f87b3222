// Several threads choose while others push statuses and update: the counts are exact at the end.
#include "fake.h"

namespace {

TEST(Threads, CountsAreExactAtTheEnd) {
  constexpr int rounds = 2000;
  journal book;
  {
    const auto chooser = started(transport_of(book), "fewest-pending-requests");
    chooser.update({"a:1", "b:1", "c:1"}).value();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
      threads.emplace_back([chooser] {
        for (int round = 0; round < rounds; round++) {
          auto pick = chooser.choose(patience).value();
          if (round % 2 == 0) pick.finish(outcome::success);
        }
      });
    for (const char *id : {"b:1", "c:1"})
      threads.emplace_back([peer = book.peer(id)] {
        for (int round = 0; round < rounds; round++)
          peer.set_status(round % 2 ? connection_status::available : connection_status::connecting);
      });
    threads.emplace_back([chooser] {
      for (int round = 0; round < rounds; round++) {
        chooser.update({"guest:1"}).value();
        chooser.update({}, {"guest:1"}).value();
      }
    });
    for (auto &thread : threads) thread.join();
    const peerage::stats counts = chooser.stats().value();
    EXPECT_EQ(counts.peers, 3u);
    EXPECT_EQ(counts.available, 3u);
    EXPECT_EQ(counts.pending, 0u);
    EXPECT_EQ(counts.waiting, 0u);
    // A guest with requests in flight may be added again before it was released.
    EXPECT_LE(book.retained, 3 + rounds);
    EXPECT_EQ(book.retained - book.released, 3);
  }
  EXPECT_EQ(book.retained, book.released);
  EXPECT_EQ(book.destroyed, 1);
}

}  // namespace
