// peerage.hpp - peerage.h for C++17: handles that free themselves, and no exception lost.
//
// A transport (your code) makes peers and reports their status; a chooser hands out one of its
// available peers for each request, by a policy:
//
//   struct my_transport : peerage::transport {
//     std::optional<peerage::refusal> retain(peerage::peer_view, std::string_view id) override;
//     void release(peerage::peer_view) override;
//   };
//
//   auto transport = peerage::transport_ref::make(std::make_unique<my_transport>()).value();
//   peerage::chooser_options options;
//   options.policy = "two-random-choices";
//   auto chooser = peerage::chooser::make(transport, options).value();
//   chooser.start().value();
//   chooser.update({"10.0.0.1:80", "10.0.0.2:80"}).value();
//
//   if (auto pick = chooser.choose(200ms))         // a request: choose, send, finish
//     pick->finish(send(pick->data<connection>()) ? peerage::outcome::success
//                                                 : peerage::outcome::failure);
//   chooser.stop();
//   if (chooser.drain(5s) != peerage::status::ok) give_up();   // until requests in flight have ended
//
// Names. All are in `peerage`, in an inline namespace of the version; peerage/fwd.hpp declares them
// ahead.
//
// Two parts can be left to the library: `transport_ref::probing` finds out by itself which peers are up,
// and `updater` feeds a chooser with what DNS, etcd, a file or a URL says.
//
// Ownership. `peer`, `transport_ref`, `policy_ref`, `chooser`, `updater` and `cancel_token` count references:
// a copy is another reference to the same object. `pick` has one owner. `capi()` lends the C handle
// beneath, `capi_release()` gives it away with its reference, and `adopt` takes one over. A call on
// an empty handle, such as one that was moved from, does nothing and answers `null_pointer`.
//
// Threads. Every function may be called from any thread, and inside any callback, as in peerage.h;
// one C++ object of its own (one `pick`, one handle variable) is like an `int`: not for two threads
// at once if one of them changes it. No lock of the library is held while a callback runs, but for
// those of a policy.
//
// Errors. What can fail returns a `result`: test it, then use `*result`, or use `value()`, which
// throws. No other function of this header throws, except that copying text and making objects may
// run out of memory. It all compiles with -fno-exceptions -fno-rtti, where `value()` of an error
// stops the program with the message.
//
// Exceptions in callbacks. Every callback that is made here is `noexcept`. What `retain` throws
// becomes a refusal with the number `refused_by_exception`, and its text ends the message of the
// error (`try_choose` alone has no text); what a policy's `choose` throws counts as "no peer". What
// other callbacks throw is swallowed: that of a transport or a policy goes to its `threw`, that of
// a ready notice or a log is dropped. Units compiled with and without exceptions may be linked into
// one program.

#ifndef PEERAGE_HPP
#define PEERAGE_HPP

#include "peerage/fwd.hpp"
#include "peerage/status.hpp"
#include "peerage/result.hpp"
#include "peerage/handle.hpp"
#include "peerage/peer.hpp"
#include "peerage/transport.hpp"
#include "peerage/ids.hpp"
#include "peerage/member.hpp"
#include "peerage/request.hpp"
#include "peerage/policy.hpp"
#include "peerage/pick.hpp"
#include "peerage/wait.hpp"
#include "peerage/catalogue.hpp"
#include "peerage/options.hpp"
#include "peerage/stats.hpp"
#include "peerage/introspect.hpp"
#include "peerage/explain.hpp"
#include "peerage/look.hpp"
#include "peerage/chooser.hpp"
#include "peerage/updater.hpp"
#include "peerage/metrics.hpp"
#include "peerage/page.hpp"

#endif  // PEERAGE_HPP
