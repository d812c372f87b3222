// What only borrows a text does not take one that ends with the expression; what keeps it copies it,
// and a list, which may do either, keeps those that end.
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "fake.h"

namespace {

using peerage::member;

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
#define CALL(object, function) \
  [&](auto &&text) -> decltype(object.function(std::forward<decltype(text)>(text))) { \
    return object.function(std::forward<decltype(text)>(text)); \
  }
  static_assert(borrows(CALL(r, shard_key)));
  static_assert(borrows(CALL(r, routing_key)));
  static_assert(borrows(CALL(r, routing_delegate)));
#undef CALL
  static_assert(builds<value_of, std::string &>() && !builds<value_of, std::string>());
  static_assert(builds<name_of, const char *>() && !builds<name_of, std::string>());
  // One name is not a list of them, nor a list of its letters.
  static_assert(!std::is_convertible_v<const char *, peerage::members>);
  static_assert(!std::is_convertible_v<const char (&)[4], peerage::peer_ids>);
  static_assert(!std::is_convertible_v<std::string, peerage::members>);
}

// A view of strings that are another's.
struct view_of_strings {
  std::vector<std::string> *all;
  auto begin() const { return all->begin(); }
  auto end() const { return all->end(); }
};

// A string of another library.
struct other_string {
  std::string text;
  operator std::string_view() const { return text; }
};

// The address sanitizer finds what is read after its end; a plain build finds the wrong text.
template <class List> std::string names(const List &list) {
  std::string all;
  for (std::size_t i = 0; i < list.size(); i++) {
    if constexpr (std::is_same_v<List, peerage::members>) {
      for (const peerage_str &part : {list.capi()[i].id, list.capi()[i].zone, list.capi()[i].shard})
        if (part.len != 0) all += std::string(part.ptr, part.len) + " ";
    } else {
      all += std::string(list.capi()[i].ptr, list.capi()[i].len) + " ";
    }
  }
  return all;
}

std::string name(int n) { return "a-rather-long-name-of-a-host:" + std::to_string(n); }
std::string brief(int n) { return "h:" + std::to_string(n); }
std::string of(std::initializer_list<std::string> all) {
  std::string joined;
  for (const auto &each : all) joined += each + " ";
  return joined;
}

TEST(Borrow, ANamedListKeepsTheTextsThatEnd) {
  const std::string stays = name(0);
  const peerage::peer_ids listed{name(1), brief(2), stays, other_string{name(3)}, "d:1"};
  EXPECT_EQ(names(listed), of({name(1), brief(2), stays, name(3), "d:1"}));
  const peerage::peer_ids ranged(std::vector<std::string>{name(1), brief(2)});
  EXPECT_EQ(names(ranged), of({name(1), brief(2)}));

  const peerage::members with{member(name(1)).zone(name(2)).shard(brief(3)), brief(4), stays};
  EXPECT_EQ(names(with), of({name(1), name(2), brief(3), brief(4), stays}));
  const peerage::members all(std::vector<std::string>{name(1), brief(2)});
  EXPECT_EQ(names(all), of({name(1), brief(2)}));
  const peerage::members some(std::vector<member>{member(name(1)).zone(brief(2)), brief(3)});
  EXPECT_EQ(names(some), of({name(1), brief(2), brief(3)}));
}

TEST(Borrow, ACopyOfAListIsAsGood) {
  std::optional<peerage::peer_ids> first{peerage::peer_ids{name(1), brief(2)}};
  const peerage::peer_ids copy = *first, moved = *std::exchange(first, std::nullopt);
  EXPECT_EQ(names(copy), of({name(1), brief(2)}));
  EXPECT_EQ(names(moved), of({name(1), brief(2)}));
  std::optional<peerage::members> other{peerage::members{member(name(1)).zone(brief(2))}};
  const peerage::members again = *other;
  other.reset();
  EXPECT_EQ(names(again), of({name(1), brief(2)}));
}

TEST(Borrow, AListCopiesNothingThatStays) {
  const std::string stays = name(0);
  const std::string_view view = stays;
  std::vector<std::string> more{name(1)};
  const peerage::peer_ids listed{stays, std::string_view(view), stays.c_str()}, ranged(more);
  for (std::size_t i = 0; i < listed.size(); i++) EXPECT_EQ(listed.capi()[i].ptr, stays.data());
  EXPECT_EQ(ranged.capi()[0].ptr, more[0].data());
  EXPECT_EQ(peerage::members(more).capi()[0].id.ptr, more[0].data());
  EXPECT_EQ(peerage::members{member(stays).zone(view)}.capi()[0].zone.ptr, stays.data());
  // A view that ends has strings that do not: they are as they were.
  EXPECT_EQ(names(peerage::peer_ids(view_of_strings{&more})), of({name(1)}));
  EXPECT_EQ(names(peerage::members(view_of_strings{&more})), of({name(1)}));
  EXPECT_EQ(more[0], name(1));
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
