// Package yarpcpeers makes the choosers of peerage peer lists for YARPC.
//
// Each constructor replaces a list of YARPC and returns a [List], which is a
// peer.ChooserList: it goes wherever the other went, into an outbound or into
// peer.Bind, over any peer.Transport.
//
// [New] makes a list by any other policy of the library, and [NewCustom] by one
// that is written in Go. [Spec] and its kind let configuration files name them.
//
// Every list may be used by any goroutine. Choose waits for a peer, [List.Stop]
// for requests in flight, each up to a limit; nothing else blocks for longer
// than the transport's RetainPeer and ReleasePeer do.
//
// Two sides meet here, and neither knows the other. The chooser asks a
// peerage.Transport to retain and release peers by name; a binding passes
// that on to YARPC's transport, with the very identifier that Update was
// given. YARPC's transport tells a subscriber that a peer has changed; the
// subscriber reads the peer's status and pushes it to the chooser. A push
// that comes too late, after the release, changes nothing.
//
// YARPC's transports must not call a subscriber from inside RetainPeer and
// ReleasePeer, since YARPC's lists hold their lock there. These lists don't
// mind: nothing that a subscriber does waits for an update.
//
// The lists count the requests of each peer themselves, as those of YARPC do.
// They don't call the peer's StartRequest and EndRequest, which YARPC's
// transports leave empty.
package yarpcpeers
