package yarpcpeers

import (
	"context"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
)

// Choose hands out a peer, and waits for one until the context ends or, if it
// has no deadline, for the default timeout. The request may be nil.
//
// onFinish wants to be called once, when the request has ended. Further calls
// change nothing.
func (l *List) Choose(ctx context.Context, req *transport.Request) (peer.Peer, func(error), error) {
	var asked peerage.Request
	known := (*peerage.Request)(nil)
	if l.interest.key && req != nil {
		asked = l.interest.in(req)
		known = &asked
	}
	pick, err := l.chooser.Choose(ctx, known)
	if err != nil {
		return nil, nil, l.explain(ctx, err)
	}
	return pick.Peer().Data().(peer.Peer), finisher(pick), nil
}
