// Package introspection declares what a peer list shows of itself.
package introspection

// ChooserStatus is a peer list at one moment.
type ChooserStatus struct {
	Name  string       `json:"name"`
	State string       `json:"state"`
	Peers []PeerStatus `json:"peers"`
}

// PeerStatus is a peer at one moment.
type PeerStatus struct {
	Identifier string `json:"identifier"`
	State      string `json:"state"`
}

// IntrospectableChooser is a peer list that shows itself.
type IntrospectableChooser interface {
	Introspect() ChooserStatus
}
