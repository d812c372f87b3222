// The side that asks: which peer gets this request?

#ifndef PEERAGE_CHOOSER_HPP
#define PEERAGE_CHOOSER_HPP

#include "ids.hpp"
#include "introspect.hpp"
#include "member.hpp"
#include "options.hpp"
#include "pick.hpp"
#include "transport.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peerage {

namespace detail {

template <bool Exceptions, class Ready> void ready(void *ctx, std::int32_t status) noexcept {
  guard<Exceptions>::run(
      [&] { (*static_cast<Ready *>(ctx))(static_cast<peerage::status>(status)); },
      [](const char *) {});
}

}  // namespace detail

/** Hands out a peer for each request. */
class chooser : public detail::handle<peerage_chooser, peerage_chooser_ref, peerage_chooser_unref> {
 public:
  chooser() noexcept = default;

  /** Makes a chooser that is not started. When the last copy goes it is stopped. */
  template <bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<chooser> make(const transport_ref &transport, const chooser_options &options) {
    peerage_chooser_opts opts = PEERAGE_CHOOSER_OPTS_INIT;
    opts.transport = transport.capi();
    opts.policy = detail::lend(options.policy);
    opts.options = detail::lend(options.options);
    opts.custom_policy = options.custom_policy.capi();
    opts.name = detail::lend(options.name);
    opts.default_timeout_ns = options.default_timeout.capi();
    opts.seed = options.seed.value_or(0);
    opts.has_seed = options.seed.has_value();
    opts.fail_fast = detail::capi(options.fail_fast);
    opts.shuffle = detail::capi(options.shuffle);
    peerage_log_opts log = PEERAGE_LOG_OPTS_INIT;
    if (options.log) {
      log.size = sizeof log;
      log.level = static_cast<std::int32_t>(options.level);
      log.emit = detail::emit<Exceptions>;
      log.drop = detail::drop<decltype(options.log)>;
      log.ctx = new auto(options.log);
      opts.log = &log;
    }
    const peerage_chooser *out = nullptr;
    const auto call = [&](peerage_error **err) { return peerage_chooser_new(&opts, &out, err); };
    if (auto made = detail::reported(call); !made) return made.error();
    return adopt(out);
  }

  /** Takes over a reference of the caller's. */
  static chooser adopt(const peerage_chooser *owned) noexcept { return chooser(owned); }

  /**
   * Retains the peers added so far and begins to hand them out. Idempotent; not after a stop. After
   * `rejected` (by the transport) nothing is retained, and it may be tried again.
   *
   * Blocks: while another thread starts it
   */
  result<> start() const {
    return detail::reported(
        [&](peerage_error **err) { return peerage_chooser_start(capi(), err); });
  }

  /**
   * Ends every wait with `stopped` and releases the peers; one with requests in flight when the
   * last of them finishes. Idempotent. Never waits for callbacks.
   *
   * Blocks: while another thread stops it; never inside a callback of the stop
   */
  peerage::status stop() const noexcept {
    return static_cast<peerage::status>(peerage_chooser_stop(capi(), nullptr));
  }

  bool is_running() const noexcept { return peerage_chooser_is_running(capi()) != 0; }

  /**
   * Removes and adds peers, in this order. What can be done is done; what cannot is reported
   * together, with the status of the first. A peer that is both removed and added stays, with its
   * connection and its requests, and gets the attributes that are added.
   *
   * Blocks: never
   */
  result<> update(const members &add, const peer_ids &remove = {}) const {
    return detail::reported([&](peerage_error **err) {
      return peerage_chooser_update(capi(), add.capi(), add.size(), remove.capi(), remove.size(),
                                    err);
    });
  }

  /**
   * Makes these peers the whole of the list: adds what is missing, removes what is too much, changes
   * the attributes of those that have others, and leaves the rest alone. Of a name that is given
   * twice the first counts.
   *
   * Blocks: never
   */
  result<> replace(const members &all) const {
    return detail::reported([&](peerage_error **err) {
      return peerage_chooser_replace(capi(), all.capi(), all.size(), err);
    });
  }

  /**
   * Says that a peer is not to be chosen for a reason, or not for this reason any more: not
   * `not_connected`, which is its transport's to say. `not_in_list` if it is not in the list, or the
   * chooser does not run.
   *
   * Blocks: never
   */
  result<> set_reason(std::string_view id, reason why, bool on = true) const {
    return detail::reported([&](peerage_error **err) {
      return peerage_chooser_set_reason(capi(), detail::lend(id), static_cast<std::uint32_t>(why),
                                        on, err);
    });
  }

  /**
   * Hands out a peer if there is one now, else `no_peer`. The cheapest call: its errors have no
   * text of their own.
   *
   * Blocks: never
   */
  result<pick> try_choose() const { return try_choose_for(nullptr); }
  result<pick> try_choose(const request &what) const { return try_choose_for(what.capi()); }
  /** The same for a request that a policy was given, and passes on while it is called. */
  result<pick> try_choose(request_view what) const { return try_choose_for(what.capi()); }

  /**
   * Hands out a peer, and waits for one if it must: until there is one, or `timed_out`,
   * `cancelled`, `stopped`; with `fail_fast` it answers `no_peer` at once.
   *
   * Blocks: up to `limit`
   */
  result<pick> choose(timeout limit = timeout::standard(),
                      const cancel_token *cancel = nullptr) const {
    return choose_for(nullptr, limit, cancel);
  }
  result<pick> choose(const request &what, timeout limit = timeout::standard(),
                      const cancel_token *cancel = nullptr) const {
    return choose_for(what.capi(), limit, cancel);
  }

  /**
   * Calls `ready(status)` once: with `ok` when `try_choose` is worth trying, at once if it is now;
   * with `stopped` when the chooser has stopped. It takes no peer with it. Returns a number for
   * `notify_cancel`, or 0 if `ready` has been called already, or will be when the one that this
   * thread is in has returned.
   *
   * Ownership: `ready` (any callable, move-only ones too) is moved in, and destroyed after its call
   * or instead of it.
   * Threads: `ready` is called by whichever thread makes a peer available, starts or stops.
   */
  template <class Ready, bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  result<std::uint64_t> notify_ready(Ready ready, const request &what = {}) const {
    std::uint64_t id = 0;
    const peerage_status status =
        peerage_chooser_notify_ready(capi(), what.capi(), detail::ready<Exceptions, Ready>,
                                     new Ready(std::move(ready)), detail::drop<Ready>, &id);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    return id;
  }

  /** Takes a notice back; `not_found` when it was called, or is being called now. */
  peerage::status notify_cancel(std::uint64_t id) const noexcept {
    return static_cast<peerage::status>(peerage_chooser_notify_cancel(capi(), id));
  }

  /** What it was made with. */
  result<peerage::settings> settings() const {
    peerage_settings raw_settings;
    const peerage_status status =
        peerage_chooser_settings(capi(), &raw_settings, sizeof raw_settings);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    const auto has = [&](std::uint32_t flag) { return (raw_settings.flags & flag) != 0; };
    return peerage::settings{std::string(detail::view(raw_settings.name)),
                             timeout::adopt(raw_settings.default_timeout_ns),
                             has(PEERAGE_FAILS_FAST), has(PEERAGE_CALLS_NOTHING),
                             has(PEERAGE_COUNTS_ENDS)};
  }

  /** The counts, as of one moment. */
  result<peerage::stats> stats() const {
    peerage_stats counts{};
    const peerage_status status = peerage_chooser_stats(capi(), &counts, sizeof counts);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    return peerage::stats{static_cast<state>(counts.state), counts.peers,
                          counts.available,                 counts.uninitialized,
                          counts.pending,                   counts.waiting};
  }

  /** The peers, as of one moment, in the order of their identifiers. */
  result<std::vector<peer_status>> snapshot() const {
    peerage_snapshot *raw_snapshot = nullptr;
    const peerage_status status = peerage_chooser_snapshot(capi(), &raw_snapshot);
    if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
    const std::unique_ptr<peerage_snapshot, detail::free_snapshot> owned(raw_snapshot);
    std::vector<peer_status> peers;
    peers.reserve(peerage_snapshot_len(raw_snapshot));
    peerage_snapshot_peer peer;
    while (peerage_snapshot_get(raw_snapshot, peers.size(), &peer, sizeof peer) == PEERAGE_OK)
      peers.push_back(detail::copy_of(peer));
    return peers;
  }

  /** A description for people, several lines. */
  result<std::string> describe() const {
    std::string text;
    for (std::size_t needed = 511;;) {
      text.resize(needed + 1);
      const peerage_status status =
          peerage_chooser_describe(capi(), text.data(), text.size(), &needed);
      if (status != PEERAGE_OK) return error(static_cast<peerage::status>(status));
      if (needed < text.size()) return text.resize(needed), std::move(text);
    }
  }

 private:
  explicit chooser(const peerage_chooser *owned) noexcept : handle(owned) {}

  // Both write where the caller reads: a pick is not moved on its way.
  result<pick> try_choose_for(const peerage_request *what) const {
    result<pick> chosen{pick()};
    const peerage_status status = peerage_chooser_try_choose(capi(), what, chosen->capi());
    if (status != PEERAGE_OK) chosen = error(static_cast<peerage::status>(status));
    return chosen;
  }
  result<pick> choose_for(const peerage_request *what, timeout limit,
                          const cancel_token *cancel) const {
    const peerage_cancel *const token = cancel == nullptr ? nullptr : cancel->capi();
    const detail::refusals texts;
    result<pick> chosen{pick()};
    const peerage_status status =
        peerage_chooser_choose(capi(), what, limit.capi(), token, chosen->capi());
    if (status != PEERAGE_OK) chosen = texts.explain(status);
    return chosen;
  }
};

}  // namespace peerage

#endif  // PEERAGE_CHOOSER_HPP
