package day

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	yarpcpeer "go.uber.org/yarpc/peer"
	"go.uber.org/yarpc/yarpcerrors"
)

// entered counts the calls that have come to a list.
type entered struct {
	*yarpcpeer.BoundChooser
	count atomic.Int64
}

func (e *entered) Choose(ctx context.Context, req *transport.Request) (peer.Peer, func(error), error) {
	e.count.Add(1)
	return e.BoundChooser.Choose(ctx, req)
}

// A dispatcher that stops ends the calls that wait for a peer at once, though
// their contexts would let them wait on.
func TestStopEndsWaiters(t *testing.T) {
	const waiters, limit = 200, 100 * time.Millisecond
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		// Not in parallel, and the best of three: other programs may need the
		// processors just then.
		took := stopEnds(t, n, p, waiters)
		for try := 1; took > limit && try < 3; try++ {
			took = min(took, stopEnds(t, n, p, waiters))
		}
		if t.Logf("%d waiters ended within %v", waiters, took); took > limit {
			t.Errorf("%d waiters ended within %v, want %v", waiters, took, limit)
		}
	})
}

// stopEnds stops a dispatcher with so many waiters and returns how long it took
// until the last had ended.
func stopEnds(t *testing.T, n network, p policy, waiters int) time.Duration {
	t.Helper()
	var chooser *entered
	c := connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
		list, err := p.build(over)
		if err != nil {
			return nil, err
		}
		nowhere := identifiers([]string{unserved(t)})
		chooser = &entered{BoundChooser: yarpcpeer.Bind(list, yarpcpeer.BindPeers(nowhere))}
		return chooser, nil
	})
	var all sync.WaitGroup
	errs := make([]error, waiters)
	for i := range errs {
		all.Add(1)
		go func() {
			defer all.Done()
			_, errs[i] = c.call(soon, key(i))
		}()
	}
	eventually(t, "every call waits", func() bool { return int(chooser.count.Load()) == waiters })

	begin := time.Now()
	c.stop()
	all.Wait()
	took := time.Since(begin)
	text := fmt.Sprintf("%q peer list is not running: could not wait for instance to start running: "+
		"current state is %q", p.name, "stopped")
	for _, err := range errs {
		c.isList(err, yarpcerrors.CodeFailedPrecondition, text, nil)
	}
	c.released()
	return took
}

// released asserts that a list which has stopped has given its peers back to the
// transport, and has none on the status page, so no request.
func (c *client) released() {
	c.t.Helper()
	list := c.chooser.(interface{ ChooserList() peer.ChooserList }).ChooserList().(*yarpcpeers.List)
	if left := list.Peers(); len(left) > 0 {
		c.t.Errorf("%d peers of a list that has stopped are not released", len(left))
	}
	if left := c.status().Peers; len(left) > 0 {
		c.t.Errorf("peers of a list that has stopped: %v", left)
	}
}
