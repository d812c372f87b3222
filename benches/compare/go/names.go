package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

var (
	namesMu sync.Mutex
	names   []string
)

// peerNames are the names of peers, which are made once: the sides share them as far as they keep no copy.
func peerNames(peers int) []string {
	namesMu.Lock()
	defer namesMu.Unlock()
	for i := len(names); i < peers; i++ {
		names = append(names, fmt.Sprintf("10.%d.%d.%d:8080", i>>16, i>>8&255, i&255))
	}
	return names[:peers:peers]
}

// keys are the shard keys of the requests of a batch.
var keys = func() (keys [batch]string) {
	for i := range keys {
		keys[i] = fmt.Sprint("shard-", i)
	}
	return keys
}()

// weightOf is what a peer of this number can take beside others, for policies that go by it.
func weightOf(peer int) int { return 1 + peer%3 }

// shuffled are the numbers of peers, in an order in which no cache helps and that is the same for each side.
func shuffled(peers int) []int {
	all := numbers(peers)
	rand.New(rand.NewPCG(1, 2)).Shuffle(peers, func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// withDeadline is the context of all choices. It has a deadline, because yarpc-go's lists make a context of their own
// for a call that has none.
var withDeadline, _ = context.WithTimeout(context.Background(), 24*time.Hour)
