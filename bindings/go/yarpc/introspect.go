package yarpcpeers

import (
	"fmt"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/x/introspection"
)

// A list goes wherever YARPC's do.
var (
	_ peer.ChooserList                    = (*List)(nil)
	_ peer.Subscriber                     = (*List)(nil)
	_ introspection.IntrospectableChooser = (*List)(nil)
	_ peer.Chooser                        = (*Direct)(nil)
)

// Introspect is the list for YARPC's status page: the peers that it has
// retained, in the order of their identifiers, as it last heard of them, with
// its own count of their pending requests.
func (l *List) Introspect() introspection.ChooserStatus {
	seen := l.chooser.Introspect()
	available := 0
	peers := make([]introspection.PeerStatus, 0, len(seen.Peers))
	for _, p := range seen.Peers {
		if p.IsAvailable() {
			available++
		}
		name := p.ID
		if id, known := l.members.identifier(p.ID); known {
			name = id.Identifier()
		}
		peers = append(peers, introspection.PeerStatus{
			Identifier: name,
			State:      fmt.Sprintf("%s, %d pending request(s)", p.Status, p.Pending),
		})
	}
	return introspection.ChooserStatus{
		Name:  l.name,
		State: fmt.Sprintf("%s (%d/%d available)", seen.State, available, len(peers)),
		Peers: peers,
	}
}
