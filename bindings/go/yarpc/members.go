package yarpcpeers

import (
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

// memberOf is what the chooser is to know of a peer.
func memberOf(key string, id peer.Identifier) peerage.Member {
	member := peerage.Member{ID: key}
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
// The chooser knows a peer by a text, its key. YARPC knows it by an
// identifier, which may carry more than a text and must reach the transport
// as the updater made it. The key is the identifier's text or, on a hash
// ring, the name of its shard if it has one.
type members struct {
	sharded bool

	mu    sync.Mutex
	byKey map[string]peer.Identifier
	// By Identifier(); nil unless sharded: then that is the key.
	keys map[string]string
}

func newMembers(sharded bool) *members {
	m := &members{sharded: sharded, byKey: map[string]peer.Identifier{}}
	if sharded {
		m.keys = map[string]string{}
	}
	return m
}

func (m *members) keyOf(id peer.Identifier) string {
	if s, ok := id.(interface{ Shard() string }); ok && m.sharded {
		return s.Shard()
	}
	return id.Identifier()
}

// expect makes room for so many new members, if they are the first.
func (m *members) expect(count int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.byKey) > 0 {
		return
	}
	m.byKey = make(map[string]peer.Identifier, count)
	if m.sharded {
		m.keys = make(map[string]string, count)
	}
}

// add returns the key of a new member.
func (m *members) add(id peer.Identifier) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name, key := id.Identifier(), m.keyOf(id)
	_, known := m.keys[name]
	_, taken := m.byKey[key]
	if known || taken {
		return "", peer.ErrPeerAddAlreadyInList(name)
	}
	m.put(name, key, id)
	return key, nil
}

// gone is a member that was removed: its key, and what the updater called it.
type gone struct {
	key string
	id  peer.Identifier
}

// remove returns what is needed to undo it.
func (m *members) remove(id peer.Identifier) (gone, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := id.Identifier()
	known := true
	if m.sharded {
		key, known = m.keys[key]
	}
	was, isMember := m.byKey[key]
	if !known || !isMember {
		return gone{}, peer.ErrPeerRemoveNotInList(id.Identifier())
	}
	delete(m.keys, id.Identifier())
	delete(m.byKey, key)
	return gone{key, was}, nil
}

// undo takes an update back.
func (m *members) undo(removed []gone, added []peerage.Member) {
	for i := range added {
		m.drop(added[i].ID)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, gone := range removed {
		m.put(gone.id.Identifier(), gone.key, gone.id)
	}
}

// put is for callers that hold the lock.
func (m *members) put(name, key string, id peer.Identifier) {
	m.byKey[key] = id
	if m.sharded {
		m.keys[name] = key
	}
}

// drop removes by key.
func (m *members) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, known := m.byKey[key]; known {
		delete(m.keys, id.Identifier())
		delete(m.byKey, key)
	}
}

// identifier finds what the updater called a peer.
func (m *members) identifier(key string) (peer.Identifier, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id, known := m.byKey[key]
	return id, known
}

func (m *members) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	names := make([]string, 0, len(m.byKey))
	for _, id := range m.byKey {
		names = append(names, id.Identifier())
	}
	slices.Sort(names)
	return names
}
