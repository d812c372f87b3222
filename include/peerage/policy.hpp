// Which of the available peers is next, decided by code of one's own.

#ifndef PEERAGE_POLICY_HPP
#define PEERAGE_POLICY_HPP

#include "request.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

PEERAGE_HPP_BEGIN

/**
 * What a policy knows a peer by: the same as often as the peer becomes available, until it leaves the
 * chooser. A peer that comes back has another.
 */
using peer_key = std::uint64_t;

/**
 * A small number that no other available peer has at the same time, for a table of one's own. A peer
 * that has left may share it with the next: keep the key in the table, and compare.
 */
inline std::size_t key_index(peer_key peer) noexcept { return peerage_key_index(peer); }

/** A peer that has become available. The texts are borrowed for the call. */
struct peer_info {
  peer_key key;
  std::string_view id;
  /** The name under which a hash ring would place it; empty: its identifier. */
  std::string_view shard;
  /** Where it is; empty: unknown. */
  std::string_view zone;
  std::uint32_t weight;
  std::uint32_t tier;
  /** Its requests in flight, from before it became unavailable. */
  std::uint32_t pending;
};

/** Why a policy has no peer for a request, on which depends when a waiting caller asks again. */
enum class nothing : std::int32_t {
  /** Peers are available, but none for this request: when another one is. */
  excluded = PEERAGE_CHOICE_EXCLUDED,
  /** No peer is available: when one is. */
  unavailable = PEERAGE_CHOICE_UNAVAILABLE,
  /** Only the peer that the shard key names will do: when it is available. */
  not_the_named = PEERAGE_CHOICE_NOT_THE_NAMED,
  /** Every peer that would do is full: when a request ends, if the policy watches places. */
  at_capacity = PEERAGE_CHOICE_AT_CAPACITY,
  /** The policy cannot choose just now: when it says so, by `ask_again`. */
  not_ready = PEERAGE_CHOICE_NOT_READY,
};

/** Its name, such as `AT_CAPACITY`. Static. */
inline std::string_view name(nothing of) noexcept {
  return peerage_choice_name(static_cast<peerage_choice>(of));
}

/** What a policy answers: a key, or why there is none. */
class choice {
 public:
  choice(peer_key chosen) noexcept : answer_(PEERAGE_CHOICE_MADE), number_(chosen) {}
  choice(nothing why) noexcept : answer_(static_cast<std::int32_t>(why)) {}
  /** Fewer peers are available than the request needs: asked again when that many are. */
  static choice too_few(std::size_t needed) noexcept {
    choice made(nothing::excluded);
    made.answer_ = PEERAGE_CHOICE_TOO_FEW;
    made.number_ = needed;
    return made;
  }
  std::int32_t capi(std::uint64_t *out) const noexcept { return *out = number_, answer_; }

 private:
  std::int32_t answer_;
  std::uint64_t number_ = 0;
};

/** What a policy wants to hear of each request beside its end. */
struct watch {
  /** How long it took. A caller who does not say then makes the library look at the clock. */
  bool latency = false;
  /** That a place has become free, for a policy that answers `nothing::at_capacity`. */
  bool places = false;
};

/** Has the waiting callers of a policy's chooser ask it again. It may outlive both. */
class ask_again : public detail::handle<peerage_ask_again, peerage_ask_again_ref,
                                        peerage_ask_again_unref> {
 public:
  ask_again() noexcept = default;
  /** Takes over a reference of the caller's. */
  [[nodiscard]] static ask_again adopt(const peerage_ask_again *owned) noexcept { return ask_again(owned); }
  /**
   * Make visible what has changed before, and hold no lock that the policy's `choose` takes.
   *
   * Threads: any, also inside the policy's callbacks
   */
  peerage::status trigger() const noexcept {
    return static_cast<peerage::status>(peerage_ask_again_trigger(capi()));
  }

 private:
  explicit ask_again(const peerage_ask_again *owned) noexcept : handle(owned) {}
};

/**
 * A policy of one's own: derive from it.
 *
 * Threads: called one at a time, by whichever thread chooses, finishes or reports a status, under
 * the policy's lock: it should only compute.
 */
class policy {
 public:
  virtual ~policy() = default;
  /** A peer can be chosen from now on; or what is known of it has changed, and then it was
   * unavailable just before. What has changed may be that a request has preferred it, which is pending
   * then without a call of choose. */
  virtual void available(const peer_info &peer) = 0;
  /** The peer cannot be chosen any more. It may become available again, with the same key. */
  virtual void unavailable(peer_key peer) = 0;
  /** One of the available peers, or why none. Its request counts as pending from then on. */
  virtual choice choose(request_view request) = 0;
  /** A request on the peer, which may have become unavailable since, has ended. */
  virtual void finished(peer_key /* peer */, outcome /* how */,
                        std::optional<std::chrono::nanoseconds> /* latency */) {}
  /** The policy serves a chooser from now on. Called once, before all but `watches`. */
  virtual void attached(ask_again /* ask_again */) {}
  /** Asked once, when the policy is made. */
  virtual watch watches() const noexcept { return {}; }
  /** A function of this class (`where` names it) has thrown; if `choose`, no peer was chosen. */
  virtual void threw(std::string_view /* where */, std::string_view /* what */) noexcept {}
};

namespace detail {

template <bool Exceptions> struct policy_trampolines {
  static policy &at(void *ctx) noexcept { return **static_cast<std::unique_ptr<policy> *>(ctx); }

  template <class Call> static void notify(void *ctx, const char *where, Call &&call) noexcept {
    guard<Exceptions>::run(call, [&](const char *what) { at(ctx).threw(where, what); });
  }

  static void available(void *ctx, const peerage_peer_info *peer) noexcept {
    const peer_info info = {peer->key,        view(peer->id), view(peer->shard), view(peer->zone),
                            peer->weight,     peer->tier,     peer->pending};
    notify(ctx, "available", [&] { at(ctx).available(info); });
  }
  static void unavailable(void *ctx, std::uint64_t key) noexcept {
    notify(ctx, "unavailable", [&] { at(ctx).unavailable(key); });
  }
  static std::int32_t choose(void *ctx, const peerage_request *request,
                             std::uint64_t *out) noexcept {
    choice chosen(nothing::excluded);
    notify(ctx, "choose", [&] { chosen = at(ctx).choose(request_view(request)); });
    return chosen.capi(out);
  }
  static void finished(void *ctx, std::uint64_t key, std::int32_t how, std::int64_t ns) noexcept {
    std::optional<std::chrono::nanoseconds> latency;
    if (ns != PEERAGE_LATENCY_UNKNOWN) latency = std::chrono::nanoseconds(ns);
    notify(ctx, "finished", [&] { at(ctx).finished(key, static_cast<outcome>(how), latency); });
  }
  static void attached(void *ctx, const peerage_ask_again *raw) noexcept {
    notify(ctx, "attached",
           [&] { at(ctx).attached(ask_again::adopt(peerage_ask_again_ref(raw))); });
  }
};

}  // namespace detail

/** A policy as a chooser uses it. Each serves one chooser. */
class policy_ref : public detail::handle<peerage_policy, peerage_policy_ref, peerage_policy_unref> {
 public:
  policy_ref() noexcept = default;

  /** Makes a policy of an object, which goes with the chooser that uses it. */
  template <bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<policy_ref> make(std::unique_ptr<policy> object) {
    using trampolines = detail::policy_trampolines<Exceptions>;
    if (!object) return error(status::null_pointer, "no policy was given");
    peerage_policy_ops ops = PEERAGE_POLICY_OPS_INIT;
    const watch watched = object->watches();
    if (watched.latency) ops.watches |= PEERAGE_WATCH_LATENCY;
    if (watched.places) ops.watches |= PEERAGE_WATCH_PLACES;
    ops.available = trampolines::available;
    ops.unavailable = trampolines::unavailable;
    ops.choose = trampolines::choose;
    ops.finished = trampolines::finished;
    ops.attached = trampolines::attached;
    ops.drop = detail::drop<std::unique_ptr<policy>>;
    auto *const context = new std::unique_ptr<policy>(std::move(object));
    const peerage_policy *out = nullptr;
    const auto call = [&](peerage_error **err) {
      return peerage_policy_new(&ops, context, &out, err);
    };
    if (auto made = detail::reported(call); !made) return made.error();
    return adopt(out);
  }

  /** Takes over a reference of the caller's. */
  [[nodiscard]] static policy_ref adopt(const peerage_policy *owned) noexcept { return policy_ref(owned); }

 private:
  explicit policy_ref(const peerage_policy *owned) noexcept : handle(owned) {}
};

PEERAGE_HPP_END

#endif  // PEERAGE_POLICY_HPP
