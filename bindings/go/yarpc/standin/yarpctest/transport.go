// Package yarpctest has a transport without connections.
package yarpctest

import (
	"errors"
	"sync"

	"go.uber.org/yarpc/api/peer"
)

// FakePeer is a peer of a FakeTransport.
type FakePeer struct {
	transport *FakeTransport
	id        peer.Identifier
	status    peer.Status
	listeners map[peer.Subscriber]int
}

// Identifier is the peer's name.
func (p *FakePeer) Identifier() string { return p.id.Identifier() }

// Status is the peer's status.
func (p *FakePeer) Status() peer.Status {
	p.transport.mu.Lock()
	defer p.transport.mu.Unlock()
	return p.status
}

// StartRequest counts a request.
func (p *FakePeer) StartRequest() { p.count(1) }

// EndRequest counts a request's end.
func (p *FakePeer) EndRequest() { p.count(-1) }

func (p *FakePeer) count(by int) {
	p.transport.mu.Lock()
	defer p.transport.mu.Unlock()
	p.status.PendingRequestCount += by
}

// FakeTransportOption sets up a FakeTransport.
type FakeTransportOption func(*FakeTransport)

// InitialConnectionStatus is what a new peer has; Available by default.
func InitialConnectionStatus(status peer.ConnectionStatus) FakeTransportOption {
	return func(t *FakeTransport) { t.initial = status }
}

// RetainErrors makes RetainPeer fail for these addresses.
func RetainErrors(err error, addrs []string) FakeTransportOption {
	return func(t *FakeTransport) { fail(t.retainErrors, err, addrs) }
}

// ReleaseErrors makes ReleasePeer fail for these addresses.
func ReleaseErrors(err error, addrs []string) FakeTransportOption {
	return func(t *FakeTransport) { fail(t.releaseErrors, err, addrs) }
}

func fail(errs map[string]error, err error, addrs []string) {
	for _, addr := range addrs {
		errs[addr] = err
	}
}

// FakeTransport is a transport whose peers do as the test says.
type FakeTransport struct {
	mu                          sync.Mutex
	initial                     peer.ConnectionStatus
	peers                       map[string]*FakePeer
	queue                       []*FakePeer
	retainErrors, releaseErrors map[string]error
}

// NewFakeTransport makes one.
func NewFakeTransport(options ...FakeTransportOption) *FakeTransport {
	t := &FakeTransport{
		initial:       peer.Available,
		peers:         map[string]*FakePeer{},
		retainErrors:  map[string]error{},
		releaseErrors: map[string]error{},
	}
	for _, option := range options {
		option(t)
	}
	return t
}

// Peer finds a peer, or makes it.
func (t *FakeTransport) Peer(id peer.Identifier) *FakePeer {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peer(id)
}

func (t *FakeTransport) peer(id peer.Identifier) *FakePeer {
	p := t.peers[id.Identifier()]
	if p == nil {
		status := peer.Status{ConnectionStatus: t.initial}
		p = &FakePeer{transport: t, id: id, status: status, listeners: map[peer.Subscriber]int{}}
		t.peers[id.Identifier()] = p
	}
	return p
}

// RetainPeer subscribes, and queues the initial status for Flush.
func (t *FakeTransport) RetainPeer(id peer.Identifier, listener peer.Subscriber) (peer.Peer, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.retainErrors[id.Identifier()]; err != nil {
		return nil, err
	}
	p := t.peer(id)
	p.listeners[listener]++
	t.queue = append(t.queue, p)
	return p, nil
}

// ReleasePeer ends a subscription.
func (t *FakeTransport) ReleasePeer(id peer.Identifier, listener peer.Subscriber) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.releaseErrors[id.Identifier()]; err != nil {
		return err
	}
	p := t.peer(id)
	switch p.listeners[listener] {
	case 0:
		return errors.New("no such subscriber")
	case 1:
		delete(p.listeners, listener)
		return nil
	}
	return errors.New("extra subscribers")
}

// SimulateStatusChange changes a peer's status and notifies.
func (t *FakeTransport) SimulateStatusChange(id peer.Identifier, status peer.ConnectionStatus) {
	t.mu.Lock()
	p := t.peer(id)
	p.status.ConnectionStatus = status
	var listeners []peer.Subscriber
	for listener := range p.listeners {
		listeners = append(listeners, listener)
	}
	t.mu.Unlock()
	for _, listener := range listeners {
		listener.NotifyStatusChanged(id)
	}
}

// SimulateConnect makes a peer available.
func (t *FakeTransport) SimulateConnect(id peer.Identifier) {
	t.SimulateStatusChange(id, peer.Available)
}

// SimulateDisconnect makes a peer unavailable.
func (t *FakeTransport) SimulateDisconnect(id peer.Identifier) {
	t.SimulateStatusChange(id, peer.Unavailable)
}

// Flush delivers the queued initial statuses.
func (t *FakeTransport) Flush() {
	t.mu.Lock()
	queue := t.queue
	t.queue = nil
	t.mu.Unlock()
	for _, p := range queue {
		t.SimulateStatusChange(p.id, t.initial)
	}
}
