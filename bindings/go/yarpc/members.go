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
	keys  map[string]string          // by Identifier()
	byKey map[string]peer.Identifier // by key
}

func newMembers(sharded bool) *members {
	return &members{sharded: sharded, keys: map[string]string{}, byKey: map[string]peer.Identifier{}}
}

func (m *members) keyOf(id peer.Identifier) string {
	if s, ok := id.(interface{ Shard() string }); ok && m.sharded {
		return s.Shard()
	}
	return id.Identifier()
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
	m.keys[name], m.byKey[key] = key, id
	return key, nil
}

// change is what an update did to the members.
type change struct {
	key string
	// Of a member that was removed: what the updater called it.
	id    peer.Identifier
	added bool
}

// remove returns what is needed to undo it.
func (m *members) remove(id peer.Identifier) (change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := id.Identifier()
	key, known := m.keys[name]
	if !known {
		return change{}, peer.ErrPeerRemoveNotInList(name)
	}
	gone := change{key: key, id: m.byKey[key]}
	delete(m.keys, name)
	delete(m.byKey, key)
	return gone, nil
}

// undo takes changes back.
func (m *members) undo(done []change) {
	for _, change := range slices.Backward(done) {
		if change.added {
			m.drop(change.key)
		} else {
			m.put(change.key, change.id)
		}
	}
}

func (m *members) put(key string, id peer.Identifier) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[id.Identifier()], m.byKey[key] = key, id
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
	return slices.Sorted(maps.Keys(m.keys))
}
