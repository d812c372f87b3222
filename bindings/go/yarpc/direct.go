package yarpcpeers

import (
	"context"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
)

// Direct chooses the peer that a request's shard key names. It replaces the
// chooser of peer/direct.
//
// That one retains the peer for the request alone and releases it after, so
// each request waits for a connection of its own, or fails. This one waits
// until the peer is available and keeps some of them for the next request.
type Direct struct {
	list *List
}

// NewDirect makes one. It need not be started.
func NewDirect(t peer.Transport, options ...Option) (*Direct, error) {
	if t == nil {
		return nil, yarpcerrors.Newf(yarpcerrors.CodeInvalidArgument,
			`"direct" chooser requires non-nil transport`)
	}
	list, err := newList(direct, t, options)
	if err != nil {
		return nil, err
	}
	if err := list.Start(); err != nil {
		list.Close()
		return nil, err
	}
	return &Direct{list}, nil
}

// Start does nothing: the chooser runs from the beginning, as YARPC's does. It
// fails after a Stop.
func (d *Direct) Start() error { return d.list.Start() }

// Stop releases the peers, as [List.Stop] does. After it Choose fails.
func (d *Direct) Stop() error { return d.list.Stop() }

// Close stops the chooser and gives back what it holds outside of Go, as
// [List.Close] does.
func (d *Direct) Close() { d.list.Close() }

// IsRunning says whether the chooser was not stopped.
func (d *Direct) IsRunning() bool { return d.list.IsRunning() }

// Choose hands out the peer that the shard key names, as [List.Choose] does.
func (d *Direct) Choose(ctx context.Context, req *transport.Request) (peer.Peer, func(error), error) {
	if req == nil {
		req = &transport.Request{}
	}
	return d.list.Choose(ctx, req)
}
