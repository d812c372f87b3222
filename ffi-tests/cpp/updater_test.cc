// Peers that come by themselves, and that are probed.
#include "fake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace {

// Looks a thousand times a second: what it waits for, a count of the library's, comes without an event.
template <class Holds> void eventually(Holds holds) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(Updater, FeedsWhatIsWrittenDown) {
  journal book;
  const auto chooser = started(transport_of(book));
  {
    const auto feed = peerage::updater::make(chooser, "static:a:1,b:1*3").value();
    EXPECT_FALSE(feed.status()->age);
    EXPECT_FALSE(feed.status()->running);
    feed.start().value();
    const auto status = feed.status().value();
    EXPECT_TRUE(status.running && status.age && !status.is_snapshot);
    EXPECT_EQ(status.peers, 2u);
    EXPECT_EQ(status.successes, 1u);
    EXPECT_EQ(feed.last_error().value(), "");
    EXPECT_EQ(chooser.stats()->available, 2u);
    EXPECT_EQ(feed.refresh(), peerage::status::ok);
  }
  // The last handle has stopped it.
  EXPECT_EQ(chooser.stats()->peers, 0u);
}

// A folder of a test's own, where the machine has such; gone with it, also if the test fails.
struct own_folder {
  own_folder() : path((std::filesystem::temp_directory_path() / "peerage-XXXXXX").string()) {
    if (!mkdtemp(path.data())) throw std::system_error(errno, std::generic_category(), path);
  }
  ~own_folder() { std::error_code ignored; std::filesystem::remove_all(path, ignored); }
  std::string path;
};

TEST(Updater, FollowsAFile) {
  if (!peerage::has("file")) GTEST_SKIP() << "this build reads no files";
  const own_folder folder;
  const std::string path = folder.path + "/users";
  const auto write = [&](const char *lines) {
    std::ofstream(path + ".new") << lines;
    ASSERT_EQ(std::rename((path + ".new").c_str(), path.c_str()), 0);
  };
  journal book;
  const auto chooser = started(transport_of(book));
  const auto feed = peerage::updater::make(
      chooser, "file:" + path + "#poll=10ms,backoff=10ms,max-backoff=10ms").value();
  feed.start().value();
  eventually([&] { return feed.status()->failures > 0; });
  EXPECT_NE(feed.last_error()->find(path), std::string::npos);
  write("a:1\n");
  EXPECT_EQ(chooser.choose(peerage::timeout::forever())->id(), "a:1");
  write("b:1\nc:1\n");
  eventually([&] { return chooser.stats()->available == 2; });
  EXPECT_EQ(feed.stop(), peerage::status::ok);
  EXPECT_EQ(chooser.stats()->peers, 0u);
  EXPECT_EQ(feed.start().error().status(), peerage::status::stopped);
}

TEST(Updater, SaysWhatIsWrongWithAUri) {
  journal book;
  const auto chooser = started(transport_of(book));
  const auto none = peerage::updater::make(chooser, "consul:a");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().status(), peerage::status::invalid_argument);
  EXPECT_NE(none.error().message().find("no source is called \"consul\""), std::string::npos);
  const auto direct = started(transport_of(book), "direct");
  EXPECT_EQ(peerage::updater::make(direct, "static:a:1").error().status(),
            peerage::status::unsupported);
  EXPECT_EQ(peerage::updater::make({}, "static:a:1").error().status(),
            peerage::status::null_pointer);
  const peerage::updater empty;
  EXPECT_EQ(empty.stop(), peerage::status::null_pointer);
  EXPECT_EQ(empty.status().error().status(), peerage::status::null_pointer);
}

TEST(Updater, ListsItsSchemes) {
  journal book;
  const auto chooser = started(transport_of(book));
  std::size_t available = 0;
  for (const auto &row : peerage::schemes()) {
    EXPECT_EQ(row.available, peerage::has(std::string(row.name))) << row.name;
    EXPECT_GE(row.keys.size(), 4u) << row.name;
    EXPECT_FALSE(row.form.empty() || row.about.empty()) << row.name;
    available += row.available;
    if (row.available) continue;
    const auto made = peerage::updater::make(chooser, std::string(row.name) + ":a:80");
    EXPECT_EQ(made.error().status(), peerage::status::unsupported);
    EXPECT_NE(made.error().message().find(row.feature), std::string::npos);
  }
  EXPECT_GE(available, 1u);
  EXPECT_FALSE(peerage::has("smoke signals"));
}

TEST(Probing, FindsOutWhoIsUp) {
  if (!peerage::has("probing")) {
    EXPECT_EQ(peerage::transport_ref::probing().error().status(), peerage::status::unsupported);
    EXPECT_TRUE(peerage::probe_keys().empty());
    return;
  }
  EXPECT_GE(peerage::probe_keys().size(), 12u);
  const auto wrong = peerage::transport_ref::probing("check=smoke");
  EXPECT_EQ(wrong.error().status(), peerage::status::invalid_argument);

  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  socklen_t len = sizeof at;
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr *>(&at), sizeof at), 0);
  ASSERT_EQ(getsockname(fd, reinterpret_cast<sockaddr *>(&at), &len), 0);
  ASSERT_EQ(listen(fd, 8), 0);
  const std::string up = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));

  const auto transport = peerage::transport_ref::probing("interval=1h").value();
  const auto chooser = started(transport);
  chooser.update({up}).value();
  auto pick = chooser.choose(peerage::timeout::forever()).value();
  EXPECT_EQ(pick.id(), up);
  EXPECT_EQ(pick.peer().set_status(peerage::connection_status::unavailable),
            peerage::status::unsupported);
  pick.finish(peerage::outcome::success);
  EXPECT_NE(transport.describe()->find(up + " is up for "), std::string::npos);
  EXPECT_EQ(transport.doubt(up), peerage::status::ok);
  close(fd);

  journal book;
  const auto of_object = transport_of(book);
  EXPECT_EQ(of_object.doubt(up), peerage::status::unsupported);
  EXPECT_EQ(of_object.describe().error().status(), peerage::status::unsupported);
}

// A transport that keeps connections, and leaves to probes which are up.
struct connecting : peerage::transport {
  explicit connecting(int &count) : count_(count) {}
  std::optional<peerage::refusal> retain(peerage::peer_view, std::string_view id) override {
    if (id == "127.0.0.1:1") return peerage::refusal{7, "not that one"};
    count_++;
    return std::nullopt;
  }
  void release(peerage::peer_view) override { count_--; }
  int &count_;
};

TEST(Probing, LeavesConnectionsToAnObject) {
  if (!peerage::has("probing")) GTEST_SKIP() << "this build does not probe";
  int count = 0;
  {
    const auto transport =
        peerage::transport_ref::probing("interval=1h", std::make_shared<connecting>(count)).value();
    const auto chooser = started(transport);
    const auto refused = chooser.update({"127.0.0.1:1", "127.0.0.1:2"});
    EXPECT_NE(refused.error().message().find("not that one"), std::string::npos);
    EXPECT_EQ(count, 1);
  }
  EXPECT_EQ(count, 0);
}

}  // namespace
