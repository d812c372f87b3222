package yarpcpeers

import (
	"fmt"
	"strings"

	"peerage.dev/go"

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
// its own count of their pending requests. Behind these is what else it goes
// by: why a connected peer is not chosen and, of a policy that learns, what
// it has learnt.
func (l *List) Introspect() introspection.ChooserStatus {
	if l.single != nil {
		return l.introspectSingle()
	}
	seen := l.Status()
	available := 0
	peers := make([]introspection.PeerStatus, 0, len(seen.Peers))
	for _, p := range seen.Peers {
		if p.IsAvailable() {
			available++
		}
		peers = append(peers, introspection.PeerStatus{Identifier: p.ID, State: stateOf(p.Status, p)})
	}
	return introspection.ChooserStatus{
		Name:  l.name,
		State: fmt.Sprintf("%s (%d/%d available)", seen.State, available, len(peers)),
		Peers: peers,
	}
}

// stateOf begins as YARPC's text does.
func stateOf(status peerage.Status, p peerage.PeerStatus) string {
	text := strings.Builder{}
	fmt.Fprintf(&text, "%s, %d pending request(s)", status, p.Pending)
	if aside := p.Reasons &^ peerage.Reasons(peerage.NotConnected); aside != 0 {
		fmt.Fprintf(&text, ", %s", aside)
	}
	if p.EjectedFor > 0 {
		fmt.Fprintf(&text, " for %v", p.EjectedFor)
	}
	if p.Price > 0 {
		fmt.Fprintf(&text, ", price %d.%03d", p.Price/1000, p.Price%1000)
	}
	if p.Latency > 0 {
		fmt.Fprintf(&text, ", latency %v", p.Latency)
	}
	if p.Failures > 0 {
		fmt.Fprintf(&text, ", %d.%d %% failed", p.Failures/10, p.Failures%10)
	}
	if p.Reported > 0 {
		fmt.Fprintf(&text, ", %d reported", p.Reported)
	}
	return text.String()
}

// Policy is what the list chooses by: the policy's name and the keys that options or a file have set, as
// [New] takes them.
func (l *List) Policy() string { return l.policy }

// Stats counts peers, requests and waiting callers. It takes no snapshot, so
// it costs the same for any number of peers.
func (l *List) Stats() peerage.Stats { return l.chooser.Stats() }

// Status is all that is known of the peers that the list has retained, such
// as their zones, reasons and prices, in the order of their identifiers. The status
// of the peer of a [NewSingle] that does not wait is Available.
func (l *List) Status() peerage.ChooserStatus { return l.chooser.Introspect() }

// SetReason says that a peer is not to be chosen for a reason, such as
// peerage.Draining, or, if on is false, not for this reason any more. Its
// requests in flight go on. A peer that is not in the list, or a list that
// does not run, is a peerage.ErrNotInList.
func (l *List) SetReason(id peer.Identifier, reason peerage.Reason, on bool) error {
	return l.chooser.SetReason(id.Identifier(), reason, on)
}
