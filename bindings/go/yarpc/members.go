package yarpcpeers

import (
	"maps"
	"slices"
	"sync"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
)

// Weighted is an identifier that says how much its peer can take beside others:
// one of weight 2 as much as two of weight 1. 0 is 1, the default.
type Weighted interface{ Weight() uint16 }

// Zoned is an identifier that says where its peer is.
type Zoned interface{ Zone() string }

// Tiered is an identifier that says which tier its peer belongs to: 0, the
// default, is the first to be used.
type Tiered interface{ Tier() uint8 }

// shardIdentifier is one that says where on a hash ring its peer is placed, as YARPC's ring has it.
type shardIdentifier interface{ Shard() string }

// memberOf is what the chooser is to know of a peer. It knows peers by their names: one that takes the shard
// of another is another peer.
func (m *members) memberOf(id peer.Identifier) peerage.Member {
	member := peerage.Member{ID: id.Identifier()}
	if shard, ok := id.(shardIdentifier); ok && m.sharded {
		member.Shard = shard.Shard()
	}
	if weighted, ok := id.(Weighted); ok {
		member.Weight = weighted.Weight()
	}
	if zoned, ok := id.(Zoned); ok {
		member.Zone = zoned.Zone()
	}
	if tiered, ok := id.(Tiered); ok {
		member.Tier = tiered.Tier()
	}
	return member
}

// members are the peers of a list, retained or not.
//
// The chooser knows a peer by its name. YARPC knows it by an identifier, which may carry more than a name and
// must reach the transport as the updater made it.
type members struct {
	sharded bool

	mu     sync.Mutex
	byName map[string]member
	// On a ring: the names of those that have a place.
	places map[string]string
}

// member is an identifier, and where a ring has it: at its shard, or at its name.
type member struct {
	id    peer.Identifier
	place string
}

func newMembers(sharded bool) *members {
	return &members{sharded: sharded, byName: map[string]member{}, places: map[string]string{}}
}

// expect makes room for so many new members, if they are the first.
func (m *members) expect(count int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.byName) > 0 {
		return
	}
	m.byName = make(map[string]member, count)
	if m.sharded {
		m.places = make(map[string]string, count)
	}
}

// add returns what the chooser is to know of a new member. No two have one place.
func (m *members) add(id peer.Identifier) (peerage.Member, error) {
	about := m.memberOf(id)
	place := about.Shard
	if place == "" {
		place = about.ID
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.byName[about.ID]
	_, taken := m.places[place]
	if known || taken {
		return about, peer.ErrPeerAddAlreadyInList(about.ID)
	}
	m.put(about.ID, member{id, place})
	return about, nil
}

// gone is a member that was removed.
type gone struct {
	name string
	member
}

// remove returns what is needed to undo it.
func (m *members) remove(id peer.Identifier) (gone, error) {
	name := id.Identifier()
	m.mu.Lock()
	defer m.mu.Unlock()
	was, known := m.byName[name]
	if !known {
		return gone{}, peer.ErrPeerRemoveNotInList(name)
	}
	m.forget(name)
	return gone{name, was}, nil
}

// undo takes an update back.
func (m *members) undo(removed []gone, added []peerage.Member) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range added {
		m.forget(added[i].ID)
	}
	for _, gone := range removed {
		m.put(gone.name, gone.member)
	}
}

// drop removes by name.
func (m *members) drop(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(name)
}

// put is for callers that hold the lock, as forget.
func (m *members) put(name string, new member) {
	m.byName[name] = new
	if m.sharded {
		m.places[new.place] = name
	}
}

func (m *members) forget(name string) {
	if gone, known := m.byName[name]; known {
		delete(m.places, gone.place)
		delete(m.byName, name)
	}
}

// identifier finds what the updater called a peer.
func (m *members) identifier(name string) (peer.Identifier, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, known := m.byName[name]
	return found.id, known
}

func (m *members) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.byName))
}
