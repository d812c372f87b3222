// Handles count: what they refer to lives as long as the last of them, and no longer.
#include "fake.h"

namespace {

TEST(Handle, TheTransportGoesWithTheLastThatUsesIt) {
  journal book;
  auto transport = transport_of(book);
  auto copy = transport;
  EXPECT_EQ(copy, transport);
  transport = {};
  EXPECT_EQ(book.destroyed, 0);
  auto chooser = started(copy);
  copy = {};
  EXPECT_EQ(book.destroyed, 0);
  chooser = {};
  EXPECT_EQ(book.destroyed, 1);
}

TEST(Handle, TheChooserStopsWithItsLastCopy) {
  journal book;
  auto chooser = started(transport_of(book));
  chooser.update({"a:1"}).value();
  auto copy = chooser;
  chooser = {};
  EXPECT_TRUE(copy.is_running());
  EXPECT_EQ(book.released, 0);
  copy = {};
  EXPECT_EQ(book.released, 1);
  EXPECT_EQ(book.destroyed, 1);
}

TEST(Handle, MovesTakeNoReference) {
  journal book;
  auto transport = transport_of(book);
  auto moved = std::move(transport);
  EXPECT_FALSE(transport);  // NOLINT: what a move leaves is documented
  EXPECT_TRUE(moved);
  moved = std::move(moved);
  EXPECT_TRUE(moved);
  moved = {};
  EXPECT_EQ(book.destroyed, 1);
}

TEST(Handle, ACHandleTakesItsReferenceAlong) {
  journal book;
  auto transport = transport_of(book);
  const peerage_transport *const raw = transport.capi_release();
  EXPECT_FALSE(transport);
  EXPECT_EQ(book.destroyed, 0);
  auto back = peerage::transport_ref::adopt(peerage_transport_ref(raw));
  EXPECT_EQ(back.capi(), raw);
  back = {};
  EXPECT_EQ(book.destroyed, 0);
  peerage_transport_unref(raw);
  EXPECT_EQ(book.destroyed, 1);
}

TEST(Handle, AKeptPeerKeepsItsData) {
  struct counted {
    journal &book;
    ~counted() { book.data_destroyed++; }
  };
  journal book;
  auto chooser = started(transport_of(book));
  chooser.update({"a:1"}).value();
  peerage::peer kept = book.peer("a:1");
  EXPECT_EQ(kept.set_data(std::unique_ptr<counted>(new counted{book})), status::ok);
  EXPECT_EQ(&kept.data<counted>()->book, &book);
  chooser = {};
  EXPECT_EQ(book.data_destroyed, 0);
  EXPECT_EQ(kept.id(), "a:1");
  EXPECT_EQ(kept.set_status(connection_status::available), status::gone);
  kept = {};
  EXPECT_EQ(book.data_destroyed, 1);
}

TEST(Handle, DataIsReplacedOnce) {
  journal book;
  auto chooser = started(transport_of(book));
  chooser.update({"a:1"}).value();
  const peerage::peer peer = book.peer("a:1");
  EXPECT_EQ(peer.data<std::string>(), nullptr);
  peer.set_data(std::make_unique<std::string>("first"));
  peer.set_data(std::make_unique<std::string>("second"));
  EXPECT_EQ(*peer.data<std::string>(), "second");
}

TEST(Handle, EmptyOnesAnswerNullPointer) {
  const peerage::chooser none;
  EXPECT_EQ(none.start().status(), status::null_pointer);
  EXPECT_EQ(none.stop(), status::null_pointer);
  EXPECT_EQ(none.update({"a:1"}).status(), status::null_pointer);
  EXPECT_EQ(none.choose(0ms).status(), status::null_pointer);
  EXPECT_EQ(none.try_choose().status(), status::null_pointer);
  EXPECT_EQ(none.stats().status(), status::null_pointer);
  EXPECT_EQ(none.snapshot().status(), status::null_pointer);
  EXPECT_EQ(none.describe().status(), status::null_pointer);
  EXPECT_EQ(none.notify_ready([](status) {}).status(), status::null_pointer);
  EXPECT_EQ(none.notify_cancel(1), status::null_pointer);
  EXPECT_FALSE(none.is_running());
  EXPECT_EQ(peerage::peer().set_status(connection_status::available), status::null_pointer);
  EXPECT_EQ(peerage::transport_ref::make(nullptr).status(), status::null_pointer);
  EXPECT_EQ(peerage::policy_ref::make(nullptr).status(), status::null_pointer);
  peerage::cancel_token token;
  const peerage::cancel_token taken = std::move(token);
  EXPECT_EQ(token.trigger(), status::null_pointer);  // NOLINT: as above
  EXPECT_FALSE(taken.is_triggered());
}

}  // namespace
