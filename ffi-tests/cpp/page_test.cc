// A status page, and the same as JSON.
#include "fake.h"

namespace {

TEST(Page, HasTheChoosersAndTheirPeers) {
  journal book;
  const auto users = started(transport_of(book));
  const auto others = started(transport_of(book), "random");
  users.update({"10.0.0.1:80", "<b>&\"'"}).value();
  book.peer("10.0.0.1:80").set_status(connection_status::unavailable);
  const std::string page = peerage::status_html({users, others}, "title=shop").value();
  EXPECT_EQ(page.rfind("<!DOCTYPE html>", 0), 0u);
  EXPECT_NE(page.find("<title>shop</title>"), page.npos);
  EXPECT_NE(page.find("<b>1</b> of 2 available"), page.npos);
  EXPECT_NE(page.find("<bdi>&lt;b&gt;&amp;&quot;&#39;</bdi>"), page.npos);
  EXPECT_NE(page.find("<bdi>random</bdi>"), page.npos);
  EXPECT_EQ(page.find('\0'), page.npos);
}

TEST(Page, IsWholeHoweverLong) {
  journal book;
  const auto chooser = started(transport_of(book));
  std::vector<std::string> ids;
  for (int i = 1000; i < 3000; i++) ids.push_back("host-" + std::to_string(i) + ":1");
  chooser.update(ids).value();
  const std::string page = peerage::status_html({chooser}, "peers=2000").value();
  const std::string json = peerage::status_json({chooser}).value();
  for (const auto &id : ids) {
    EXPECT_NE(page.find(id), page.npos) << id;
    EXPECT_NE(json.find(id), json.npos) << id;
  }
  EXPECT_EQ(page.substr(page.size() - 8), "</html>\n");
  EXPECT_EQ(json.substr(json.size() - 2), "]}");
}

TEST(Page, SaysWhatIsWrongWithItsOptions) {
  const auto wrong = peerage::status_html({}, "rows=5");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().status(), status::invalid_argument);
  EXPECT_NE(wrong.error().message().find("need one of title, refresh, peers"), std::string::npos);
}

TEST(Page, JsonOfNothing) {
  EXPECT_EQ(peerage::status_json({}).value(), "{\"form\":1,\"choosers\":[]}");
}

}  // namespace
