package day

import (
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peer/hostport"
)

// A list of one peer: its server answers, fails every call once it has stopped,
// and answers again when it is back.
func TestSingle(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
		t.Parallel()
		s := serve(t, n, 1)[0]
		c := connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
			return yarpcpeers.NewSingle(hostport.PeerIdentifier(s.address), over)
		})
		c.answered(s)

		s.stop()
		for range 5 {
			_, err := c.call(brief)
			c.isGone(err)
		}
		c.finished()

		s.start()
		eventually(t, "an answer of the server that is back", func() bool {
			_, err := c.call(time.Second)
			return err == nil
		})
		c.answered(s)
		c.stop()
	})
}

// answered asserts that this server, and no other, answers call after call.
func (c *client) answered(s *server) {
	c.t.Helper()
	for range 20 {
		if answer, err := c.call(soon, yarpc.WithShardKey(s.address)); err != nil || answer != s.address {
			c.t.Fatalf("answer %q, %v, want %q", answer, err, s.address)
		}
	}
	c.finished()
}
