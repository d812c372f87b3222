package day

import (
	"context"
	"testing"
)

// A server that does not answer for now holds the calls that come to it. Policies
// that count requests send it the first, and the next to the others; the rest
// do not look. In the end every call is answered.
func TestServerThatDoesNotAnswer(t *testing.T) {
	const calls = 60
	// So many calls are held at most.
	counts := map[string]int64{
		"two-random-choices": 1, "fewest-pending-requests": 1, "least-loaded": 1,
		"least-latency": 1, "least-reported": 1,
	}
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		servers := serve(t, n, 3)
		servers[1].answer()
		servers[2].answer()
		c := connect(t, n, p, addresses(servers))
		eventually(t, "3 peers available", func() bool { return c.available(3) })

		var held int64
		ended := make(chan error, calls)
		for number := range calls {
			go func() {
				ctx, cancel := context.WithTimeout(context.Background(), soon)
				defer cancel()
				_, err := c.raw.Call(ctx, "hold", nil, key(number))
				ended <- err
			}()
			// It has its answer, or waits for it.
			eventually(t, "the call has arrived", func() bool {
				held = servers[0].held.Load()
				return held+int64(len(ended)) == int64(number+1)
			})
		}
		if got := int64(c.pending()); got != held {
			t.Errorf("%d requests pending, want the %d that are held", got, held)
		}
		least, most := p.calm(calls, 3)
		if limit, does := counts[p.name]; does {
			least, most = 0, int(limit)
		}
		if int(held) < least || int(held) > most {
			t.Errorf("%d of %d calls are held, want %d to %d", held, calls, least, most)
		}

		servers[0].answer()
		for range calls {
			if err := <-ended; err != nil {
				t.Errorf("a call: %v", err)
			}
		}
		c.finished()
	})
}
