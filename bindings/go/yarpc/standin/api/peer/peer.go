// Package peer declares what a YARPC peer list needs from a transport, and
// what an outbound needs from a peer list.
package peer

import (
	"context"
	"fmt"

	"go.uber.org/yarpc/api/transport"
)

// ConnectionStatus is what is known of a peer's connection.
type ConnectionStatus int

// The connection statuses.
const (
	Unavailable ConnectionStatus = iota
	Connecting
	Available
)

// String is the status's name.
func (s ConnectionStatus) String() string {
	switch s {
	case Unavailable:
		return "Unavailable"
	case Connecting:
		return "Connecting"
	case Available:
		return "Available"
	}
	return fmt.Sprintf("ConnectionStatus(%d)", int(s))
}

// Status is what is known of a peer.
type Status struct {
	PendingRequestCount int
	ConnectionStatus    ConnectionStatus
}

// Identifier names a peer.
type Identifier interface {
	Identifier() string
}

// StatusPeer is a peer to look at.
type StatusPeer interface {
	Identifier
	Status() Status
}

// Peer is a peer to send requests to.
type Peer interface {
	StatusPeer
	StartRequest()
	EndRequest()
}

// Subscriber hears of changes of a peer's status.
type Subscriber interface {
	NotifyStatusChanged(Identifier)
}

// Transport makes peers.
type Transport interface {
	RetainPeer(Identifier, Subscriber) (Peer, error)
	ReleasePeer(Identifier, Subscriber) error
}

// Chooser hands out a peer for each request.
type Chooser interface {
	transport.Lifecycle
	Choose(context.Context, *transport.Request) (peer Peer, onFinish func(error), err error)
}

// ListUpdates are the peers to remove from a list, and then to add.
type ListUpdates struct {
	Additions []Identifier
	Removals  []Identifier
}

// List is told which peers there are.
type List interface {
	Update(updates ListUpdates) error
}

// ChooserList is both.
type ChooserList interface {
	Chooser
	List
}
