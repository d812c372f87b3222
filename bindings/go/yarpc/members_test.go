package yarpcpeers

import (
	"errors"
	"testing"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
)

// An identifier that says more than a name.
type placed struct {
	id, zone string
	weight   uint16
	tier     uint8
}

func (p placed) Identifier() string { return p.id }
func (p placed) Weight() uint16     { return p.weight }
func (p placed) Zone() string       { return p.zone }
func (p placed) Tier() uint8        { return p.tier }

// knownAs asserts what the chooser knows of its peers, by their names.
func (w *world) knownAs(want ...peerage.PeerStatus) {
	w.t.Helper()
	peers := w.list.chooser.Introspect().Peers
	if len(peers) != len(want) {
		w.t.Fatalf("%d peers, want %d", len(peers), len(want))
	}
	for i, peer := range peers {
		// Not what is counted of it.
		peer.Since, peer.StatusChanges, peer.Requests, peer.Outcomes = 0, 0, 0, peerage.Outcomes{}
		if peer != want[i] {
			w.t.Fatalf("%+v, want %+v", peer, want[i])
		}
	}
}

func TestWhatAnIdentifierSaysOfItsPeer(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.must(w.list.Update(peer.ListUpdates{Additions: []peer.Identifier{
			placed{"a", "eu-1a", 3, 1}, id("b"), placed{"c", "", 0, 0},
		}}))
		available := peerage.Available
		w.knownAs(
			peerage.PeerStatus{ID: "a", Weight: 3, Tier: 1, Zone: "eu-1a", Status: available},
			peerage.PeerStatus{ID: "b", Weight: 1, Status: available},
			peerage.PeerStatus{ID: "c", Weight: 1, Status: available},
		)
		// Removed and added in one update: the peer stays, and something else is known of it.
		_, finish := w.begin()
		w.must(w.list.Update(peer.ListUpdates{
			Removals:  ids("a", "c"),
			Additions: []peer.Identifier{placed{"a", "us-2b", 9, 0}, id("c")},
		}))
		finish(nil)
		w.knownAs(
			peerage.PeerStatus{ID: "a", Weight: 9, Zone: "us-2b", Status: available},
			peerage.PeerStatus{ID: "b", Weight: 1, Status: available},
			peerage.PeerStatus{ID: "c", Weight: 1, Status: available},
		)
		w.asked([]string{"a", "b", "c"}, nil)
		w.must(w.remove("a", "b", "c"))
		w.asked([]string{"a", "b", "c"}, []string{"a", "b", "c"})
	})
}

// What the library does not take is the update's error, and nothing of the
// update is done.
func TestAWrongIdentifier(t *testing.T) {
	for _, wrong := range []peer.Identifier{
		placed{"a", "\xff", 1, 0}, placed{"a", "nul\x00", 1, 0}, id("a\xff"), id("a\x00"),
	} {
		w := started(t, policies[0], "b", "c")
		err := w.list.Update(peer.ListUpdates{
			Removals: ids("b"), Additions: append(ids("d"), wrong),
		})
		if !errors.Is(err, peerage.ErrInvalidUTF8) && !errors.Is(err, peerage.ErrInvalidArgument) {
			t.Fatal(err)
		}
		w.knows("b", "c")
		w.asked([]string{"b", "c"}, nil)
		w.must(w.add("a", "d"))
		w.must(w.remove("b"))
		w.knows("a", "c", "d")
	}
}
