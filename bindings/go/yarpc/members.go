package yarpcpeers

import (
	"maps"
	"slices"
	"sync"

	"go.uber.org/yarpc/api/peer"
)

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

// remove returns the key of a member that is one no more.
func (m *members) remove(id peer.Identifier) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := id.Identifier()
	key, known := m.keys[name]
	if !known {
		return "", peer.ErrPeerRemoveNotInList(name)
	}
	delete(m.keys, name)
	delete(m.byKey, key)
	return key, nil
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
