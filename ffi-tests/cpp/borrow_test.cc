// What only borrows a text does not take one that ends with the expression; what keeps it copies it.
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "fake.h"

namespace {

// Whether `request::shard_key` and its like take a T.
template <class Call, class T, class = void> struct takes : std::false_type {};
template <class Call, class T>
struct takes<Call, T, std::void_t<decltype(std::declval<Call>()(std::declval<T>()))>>
    : std::true_type {};

template <class Call> constexpr bool borrows(Call) {
  return takes<Call, const char (&)[4]>() && takes<Call, const char *>() &&
         takes<Call, std::string_view>() && takes<Call, std::string &>() &&
         takes<Call, const std::string &>() && !takes<Call, std::string>() &&
         !takes<Call, const std::string>();
}

template <class T> using value_of = decltype(peerage::header("name", std::declval<T>()));
template <class T> using name_of = decltype(peerage::header(std::declval<T>(), "value"));
template <template <class> class Of, class T, class = void> struct builds : std::false_type {};
template <template <class> class Of, class T>
struct builds<Of, T, std::void_t<Of<T>>> : std::true_type {};

TEST(Borrow, NotFromTemporaries) {
  peerage::request r;
  peerage::member m("a:1");
#define CALL(object, function) \
  [&](auto &&text) -> decltype(object.function(std::forward<decltype(text)>(text))) { \
    return object.function(std::forward<decltype(text)>(text)); \
  }
  static_assert(borrows(CALL(r, shard_key)));
  static_assert(borrows(CALL(r, routing_key)));
  static_assert(borrows(CALL(r, routing_delegate)));
  static_assert(borrows(CALL(m, zone)));
  static_assert(borrows(CALL(m, shard)));
#undef CALL
  static_assert(builds<value_of, std::string &>() && !builds<value_of, std::string>());
  static_assert(builds<name_of, const char *>() && !builds<name_of, std::string>());
  static_assert(std::is_constructible_v<peerage::member, std::string &> &&
                std::is_constructible_v<peerage::member, const char *> &&
                !std::is_constructible_v<peerage::member, std::string> &&
                !std::is_convertible_v<std::string, peerage::member>);
  // One name is not a list of them, nor a list of its letters.
  static_assert(!std::is_convertible_v<const char *, peerage::members>);
  static_assert(!std::is_convertible_v<const char (&)[4], peerage::peer_ids>);
  static_assert(!std::is_convertible_v<std::string, peerage::members>);
}

TEST(Borrow, OptionsKeepTheirTexts) {
  const auto text = [](const char *rest) { return "a name that is not kept in place: " + std::string(rest); };
  journal book;
  peerage::chooser_options options;
  options.policy = std::string("round-") + "robin";
  options.name = text("users");
  options.options = std::string("timeout=") + "300ms";
  const auto chooser = peerage::chooser::make(transport_of(book), options).value();
  EXPECT_EQ(chooser.settings()->name, text("users"));
  EXPECT_EQ(chooser.settings()->default_timeout.capi(), 300'000'000);
}

TEST(Borrow, AnUpdateIsOverBeforeItsTemporaries) {
  journal book;
  const auto chooser = started(transport_of(book));
  const auto name = [](int n) { return "a-rather-long-name-of-a-host:" + std::to_string(n); };
  chooser.update({name(1), name(2)}).value();
  chooser.update(std::vector<std::string>{name(3)}, {name(1)}).value();
  ASSERT_EQ(chooser.snapshot()->size(), 2u);
  EXPECT_EQ(chooser.snapshot()->at(1).id, name(3));
}

TEST(PeerView, IsAKey) {
  journal book;
  const auto chooser = started(transport_of(book));
  chooser.update({"a:1", "b:1"}).value();
  const peerage::peer a = book.peer("a:1"), b = book.peer("b:1");
  const peerage::peer_view view = a;
  std::unordered_map<peerage::peer_view, int> hashed{{view, 1}, {b, 2}};
  EXPECT_EQ(hashed.at(a), 1);
  EXPECT_EQ(hashed.size(), 2u);
  std::map<peerage::peer_view, int> ordered{{a, 1}, {b, 2}, {view, 3}};
  EXPECT_EQ(ordered.size(), 2u);
  EXPECT_EQ(ordered.at(a), 1);
  EXPECT_TRUE((a < b) != (b < a));
  EXPECT_EQ(a < b, view < peerage::peer_view(b));
  const std::unordered_set<peerage::peer> kept{a, b, a};
  EXPECT_EQ(kept.size(), 2u);
  EXPECT_EQ(std::hash<peerage::peer>()(a), std::hash<peerage::peer_view>()(view));
}

}  // namespace
