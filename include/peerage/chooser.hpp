// The side that asks: which peer gets this request?

#ifndef PEERAGE_CHOOSER_HPP
#define PEERAGE_CHOOSER_HPP

#include "explain.hpp"
#include "ids.hpp"
#include "look.hpp"
#include "member.hpp"
#include "options.hpp"
#include "pick.hpp"
#include "transport.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

PEERAGE_HPP_BEGIN

namespace detail {

template <bool Exceptions, class Ready> void ready(void *ctx, std::int32_t status) noexcept {
  guard<Exceptions>::run(
      [&] { (*static_cast<Ready *>(ctx))(static_cast<peerage::status>(status)); },
      [](const char *) {});
}

}  // namespace detail

/** Hands out a peer for each request. */
class chooser : public detail::handle<peerage_chooser, peerage_chooser_ref, peerage_chooser_unref>,
                public detail::chooser_looks<chooser> {
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

  /** Makes a chooser of these peers, and starts it. */
  template <bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<chooser> started(const transport_ref &transport, const chooser_options &options,
                                 const members &peers = {}) {
    auto made = make<Exceptions>(transport, options);
    if (!made) return made;
    if (auto updated = made->update(peers); !updated) return updated.error();
    if (auto running = made->start(); !running) return running.error();
    return made;
  }

  /** Takes over a reference of the caller's. */
  [[nodiscard]] static chooser adopt(const peerage_chooser *owned) noexcept {
    return chooser(owned);
  }

  /**
   * Retains the peers added so far and begins to hand them out. Idempotent; not after a stop. After
   * `rejected` (by the transport) nothing is retained, and it may be tried again.
   *
   * Blocks: while another thread starts it, unless that one waits for this one
   */
  result<> start() const {
    return detail::reported(
        [&](peerage_error **err) { return peerage_chooser_start(capi(), err); });
  }

  /**
   * Ends every wait with `stopped` and releases the peers; one with requests in flight when the
   * last of them finishes. Idempotent. Never waits for callbacks.
   *
   * Blocks: while another thread stops it, unless that one waits for this one; never inside a
   * callback of the stop
   */
  peerage::status stop() const noexcept {
    return static_cast<peerage::status>(peerage_chooser_stop(capi(), nullptr));
  }

  /**
   * Waits until every peer that has left has been released, and so until none of its requests is in
   * flight: those of peers that were removed, and after a stop those of all. `timed_out` if that
   * takes longer. Not from inside a callback, nor with a pick in hand that this thread is to finish.
   *
   * Blocks: up to `limit`, which must not be `timeout::standard()`
   */
  [[nodiscard]] peerage::status drain(timeout limit) const noexcept {
    return static_cast<peerage::status>(peerage_chooser_drain(capi(), limit.capi()));
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
   * text of their own, which `explain` makes for who wants it.
   *
   * Blocks: never; with a policy of one's own until it has returned from another thread's call
   */
  result<pick> try_choose() const { return try_choose_for(nullptr); }
  result<pick> try_choose(const request &what) const { return try_choose_for(what.capi()); }
  /** The same for a request that a policy was given, and passes on while it is called. */
  result<pick> try_choose(request_view what) const { return try_choose_for(what.capi()); }

  /**
   * The same for a caller that waits by itself, for a notice or by the descriptor: one that finds no peer is
   * not counted in `stats().failures`, and `waited` tells at the end how that was.
   */
  result<pick> try_again() const { return try_again_for(nullptr); }
  result<pick> try_again(const request &what) const { return try_again_for(what.capi()); }

  /**
   * Counts in `stats()` how a wait of the caller's own has ended: `ok` if it got a peer, else what it is
   * given up for; and how long it took, nothing for one that was not to wait.
   */
  peerage::status waited(peerage::status ended,
                         std::optional<std::chrono::nanoseconds> took) const noexcept {
    const std::int64_t ns = took ? static_cast<std::int64_t>(took->count()) : PEERAGE_DID_NOT_WAIT;
    return static_cast<peerage::status>(
        peerage_chooser_waited(capi(), static_cast<peerage_status>(ended), ns));
  }

  /**
   * Hands out a peer, and waits for one if it must: until there is one, or `timed_out`,
   * `cancelled`, `stopped`; with `fail_fast` it answers `no_peer` at once. The error has a cause and a
   * sentence, as of `explain`: its policy is asked once more for them.
   *
   * Blocks: up to `limit`; with a policy of one's own also until it has returned from another
   * thread's call
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
   * Explains a choice that found no peer, as the chooser is now: call it at once. `ended` is the status
   * of its error, and `waited` how long it took by the caller's clock: 0 if it ended before it waited,
   * nothing for one that was not to wait, such as `try_choose`.
   *
   * Blocks: never; with a policy of one's own until it has returned from another thread's call
   */
  result<explanation> explain(peerage::status ended, const request &what = {},
                              std::optional<std::chrono::nanoseconds> waited = {}) const {
    const std::int64_t ns = waited ? timeout(*waited).capi() : PEERAGE_DID_NOT_WAIT;
    return detail::explain(capi(), static_cast<peerage_status>(ended), ns, what.capi());
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

  /**
   * Lets peers be tried that were ejected (`eject=`) and whose time is over, and returns how long until
   * the next one may be; nothing, if none is out. For event loops that wait for notices or the
   * descriptor and for nothing else: every other call that has to do with peers does the same.
   *
   * Blocks: never
   */
  std::optional<std::chrono::nanoseconds> tick() const noexcept {
    std::int64_t next = PEERAGE_TIMEOUT_FOREVER;
    const peerage_status status = peerage_chooser_tick(capi(), &next);
    if (status != PEERAGE_OK || next == PEERAGE_TIMEOUT_FOREVER) return std::nullopt;
    return std::chrono::nanoseconds(next);
  }

  /**
   * A descriptor that is readable while a peer can be chosen, and for good when the chooser has
   * stopped, for epoll, poll and event loops. It says that a peer is available, not that it will do
   * for every request. Only look at it: do not read, write or close it.
   *
   * Ownership: borrowed from the chooser
   */
  result<int> ready_fd() const {
    std::int32_t fd = -1;
    const auto call = [&](peerage_error **err) {
      return peerage_chooser_ready_fd(capi(), &fd, err);
    };
    if (auto made = detail::reported(call); !made) return made.error();
    return fd;
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
  result<pick> try_again_for(const peerage_request *what) const {
    result<pick> chosen{pick()};
    const peerage_status status = peerage_chooser_try_again(capi(), what, chosen->capi());
    if (status != PEERAGE_OK) chosen = error(static_cast<peerage::status>(status));
    return chosen;
  }
  result<pick> choose_for(const peerage_request *what, timeout limit,
                          const cancel_token *cancel) const {
    const peerage_cancel *const token = cancel == nullptr ? nullptr : cancel->capi();
    const bool triggered = token != nullptr && peerage_cancel_is_triggered(token) != 0;
    const detail::refusals texts;
    result<pick> chosen{pick()};
    const peerage_status status =
        peerage_chooser_choose(capi(), what, limit.capi(), token, chosen->capi());
    if (status != PEERAGE_OK) {
      const std::int64_t ns = detail::waited(capi(), status, limit, triggered);
      auto why = detail::explain(capi(), status, ns, what);
      chosen = why ? texts.explain(status, why->cause, std::move(why->text)) : texts.explain(status);
    }
    return chosen;
  }
};

PEERAGE_HPP_END

#endif  // PEERAGE_CHOOSER_HPP
