package day

import (
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peer/hostport"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/yarpc/yarpcerrors"
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
		c.comesBack(s)
		c.stop()
	})
}

// The shard key of a request names its server, which need not be known before.
func TestDirect(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
		t.Parallel()
		servers := serve(t, n, 3)
		made := connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
			return yarpcpeers.NewDirect(over)
		})
		read := configure(t, n, "direct", "        failFast: false\n", func(to *yarpcconfig.Configurator) error {
			return to.RegisterPeerChooser(yarpcpeers.DirectSpec())
		})
		for _, c := range []*client{made, read} {
			for _, s := range servers {
				c.answered(s)
			}
			for _, wrong := range []string{"", "\xff"} {
				_, err := c.call(soon, yarpc.WithShardKey(wrong))
				c.isList(err, yarpcerrors.CodeInvalidArgument, "", nil)
			}
			c.comesBack(servers[0])
			// One that was gone is no matter of the others.
			c.answered(servers[1])
			c.stop()
		}
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

// comesBack stops the server and starts it again: calls fail, and then do not.
func (c *client) comesBack(s *server) {
	c.t.Helper()
	s.stop()
	for range 5 {
		_, err := c.call(brief, yarpc.WithShardKey(s.address))
		c.isGone(err)
	}
	c.finished()
	s.start()
	eventually(c.t, "an answer of the server that is back", func() bool {
		_, err := c.call(time.Second, yarpc.WithShardKey(s.address))
		return err == nil
	})
	c.answered(s)
}
