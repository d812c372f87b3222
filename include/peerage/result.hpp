// A value, or what was wrong: errors without exceptions, and with them for who likes them.
//
// What depends on the compiler's exceptions is a template of that fact, here and in every file that
// makes callbacks. Units that were compiled differently then never share one function's name for
// two different bodies, and may be linked into one program.

#ifndef PEERAGE_RESULT_HPP
#define PEERAGE_RESULT_HPP

#include "status.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define PEERAGE_HPP_EXCEPTIONS 1
#else
#define PEERAGE_HPP_EXCEPTIONS 0
#endif

PEERAGE_HPP_BEGIN

/** What was wrong with one call. */
class error {
 public:
  /** An error with the status's own text, or a text that says what was wrong with this call. */
  explicit error(peerage::status status, std::string detail = {}) noexcept
      : status_(status), detail_(std::move(detail)) {}

  /** The error of a choice, with what kept it from finding a peer. */
  error(peerage::status status, peerage::cause cause, std::string detail) noexcept
      : status_(status), cause_(static_cast<std::int32_t>(cause)), detail_(std::move(detail)) {}

  peerage::status status() const noexcept { return status_; }

  /**
   * What kept a choice from finding a peer: of the errors of `chooser::choose`. Those of `try_choose`
   * do not know it, but `chooser::explain` does.
   */
  std::optional<peerage::cause> cause() const noexcept {
    if (cause_ == no_cause) return {};
    return static_cast<peerage::cause>(cause_);
  }

  /** One line that names the peer or the option at fault, if the call knew. */
  std::string_view message() const noexcept {
    return detail_.empty() ? peerage::message(status_) : std::string_view(detail_);
  }

 private:
  static constexpr std::int32_t no_cause = -1;
  peerage::status status_;
  std::int32_t cause_ = no_cause;
  std::string detail_;
};

/** What `result::value` throws, where exceptions are compiled in. */
class failure : public std::runtime_error {
 public:
  explicit failure(const error &from)
      : std::runtime_error(std::string(from.message())),
        status_(from.status()),
        cause_(from.cause()) {}
  peerage::status status() const noexcept { return status_; }
  /** As `error::cause`. */
  std::optional<peerage::cause> cause() const noexcept { return cause_; }

 private:
  peerage::status status_;
  std::optional<peerage::cause> cause_;
};

namespace detail {

// Runs a callback so that nothing is thrown out of it; fails as `result::value` does.
template <bool Exceptions> struct guard;

template <> struct guard<false> {
  template <class Call, class Caught> static auto run(Call &&call, Caught &&) noexcept {
    return call();
  }
  [[noreturn]] static void fail(const error &why) noexcept {
    const std::string_view text = why.message();
    std::fprintf(stderr, "peerage: %.*s\n", static_cast<int>(text.size()), text.data());
    std::abort();
  }
};

#if PEERAGE_HPP_EXCEPTIONS
template <> struct guard<true> {
  template <class Call, class Caught> static auto run(Call &&call, Caught &&caught) noexcept {
    try {
      return call();
    } catch (const std::exception &thrown) {
      return caught(thrown.what());
    } catch (...) {
      return caught("something that is not a std::exception");
    }
  }
  [[noreturn]] static void fail(const error &why) { throw failure(why); }
};
#endif

}  // namespace detail

/**
 * A `T`, or the error that there is instead. `*` and `->` are for a result that was tested;
 * `value()` throws `failure` when there is none, or, compiled without exceptions, stops the program
 * with the message.
 */
template <class T> class [[nodiscard]] result {
 public:
  result(T value) : is_(std::in_place_index<0>, std::move(value)) {}
  result(peerage::error error) noexcept : is_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return is_.index() == 0; }
  peerage::status status() const noexcept { return *this ? status::ok : error().status(); }

  /** The error of a result that has no value. */
  const peerage::error &error() const noexcept { return *std::get_if<1>(&is_); }

  T &operator*() noexcept { return *std::get_if<0>(&is_); }
  const T &operator*() const noexcept { return *std::get_if<0>(&is_); }
  T *operator->() noexcept { return std::get_if<0>(&is_); }
  const T *operator->() const noexcept { return std::get_if<0>(&is_); }

  template <bool Throws = PEERAGE_HPP_EXCEPTIONS> T &value() & {
    if (!*this) detail::guard<Throws>::fail(error());
    return **this;
  }
  template <bool Throws = PEERAGE_HPP_EXCEPTIONS> T value() && {
    if (!*this) detail::guard<Throws>::fail(error());
    return std::move(**this);
  }

 private:
  std::variant<T, peerage::error> is_;
};

/** Success, or an error. */
template <> class [[nodiscard]] result<void> {
 public:
  result() noexcept = default;
  result(peerage::error error) noexcept : error_(std::move(error)) {}

  explicit operator bool() const noexcept { return !error_; }
  peerage::status status() const noexcept { return error_ ? error_->status() : status::ok; }
  const peerage::error &error() const noexcept { return *error_; }

  template <bool Throws = PEERAGE_HPP_EXCEPTIONS> void value() const {
    if (error_) detail::guard<Throws>::fail(*error_);
  }

 private:
  std::optional<peerage::error> error_;
};

PEERAGE_HPP_END

#endif  // PEERAGE_RESULT_HPP
