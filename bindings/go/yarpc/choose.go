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
	if !l.interest.key || req == nil {
		pick, err := l.chooser.Choose(ctx, nil)
		return l.chosen(ctx, pick, err)
	}
	// A ring looks at three headers at most: so nothing is allocated for them.
	var room [3]peerage.Header
	asked := peerage.Request{ShardKey: req.ShardKey, HeaderList: l.interest.in(req, room[:0])}
	if l.interest.all {
		asked = whole(req)
	}
	pick, err := l.chooser.Choose(ctx, &asked)
	return l.chosen(ctx, pick, err)
}

func (l *List) chosen(ctx context.Context, pick peerage.Pick, err error) (peer.Peer, func(error), error) {
	if err != nil {
		return nil, nil, l.explain(ctx, err)
	}
	return pick.Peer().Data().(peer.Peer), finisher(pick), nil
}
