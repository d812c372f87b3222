// What the handles share: counted references to objects of the C library, its errors, its texts.
//
// A refusal of a transport has a text, and C has room for its number only. The call that asked is
// on the same thread, further up: it leaves a place for the texts, and collects them at its end.

#ifndef PEERAGE_HANDLE_HPP
#define PEERAGE_HANDLE_HPP

#include "result.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

PEERAGE_HPP_BEGIN
namespace detail {

inline peerage_str lend(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(peerage_str text) noexcept { return {text.ptr, text.len}; }

template <class T> void drop(void *object) noexcept { delete static_cast<T *>(object); }

/** A counted reference to an object of the C library, or nothing. */
template <class C, const C *(*Ref)(const C *), void (*Unref)(const C *)> class handle {
 public:
  handle() noexcept = default;
  handle(const handle &other) noexcept : raw_(Ref(other.raw_)) {}
  handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
  handle &operator=(handle other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~handle() { Unref(raw_); }

  /** The C handle, borrowed from this one. */
  const C *capi() const noexcept { return raw_; }
  /** The C handle and its reference, which the caller gives back; this one is empty then. */
  [[nodiscard]] const C *capi_release() noexcept { return std::exchange(raw_, nullptr); }

  explicit operator bool() const noexcept { return raw_ != nullptr; }
  friend bool operator==(const handle &a, const handle &b) noexcept { return a.raw_ == b.raw_; }
  friend bool operator!=(const handle &a, const handle &b) noexcept { return a.raw_ != b.raw_; }
  /** Some order, for sets and maps. */
  friend bool operator<(const handle &a, const handle &b) noexcept {
    return std::less<const C *>()(a.raw_, b.raw_);
  }

 protected:
  explicit handle(const C *adopted) noexcept : raw_(adopted) {}

 private:
  const C *raw_ = nullptr;
};

struct free_error {
  void operator()(peerage_error *error) const noexcept { peerage_error_free(error); }
};

// The place for the texts of refusals, from its construction to its end on one thread.
class refusals {
 public:
  refusals() noexcept : outer_(std::exchange(innermost(), this)) {}
  ~refusals() { innermost() = outer_; }
  refusals(const refusals &) = delete;
  refusals &operator=(const refusals &) = delete;

  template <bool Exceptions>
  static void note(std::string_view id, std::string_view why) noexcept {
    refusals *const here = innermost();
    if (here == nullptr) return;
    const auto append = [&] {
      here->text_.append(here->text_.empty() ? "" : "; ").append(id).append(": ").append(why);
    };
    guard<Exceptions>::run(append, [](const char *) {});
  }

  /** The message of the C library, with what it could not know. */
  error explain(peerage_status status, std::string message) const {
    if (!text_.empty()) message += " (" + text_ + ")";
    return error(static_cast<peerage::status>(status), std::move(message));
  }
  error explain(peerage_status status) const {
    if (text_.empty()) return error(static_cast<peerage::status>(status));
    return explain(status, peerage_status_message(status));
  }
  error explain(peerage_status status, peerage::cause cause, std::string message) const {
    if (!text_.empty()) message += " (" + text_ + ")";
    return error(static_cast<peerage::status>(status), cause, std::move(message));
  }

 private:
  static refusals *&innermost() noexcept {
    static thread_local refusals *top = nullptr;
    return top;
  }
  refusals *outer_;
  std::string text_;
};

/** Runs a cold function of the C library, which gets a place for its error. */
template <class Call> result<> reported(Call &&call) {
  const refusals texts;
  peerage_error *raw_error = nullptr;
  const peerage_status status = call(&raw_error);
  const std::unique_ptr<peerage_error, free_error> owned(raw_error);
  if (status == PEERAGE_OK) return {};
  if (!owned) return texts.explain(status);
  return texts.explain(status, std::string(view(peerage_error_message(owned.get()))));
}

// Has `call(buf, len, &needed)` write a text, as often as it takes to have room for all of it.
template <class Call> result<std::string> written(Call &&call) {
  std::string text;
  for (std::size_t needed = 255;;) {
    text.resize(needed + 1);
    const peerage_status status = call(text.data(), text.size(), &needed);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    if (needed < text.size()) return text.resize(needed), std::move(text);
  }
}

}  // namespace detail
PEERAGE_HPP_END

#endif  // PEERAGE_HANDLE_HPP
