package day

import (
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
)

// The shard key of a request names its server, which need not be known before.
func TestDirect(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
		t.Parallel()
		servers := serve(t, n, 3)
		c := connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
			return yarpcpeers.NewDirect(over)
		})
		for _, s := range servers {
			c.answered(s)
		}

		for _, wrong := range []string{"", "\xff"} {
			_, err := c.call(soon, yarpc.WithShardKey(wrong))
			if code := yarpcerrors.FromError(err).Code(); err == nil || code != yarpcerrors.CodeInvalidArgument {
				t.Errorf("key %q: %v, want invalid-argument", wrong, err)
			}
		}

		// One that is gone is no matter of the others.
		servers[0].stop()
		for range 5 {
			_, err := c.call(brief, yarpc.WithShardKey(servers[0].address))
			c.isGone(err)
			c.answered(servers[1])
		}
		servers[0].start()
		eventually(t, "an answer of the server that is back", func() bool {
			_, err := c.call(time.Second, yarpc.WithShardKey(servers[0].address))
			return err == nil
		})
		c.answered(servers[0])
		c.stop()
	})
}
