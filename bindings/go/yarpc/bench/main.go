// Bench measures what it costs to choose a peer and to finish the request, and
// what else a list does, beside the lists that YARPC has.
//
// Three sides do the same work in one process and take turns, so that what
// else the machine does meets all of them: a chooser of package peerage, the
// same behind the interfaces of YARPC, and YARPC's own list. Only the rounds
// count in which the rest of the machine was quiet, and of those the best,
// because noise only ever adds. A cell that no quiet round has seen is marked
// with ~ and is of processor time, which a busy machine disturbs less.
//
//	go run ./bench                        # a few minutes; prints Markdown
//	go run ./bench -quick                 # a few seconds, for a look
//	go run ./bench -wide                  # with processor times, allocations and how many rounds counted
//	go run ./bench -only random,single    # these rows only
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	quick := flag.Bool("quick", false, "measure for a short time only, and few peers")
	processors := flag.Int("procs", 2, "GOMAXPROCS")
	rounds := flag.Int("rounds", 12, "how many quiet rounds of each side to wait for")
	only := flag.String("only", "", "rows to measure, by parts of their names, with commas between; empty: all")
	flag.BoolVar(&wide, "wide", false, "print ratios of processor time, allocations and numbers of quiet rounds too")
	flag.Parse()
	runtime.GOMAXPROCS(*processors)
	b := &bench{
		plan:  plan{duration: 60 * time.Millisecond, wanted: *rounds, most: 5 * *rounds},
		sizes: []int{10, 1_000, 10_000},
		many:  1_000,
		only:  strings.Split(*only, ","),
	}
	if *quick {
		b.plan = plan{duration: 10 * time.Millisecond, wanted: 2, most: 2}
		b.sizes, b.many = []int{10, 100}, 50
	}
	fmt.Printf("%s, GOMAXPROCS %d, the best of %d quiet rounds of %v.\n\n",
		runtime.Version(), *processors, b.plan.wanted, b.plan.duration)
	for _, part := range []func() error{b.choices, b.others} {
		if err := part(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
	}
}

// bench is what is to be measured.
type bench struct {
	plan  plan
	sizes []int
	// How many peers are added at once.
	many int
	only []string
}

// wants says whether a row was asked for.
func (b *bench) wants(row string) bool {
	for _, part := range b.only {
		if strings.Contains(row, part) {
			return true
		}
	}
	return false
}

// choices is the table of choose and finish.
func (b *bench) choices() error {
	header("choose + finish", "peers", "goroutines")
	for _, policy := range policies {
		for _, peers := range b.sizes {
			if !b.wants(policy.name) {
				continue
			}
			sides, stop, err := policy.sides(peers)
			if err != nil {
				return err
			}
			for _, goroutines := range []int{1, 2, 16} {
				results, err := b.plan.inTurn(sides, goroutines)
				if err != nil {
					stop()
					return fmt.Errorf("%s, %d peers: %w", policy.name, peers, err)
				}
				row(results, policy.name, peers, goroutines)
			}
			stop()
		}
	}
	return nil
}

// others is the table of everything else, with one goroutine.
func (b *bench) others() error {
	fmt.Println()
	header("operation", "peers")
	for _, other := range b.otherOperations() {
		if !b.wants(other.name) {
			continue
		}
		sides, stop, err := other.sides()
		if err != nil {
			return fmt.Errorf("%s: %w", other.name, err)
		}
		results, err := b.plan.inTurn(sides, 1)
		stop()
		if err != nil {
			return fmt.Errorf("%s: %w", other.name, err)
		}
		row(results, other.name, other.peers)
	}
	return nil
}
