// Package peerage decides which peer gets each request of an RPC client.
//
// A [Transport], which is yours, makes peers and reports how they are. A [Chooser] hands out one
// of its available peers for each request, by a policy such as "round-robin",
// "two-random-choices", "fewest-pending-requests" or "hashring32":
//
//	chooser, err := peerage.NewChooser(transport, "two-random-choices")
//	...
//	err = chooser.Start()
//	err = chooser.Update(peerage.Updates{Add: peerage.Members("10.0.0.1:80", "10.0.0.2:80")})
//	...
//	pick, err := chooser.Choose(ctx, &peerage.Request{ShardKey: "user-42"})
//	if err != nil {
//		return err
//	}
//	err = send(ctx, pick.Peer().Data().(*connection), request)
//	pick.Finish(err)
//
// The work is done by the C library of the same name, so building needs cgo, a C compiler, pkg-config
// and that library, installed. The build tag peerage_static puts it inside the program, which then needs
// none where it runs. How to get there, and what each error on the way means, is in README.md beside
// this file, under "Getting it".
//
// # Waiting
//
// A goroutine that waits in [Chooser.Choose] holds no thread: ten thousand of them cost what ten
// thousand goroutines that wait for a channel cost. Its wait ends when a peer can be chosen, when
// its context ends, or when the chooser stops. If the context has no deadline, the chooser's
// default timeout applies, see [WithDefaultTimeout].
//
// # Concurrency and callbacks
//
// All methods may be called from any goroutine. No lock is held while a method of a [Transport]
// runs, so it may call any function of this package; only those of a [Policy] must not. A panic in
// one of them is recovered and becomes a [PanicError], which the call that led to it returns; where
// that returns nothing, as [Pick.Finish] does, it is logged by [log/slog.Default]. A callback must
// not end its goroutine with [runtime.Goexit].
//
// # Lifetime
//
// Every [Chooser], [Updater], [SharedTransport] and [ProbingTransport] wants a Close. One that is
// forgotten is closed after the garbage collector has found it unreachable, which a transport that
// refers to its own chooser prevents. A chooser refers to the updaters that feed it.
package peerage
