// Choosers as text for Prometheus.
#include "fake.h"

namespace {

peerage::chooser users(journal &book) {
  peerage::chooser_options options;
  options.policy = "round-robin";
  options.name = "users";
  auto chooser = peerage::chooser::make(transport_of(book), options).value();
  chooser.start().value();
  return chooser;
}

bool has(const std::string &text, const std::string &what) { return text.find(what) != text.npos; }

TEST(Metrics, NumbersOfChoosers) {
  journal one_book, two_book;
  const auto one = users(one_book), two = users(two_book);
  one.update({"a:1", "b:1"}).value();
  const auto pick = one.choose(patience).value();
  const std::string text = peerage::metrics_text({one, two}).value();
  EXPECT_TRUE(has(text, "peerage_peers{chooser=\"users\",status=\"available\"} 2\n"));
  EXPECT_TRUE(has(text, "peerage_pending_requests{chooser=\"users\"} 1\n"
                        "peerage_pending_requests{chooser=\"users (2)\"} 0\n"));
  EXPECT_TRUE(has(text, "# TYPE peerage_requests_total counter\n"));
  EXPECT_FALSE(has(text, "peerage_peer_up"));
  EXPECT_EQ(text.find('\0'), text.npos);
}

TEST(Metrics, PeersAsOpenMetrics) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({"a:1"}).value();
  peerage::metrics_options options;
  options.format = peerage::metrics_format::openmetrics;
  options.peers = true;
  const std::string text = peerage::metrics_text({chooser}, options).value();
  EXPECT_TRUE(has(text, ",peer=\"a:1\"} 1\n"));
  EXPECT_TRUE(has(text, "# TYPE peerage_requests counter\n"));
  EXPECT_TRUE(has(text, "# EOF\n"));
  EXPECT_TRUE(has(std::string(peerage::content_type(options.format)), "openmetrics"));
}

TEST(Metrics, NoChooserAndNoHandle) {
  EXPECT_EQ(peerage::metrics_text({}).value(), "");
  EXPECT_EQ(peerage::metrics_text({peerage::chooser()}).status(), status::null_pointer);
}

}  // namespace
