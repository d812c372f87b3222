// Peers that come by themselves: what feeds a chooser with what a source knows.

#ifndef PEERAGE_UPDATER_HPP
#define PEERAGE_UPDATER_HPP

#include "chooser.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

PEERAGE_HPP_BEGIN

/** How the source of an updater has been since its updater was started. */
struct source_status {
  /** How often it was asked. */
  std::uint64_t attempts;
  /** How often it has answered with peers. */
  std::uint64_t successes;
  /** How often it has not answered. */
  std::uint64_t failures;
  /** How often it has answered with no peers, and those there were have been kept. */
  std::uint64_t empties;
  /** How often its answer has changed the list. */
  std::uint64_t changes;
  /** How long ago its last answer with peers was; nothing if there was none. */
  std::optional<std::chrono::nanoseconds> age;
  /** How many peers the chooser has by it. */
  std::size_t peers;
  /** Whether the updater was started, and not stopped. */
  bool running;
  /** Whether the peers are those of the snapshot file, as the source has not answered yet. */
  bool is_snapshot;
};

/**
 * Feeds a chooser with the peers that a source knows, in a thread of its own while it runs:
 *
 *   auto feed = peerage::updater::make(chooser, "dns:users.internal:8080").value();
 *   feed.start().value();
 *
 * Each answer is the whole set of the chooser's peers: nothing else should add or remove any. When the
 * source fails, or answers with no peers, those that there are stay, and it is asked again after longer
 * and longer pauses. It keeps the chooser; the last handle to it stops it.
 *
 * Threads: what feeding calls back is called on the updater's thread, but for a start and a stop.
 */
class updater
    : public detail::handle<peerage_updater, peerage_updater_ref, peerage_updater_unref> {
 public:
  updater() noexcept = default;

  /**
   * Makes an updater that is not started. `uri` is `scheme:rest[#key=value[,key=value]...]`; `schemes()`
   * has what there is.
   *
   * Errors: invalid_argument (the message says which part of the URI is wrong), unsupported (the library
   * was built without this source; a chooser `direct`)
   */
  static result<updater> make(const chooser &of, std::string_view uri) {
    const peerage_updater *out = nullptr;
    const auto call = [&](peerage_error **err) {
      return peerage_updater_new(of.capi(), detail::lend(uri), &out, err);
    };
    if (auto made = detail::reported(call); !made) return made.error();
    return adopt(out);
  }

  /**
   * The updater that was made last for a chooser, whether or not it runs; `not_found` if none was made or
   * it is gone.
   */
  static result<updater> of(const chooser &fed) {
    const peerage_updater *out = nullptr;
    const peerage_status status = peerage_chooser_updater(fed.capi(), &out);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    return adopt(out);
  }

  /** Takes over a reference of the caller's. */
  [[nodiscard]] static updater adopt(const peerage_updater *owned) noexcept {
    return updater(owned);
  }

  /**
   * Begins to ask the source. It does not wait for the answer, but for that of `static`: choices wait until
   * there are peers. Idempotent; not after a stop.
   */
  result<> start() const {
    return detail::reported(
        [&](peerage_error **err) { return peerage_updater_start(capi(), err); });
  }

  /**
   * Asks the source no more, and takes its peers out of the chooser. To keep them until the end, stop the
   * chooser first. Idempotent.
   *
   * Blocks: for 50 ms at most, if the callbacks return
   */
  peerage::status stop() const noexcept {
    return static_cast<peerage::status>(peerage_updater_stop(capi(), nullptr));
  }

  /** Has the source asked again at once. It does not wait for the answer. */
  peerage::status refresh() const noexcept {
    return static_cast<peerage::status>(peerage_updater_refresh(capi()));
  }

  /** The URI. Borrowed from the updater; `data()` of it is NUL-terminated. */
  std::string_view uri() const noexcept { return detail::view(peerage_updater_uri(capi())); }

  /** How the source has been. */
  result<source_status> status() const {
    peerage_source_status counts;
    const peerage_status got = peerage_updater_status(capi(), &counts, sizeof counts);
    if (got != PEERAGE_OK) return error(static_cast<peerage::status>(got));
    source_status status{};
    status.attempts = counts.attempts;
    status.successes = counts.successes;
    status.failures = counts.failures;
    status.empties = counts.empties;
    status.changes = counts.changes;
    status.age = detail::age_of(counts.age_ns);
    status.peers = counts.peers;
    status.running = counts.running != 0;
    status.is_snapshot = counts.is_snapshot != 0;
    return status;
  }

  /** Why the source has not answered the last time; empty if it has. */
  result<std::string> last_error() const {
    return detail::written([this](char *buf, std::size_t len, std::size_t *needed) {
      return peerage_updater_last_error(capi(), buf, len, needed);
    });
  }

 private:
  explicit updater(const peerage_updater *owned) noexcept : handle(owned) {}
};

PEERAGE_HPP_END

#endif  // PEERAGE_UPDATER_HPP
