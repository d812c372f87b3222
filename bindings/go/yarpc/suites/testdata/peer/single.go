package peer

import (
	"context"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/api/x/introspection"
)

// Single is in the place of YARPC's: the list is peerage's.
type Single struct {
	list Introspectable
	err  error
	t    peer.Transport
}

// Introspectable is what a Single is made of.
type Introspectable interface {
	peer.Chooser
	introspection.IntrospectableChooser
}

// MakeSingle is set by go.uber.org/yarpc/peerage, which every test imports:
// peerage's lists know yarpcconfig, which knows this package.
var MakeSingle func(peer.Identifier, peer.Transport) (Introspectable, error)

func NewSingle(pid peer.Identifier, t peer.Transport) *Single {
	list, err := MakeSingle(pid, t)
	return &Single{list: list, err: err, t: t}
}

func (s *Single) Transport() peer.Transport { return s.t }

func (s *Single) Start() error {
	if s.err != nil {
		return s.err
	}
	return s.list.Start()
}

func (s *Single) Stop() error {
	if s.err != nil {
		return s.err
	}
	return s.list.Stop()
}

func (s *Single) IsRunning() bool { return s.err == nil && s.list.IsRunning() }

func (s *Single) NotifyStatusChanged(peer.Identifier) {}

func (s *Single) Choose(ctx context.Context, req *transport.Request) (peer.Peer, func(error), error) {
	if s.err != nil {
		return nil, nil, s.err
	}
	return s.list.Choose(ctx, req)
}

func (s *Single) Introspect() introspection.ChooserStatus { return s.list.Introspect() }
