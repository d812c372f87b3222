// Which of the available peers is next, decided by code of one's own.

#ifndef PEERAGE_POLICY_HPP
#define PEERAGE_POLICY_HPP

#include "request.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace peerage {

/** What a policy knows a peer by. */
using peer_key = std::uint64_t;

/**
 * A policy of one's own: derive from it.
 *
 * Threads: called one at a time, by whichever thread chooses, finishes or reports a status, under
 * the policy's lock: it should only compute.
 */
class policy {
 public:
  virtual ~policy() = default;
  /** A peer can be chosen from now on; it may have `pending` requests from before. */
  virtual void added(peer_key peer, std::string_view id, std::uint32_t pending) = 0;
  /** The peer cannot be chosen any more. It may be added again. */
  virtual void removed(peer_key peer) = 0;
  /** One of the peers that are added, or nothing. Its request counts as pending from then on. */
  virtual std::optional<peer_key> choose(request_view request) = 0;
  /** A request on the peer, which may have been removed meanwhile, has ended. */
  virtual void finished(peer_key /* peer */, outcome /* how */) {}
  /** A function of this class (`where` names it) has thrown; if `choose`, no peer was chosen. */
  virtual void threw(std::string_view /* where */, std::string_view /* what */) noexcept {}
};

namespace detail {

template <bool Exceptions> struct policy_trampolines {
  static policy &at(void *ctx) noexcept { return **static_cast<std::unique_ptr<policy> *>(ctx); }

  template <class Call> static void notify(void *ctx, const char *where, Call &&call) noexcept {
    guard<Exceptions>::run(call, [&](const char *what) { at(ctx).threw(where, what); });
  }

  static void added(void *ctx, std::uint64_t key, peerage_str id, std::uint32_t pending) noexcept {
    notify(ctx, "added", [&] { at(ctx).added(key, view(id), pending); });
  }
  static void removed(void *ctx, std::uint64_t key) noexcept {
    notify(ctx, "removed", [&] { at(ctx).removed(key); });
  }
  static std::int32_t choose(void *ctx, const peerage_request *request,
                             std::uint64_t *out) noexcept {
    std::optional<peer_key> chosen;
    notify(ctx, "choose", [&] { chosen = at(ctx).choose(request_view(request)); });
    if (!chosen) return 1;
    *out = *chosen;
    return 0;
  }
  static void finished(void *ctx, std::uint64_t key, std::int32_t how) noexcept {
    notify(ctx, "finished", [&] { at(ctx).finished(key, static_cast<outcome>(how)); });
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
    ops.added = trampolines::added;
    ops.removed = trampolines::removed;
    ops.choose = trampolines::choose;
    ops.finished = trampolines::finished;
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
  static policy_ref adopt(const peerage_policy *owned) noexcept { return policy_ref(owned); }

 private:
  explicit policy_ref(const peerage_policy *owned) noexcept : handle(owned) {}
};

}  // namespace peerage

#endif  // PEERAGE_POLICY_HPP
