package yarpcpeers

import (
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/x/introspection"
)

// singleName is what YARPC's peer.Single is called on status pages.
const singleName = "Single"

// NewSingle makes a list of one peer. It replaces peer.NewSingle, and hands
// the peer out whatever its status, as that does: a peer that cannot be
// reached fails a request with its transport's own error, such as that of a
// dialer, and at once. An error of Choose could not say as much, since a
// transport reports that a peer is down and not why.
//
// With [WaitForConnection] it waits for the peer as every other list does;
// with [FailFast] a choice fails at once if the peer is not available.
func NewSingle(id peer.Identifier, t peer.Transport, options ...Option) (*List, error) {
	named := append([]Option{Options("name=" + singleName)}, options...)
	list, err := newList(single, t, named)
	if err != nil {
		return nil, err
	}
	list.single = id
	if err := list.Update(peer.ListUpdates{Additions: []peer.Identifier{id}}); err != nil {
		list.Close()
		return nil, err
	}
	return list, nil
}

// WaitForConnection makes [NewSingle] wait until the peer is available, up to
// the context's deadline or the [DefaultChooseTimeout]. It fails the other
// constructors, whose lists wait anyway.
func WaitForConnection() Option { return func(s *settings) { s.waits = true } }

// introspectSingle has no state, as that of YARPC has none, and its peer also before the start.
func (l *List) introspectSingle() introspection.ChooserStatus {
	status := introspection.PeerStatus{Identifier: l.single.Identifier(), State: "uninitialized"}
	if seen := l.chooser.Introspect(); len(seen.Peers) == 1 {
		state := seen.Peers[0].Status
		if bound := l.binding.find(status.Identifier); bound != nil {
			state = bound.current()
		}
		status.State = stateOf(state, seen.Peers[0])
	}
	return introspection.ChooserStatus{Name: l.name, Peers: []introspection.PeerStatus{status}}
}
