package day

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/yarpc"
)

// Three servers share the calls as the policy promises, whether the list was
// made in code or of a file.
func TestShares(t *testing.T) {
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		servers := addresses(serve(t, n, 3))
		clients := map[string]*client{
			"code": connect(t, n, p, servers),
			"file": configure(t, n, p.spec(), "        peers: ["+strings.Join(servers, ", ")+"]\n"),
		}
		for made, c := range clients {
			t.Run(made, func(t *testing.T) {
				c.t = t
				// The first call waits for a connection, and has one.
				if _, err := c.call(soon); err != nil {
					t.Fatal(err)
				}
				eventually(t, "3 peers available", func() bool { return c.available(3) })
				got := c.status()
				if got.Name != p.name || got.State != "Running (3/3 available)" {
					t.Errorf("status %q, %q, want %q, Running (3/3 available)", got.Name, got.State, p.name)
				}
				c.shares(servers, 300, p.spread)
				c.finished()
			})
		}
	})
}

// shares calls so many times from four goroutines, and asserts that all of the
// calls succeed and are shared evenly among these servers, but for the spread.
func (c *client) shares(among []string, calls, spread int) {
	c.t.Helper()
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		count = map[string]int{}
	)
	for worker := range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := worker; n < calls; n += 4 {
				answer, err := c.call(soon, key(n))
				if err != nil {
					c.t.Errorf("call %d: %v", n, err)
					return
				}
				mu.Lock()
				count[answer]++
				mu.Unlock()
			}
		}()
	}
	all.Wait()
	even := calls / len(among)
	for address, got := range count {
		if !slices.Contains(among, address) {
			c.t.Errorf("%d answers of %s, want none", got, address)
		}
	}
	for _, address := range among {
		if off := 100 * (count[address] - even); off > spread*even || off < -spread*even {
			c.t.Errorf("%d answers of %s, want %d ± %d %%: %v", count[address], address, even, spread, count)
		}
	}
}

// A key stays with its server: the ring asks the same one again, whichever
// client asks, and in whatever order it was told of the servers.
func TestKeysStay(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
		ring := policies[len(policies)-1]
		servers := addresses(serve(t, n, 3))
		first := connect(t, n, ring, servers)
		slices.Reverse(servers)
		second := connect(t, n, ring, servers)
		for _, c := range []*client{first, second} {
			eventually(t, "3 peers available", func() bool { return c.available(3) })
		}
		for i := range 60 {
			owner := ""
			for _, c := range []*client{first, second, first} {
				answer, err := c.call(soon, yarpc.WithShardKey(strings.Repeat("k", i+1)))
				if err != nil {
					t.Fatal(err)
				}
				if owner == "" {
					owner = answer
				}
				if answer != owner {
					t.Errorf("key %d: %s answers, before %s", i, answer, owner)
				}
			}
		}
		first.finished()
		second.finished()
	})
}
