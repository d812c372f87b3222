package yarpcpeers

import (
	"slices"
	"testing"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
)

// A shard whose server is replaced moves to the new one, in one update too: the old one is released, after its
// requests, and keeps none.
func TestAShardMovesToAnotherPeer(t *testing.T) {
	w := ring(t, 2)
	_, finish, err := w.list.Choose(t.Context(), key("foo1"))
	w.must(err)
	w.must(w.list.Update(peer.ListUpdates{
		Removals:  []peer.Identifier{sharded(1), sharded(2)},
		Additions: []peer.Identifier{shardedID{"new1", "shard-1"}, shardedID{"new2", "shard-2"}},
	}))
	w.knows("new1", "new2")
	w.online([]string{"new1", "new2"}, nil)
	for _, name := range []string{"1", "2", "3", "4"} {
		w.places(key(name), "new1", "new2")
	}
	w.fake.SimulateDisconnect(id("new1"))
	w.online([]string{"new2"}, []string{"new1"})
	finish(nil)
	w.must(w.list.Drain(t.Context()))
	w.asked([]string{"id1", "id2", "new1", "new2"}, []string{"id1", "id2"})
	// It is a member as every other.
	w.must(w.list.Update(peer.ListUpdates{Removals: ids("new1")}))
	w.knows("new2")
}

// placedShard is a shard that has a zone.
type placedShard struct {
	shardedID
	zone string
}

func (p placedShard) Zone() string { return p.zone }

func TestAShardThatCannotMoveStays(t *testing.T) {
	w := ring(t, 2)
	err := w.list.Update(peer.ListUpdates{
		Removals:  []peer.Identifier{sharded(1)},
		Additions: []peer.Identifier{placedShard{shardedID{"new", "shard-1"}, "\xff"}},
	})
	is(t, err, peerage.ErrInvalidUTF8)
	w.knows("id1", "id2")
	w.asked([]string{"id1", "id2"}, nil)
}

func TestShardsAreShownByTheirPeers(t *testing.T) {
	w := ring(t, 0)
	w.must(w.list.Update(peer.ListUpdates{Additions: []peer.Identifier{shardedID{"z", "a"}, shardedID{"a", "z"}}}))
	var names []string
	for _, p := range w.list.Introspect().Peers {
		names = append(names, p.Identifier)
	}
	if !slices.Equal(names, []string{"a", "z"}) {
		t.Errorf("%v, want them in the order of their identifiers", names)
	}
	// An identifier without a shard names the peer too, as it does in an update.
	w.must(w.list.SetReason(id("z"), peerage.Draining, true))
	for _, name := range []string{"1", "2", "3", "4"} {
		w.places(key(name), "a")
	}
}

// What is nil names no peer. Nothing is done then, also not what stands before it.
func TestAnUpdateWithoutAnIdentifier(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		for _, updates := range []peer.ListUpdates{
			{Removals: ids("1"), Additions: []peer.Identifier{id("2"), nil}},
			{Removals: []peer.Identifier{id("1"), nil}},
		} {
			saysOf(t, w.list.Update(updates), yarpcerrors.CodeInvalidArgument, map[bool]string{
				true:  `"` + p.name + `" peer list can't be updated: addition 2 of 2 is nil, need an identifier`,
				false: `"` + p.name + `" peer list can't be updated: removal 2 of 2 is nil, need an identifier`,
			}[updates.Additions != nil])
		}
		w.knows("1")
		w.chooses("1")
		w.must(w.remove("1"))
		w.asked([]string{"1"}, []string{"1"})
	})
}
