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
			"file": configure(t, n, p.name, "        peers: ["+strings.Join(servers, ", ")+"]\n", p.register),
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
				c.shares(servers, 150, p.calm)
				c.finished()
				c.shared(servers, 150, 4, p.busy)
				c.finished()
			})
		}
	})
}

// shares makes so many calls, one after the other, and asserts that all succeed
// and that each of these servers, and no other, gets its share.
func (c *client) shares(among []string, calls int, each share) {
	c.t.Helper()
	c.shared(among, calls, 1, each)
}

// shared makes the calls from several goroutines.
func (c *client) shared(among []string, calls, workers int, each share) {
	c.t.Helper()
	count := c.answers(calls, workers)
	for address, got := range count {
		if !slices.Contains(among, address) {
			c.t.Errorf("%d answers of %s, want none", got, address)
		}
	}
	least, most := each(calls, len(among))
	for _, address := range among {
		if got := count[address]; got < least || got > most {
			c.t.Errorf("%d answers of %s, want %d to %d: %v, %v", got, address, least, most, count, c.status())
		}
	}
}

// answers makes so many calls from several goroutines, asserts that all succeed,
// and counts the answers of each server.
func (c *client) answers(calls, workers int) map[string]int {
	c.t.Helper()
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		count = map[string]int{}
	)
	for worker := range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := worker; n < calls; n += workers {
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
	return count
}

// A key stays with its server: the ring asks the same one again, whichever
// client asks, and in whatever order it was told of the servers.
func TestKeysStay(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
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
