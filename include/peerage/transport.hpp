// The side that connects. The library asks it to retain and to release peers; it reports their
// status whenever it knows more.
//
// Hearing of each request costs two calls for it, so that is a class of its own.

#ifndef PEERAGE_TRANSPORT_HPP
#define PEERAGE_TRANSPORT_HPP

#include "peer.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

PEERAGE_HPP_BEGIN

/** The number in the error when `retain` threw. */
inline constexpr std::int32_t refused_by_exception = 1000001;
/** The number in the error when a refusal has none that is positive. */
inline constexpr std::int32_t refused = 1000000;

/** Why a transport does not take a peer: a positive number of its own, and a line of text. */
struct refusal {
  std::int32_t number = refused;
  std::string why;
};

class watching_transport;

/**
 * What connects: derive from it.
 *
 * Threads: its functions are called by whichever thread updates, chooses or finishes, by several at
 * once for different peers, and may call any function of this header.
 */
class transport {
 public:
  virtual ~transport() = default;

  /**
   * A peer is wanted: begin to connect and return nothing, or say why not. A status may be reported
   * before this returns. Peers are told apart by handle: the same identifier may come twice when
   * two choosers ask at the same moment, and one of the two is released at once.
   *
   * Ownership: `peer` is borrowed until `release` returns; keep a `peerage::peer` of it.
   */
  virtual std::optional<refusal> retain(peer_view peer, std::string_view id) = 0;

  /** The peer is not wanted any more. Called once for each `retain` that accepted. */
  virtual void release(peer_view peer) = 0;

  /**
   * A function of this class (`where` names it) has thrown where no call could return the
   * error: only its own object is told.
   */
  virtual void threw(std::string_view /* where */, std::string_view /* what */) noexcept {}

 private:
  friend class watching_transport;
  friend class transport_ref;
  virtual watching_transport *watching() noexcept { return nullptr; }
};

/** A transport that wants to know of each request. */
class watching_transport : public transport {
 public:
  /** A request was given to the peer. */
  virtual void started(peer_view peer) = 0;
  /** A request has ended. */
  virtual void finished(peer_view peer, outcome how) = 0;

 private:
  watching_transport *watching() noexcept final { return this; }
};

namespace detail {

struct transport_context {
  std::shared_ptr<transport> object;
  watching_transport *watching;
};

template <bool Exceptions> struct transport_trampolines {
  static transport_context &at(void *ctx) noexcept {
    return *static_cast<transport_context *>(ctx);
  }

  template <class Call> static void notify(void *ctx, const char *where, Call &&call) noexcept {
    guard<Exceptions>::run(call, [&](const char *what) { at(ctx).object->threw(where, what); });
  }

  static std::int32_t retain(void *ctx, const peerage_peer *peer, peerage_str id) noexcept {
    const auto call = [&]() -> std::int32_t {
      const std::optional<refusal> answer = at(ctx).object->retain(peer_view(peer), view(id));
      if (!answer) return 0;
      refusals::note<Exceptions>(view(id), answer->why);
      return answer->number > 0 ? answer->number : refused;
    };
    return guard<Exceptions>::run(call, [&](const char *what) {
      refusals::note<Exceptions>(view(id), what);
      return refused_by_exception;
    });
  }
  static void release(void *ctx, const peerage_peer *peer) noexcept {
    notify(ctx, "release", [&] { at(ctx).object->release(peer_view(peer)); });
  }
  static void started(void *ctx, const peerage_peer *peer) noexcept {
    notify(ctx, "started", [&] { at(ctx).watching->started(peer_view(peer)); });
  }
  static void finished(void *ctx, const peerage_peer *peer, std::int32_t how) noexcept {
    notify(ctx, "finished",
           [&] { at(ctx).watching->finished(peer_view(peer), static_cast<outcome>(how)); });
  }
};

template <class Retain, class Release> class transport_of_functions final : public transport {
 public:
  transport_of_functions(Retain retain, Release release)
      : retain_(std::move(retain)), release_(std::move(release)) {}
  std::optional<refusal> retain(peer_view peer, std::string_view id) override {
    if constexpr (std::is_invocable_v<Retain &, peer_view, std::string_view>) {
      return retain_(peer, id);
    } else {
      retain_(peer);
      return std::nullopt;
    }
  }
  void release(peer_view peer) override { release_(peer); }

 private:
  Retain retain_;
  Release release_;
};

}  // namespace detail

/** A transport as choosers use it. Choosers that share one share its peers. */
class transport_ref
    : public detail::handle<peerage_transport, peerage_transport_ref, peerage_transport_unref> {
 public:
  transport_ref() noexcept = default;

  /**
   * Makes a transport of an object, by `std::unique_ptr` or `std::shared_ptr`. The object goes when
   * the last chooser and the last handle have gone and its last callback has returned: on whichever
   * thread that happens to be, one of its own included.
   */
  template <bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<transport_ref> make(std::shared_ptr<transport> object) {
    const auto new_ = [](const peerage_transport_ops *ops, void *context,
                         const peerage_transport **out, peerage_error **err) {
      return peerage_transport_new(ops, context, out, err);
    };
    return of_object<Exceptions>(std::move(object), new_);
  }

  /**
   * Makes a transport that finds out by itself which peers are up, by TCP or HTTP. Its peers are called
   * `host:port`; it keeps no connections. `options` is `key=value[,key=value]...`, such as
   * `check=http,path=/healthz,interval=1s`; `probe_keys()` has the keys.
   *
   * The last available peer is never taken out by probes alone: make one transport for each service.
   *
   * Errors: unsupported (the library was built without), invalid_argument (the message names the option)
   */
  static result<transport_ref> probing(std::string_view options = {}) {
    const peerage_transport *out = nullptr;
    const auto call = [&](peerage_error **err) {
      return peerage_transport_probing_new(detail::lend(options), &out, err);
    };
    if (auto made = detail::reported(call); !made) return made.error();
    return adopt(out);
  }

  /**
   * The same, with an object that hears which peers are wanted, to attach data or to connect. It reports no
   * status: `set_status` answers `unsupported`.
   */
  template <bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<transport_ref> probing(std::string_view options,
                                       std::shared_ptr<transport> object) {
    const auto new_ = [options](const peerage_transport_ops *ops, void *context,
                                const peerage_transport **out, peerage_error **err) {
      return peerage_transport_probing_with(detail::lend(options), ops, context, out, err);
    };
    return of_object<Exceptions>(std::move(object), new_);
  }

  /**
   * Says that a request to a peer has failed: a transport that probes does so now rather than when it is
   * due. Errors: unsupported (a transport of an object alone)
   */
  peerage::status doubt(std::string_view id) const noexcept {
    return static_cast<peerage::status>(peerage_transport_doubt(capi(), detail::lend(id)));
  }

  /**
   * What a transport that probes thinks of its peers, a line for each. Errors: unsupported (a transport
   * of an object alone)
   */
  result<std::string> describe() const {
    return detail::written([this](char *buf, std::size_t len, std::size_t *needed) {
      return peerage_transport_describe(capi(), buf, len, needed);
    });
  }

  /** Makes a transport of two functions, with the parameters and results of `transport`'s. */
  template <class Retain, class Release, bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<transport_ref> make(Retain retain, Release release) {
    using functions = detail::transport_of_functions<Retain, Release>;
    return make<Exceptions>(
        std::make_shared<functions>(std::move(retain), std::move(release)));
  }

  /**
   * Makes a transport that takes every peer: `retain(peer)` begins to connect, and what it began ends
   * by itself, as `set_status` answers `gone` when the peer is not wanted any more.
   */
  template <class Retain, class = std::enable_if_t<std::is_invocable_v<Retain &, peer_view>>,
            bool Exceptions = PEERAGE_HPP_EXCEPTIONS>
  static result<transport_ref> make(Retain retain) {
    const auto nothing = [](peer_view) {};
    using functions = detail::transport_of_functions<Retain, decltype(nothing)>;
    return make<Exceptions>(std::make_shared<functions>(std::move(retain), nothing));
  }

  /** Takes over a reference of the caller's. */
  [[nodiscard]] static transport_ref adopt(const peerage_transport *owned) noexcept {
    return transport_ref(owned);
  }

 private:
  template <bool Exceptions, class New>
  static result<transport_ref> of_object(std::shared_ptr<transport> object, New &&new_) {
    using trampolines = detail::transport_trampolines<Exceptions>;
    if (!object) return error(status::null_pointer, "no transport was given");
    watching_transport *const watching = object->watching();
    peerage_transport_ops ops = PEERAGE_TRANSPORT_OPS_INIT;
    ops.retain = trampolines::retain;
    ops.release = trampolines::release;
    if (watching != nullptr) {
      ops.started = trampolines::started;
      ops.finished = trampolines::finished;
    }
    ops.drop = detail::drop<detail::transport_context>;
    auto *const context = new detail::transport_context{std::move(object), watching};
    const peerage_transport *out = nullptr;
    const auto call = [&](peerage_error **err) { return new_(&ops, context, &out, err); };
    if (auto made = detail::reported(call); !made) return made.error();
    return adopt(out);
  }

  explicit transport_ref(const peerage_transport *owned) noexcept : handle(owned) {}
};

PEERAGE_HPP_END

#endif  // PEERAGE_TRANSPORT_HPP
