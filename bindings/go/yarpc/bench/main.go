// Bench measures what it costs to choose a peer and to finish the request.
//
// Two sides do the same work in one process and take turns, so that what else
// the machine does meets both: a chooser of package peerage, and the same
// behind the interfaces of YARPC. Of several repetitions the best counts,
// because noise only ever adds. All peers are available and stay so. Beside
// the time on the clock is that of the processors, which a busy machine
// disturbs less.
//
//	go run ./bench          # a few minutes
//	go run ./bench -quick   # a few seconds, for a look
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

var sizes = []int{10, 1000, 10000}

func main() {
	quick := flag.Bool("quick", false, "measure for a short time only, and few peers")
	processors := flag.Int("procs", 2, "GOMAXPROCS")
	flag.Parse()
	runtime.GOMAXPROCS(*processors)
	repetitions, duration := 7, 200*time.Millisecond
	if *quick {
		repetitions, duration, sizes = 2, 10*time.Millisecond, []int{10, 1000}
	}
	fmt.Printf("%s, GOMAXPROCS %d, choose and finish, best of %d times %v\n",
		runtime.Version(), *processors, repetitions, duration)
	table := newTable(os.Stdout)
	for _, policy := range policies {
		for _, peers := range sizes {
			if err := measurePair(table, policy, peers, repetitions, duration); err != nil {
				fmt.Fprintln(os.Stderr, "bench:", err)
				os.Exit(1)
			}
		}
	}
	table.end()
}

// measurePair is two rows of the table: for one goroutine and for two.
func measurePair(t *table, p policy, peers, repetitions int, duration time.Duration) error {
	sides, stop, err := p.sides(peers)
	if err != nil {
		return err
	}
	defer stop()
	for _, goroutines := range []int{1, 2} {
		best := make([]result, len(sides))
		for range repetitions {
			for i, side := range sides {
				r, err := measure(side, goroutines, duration)
				if err != nil {
					return err
				}
				best[i] = best[i].best(r)
			}
		}
		t.row(p.name, peers, goroutines, best)
	}
	return nil
}
