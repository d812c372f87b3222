// Compare does the same work with peerage's Go package and with what Go programs
// would use instead: the peer lists of yarpc-go, and the balancers of gRPC-go
// without a channel around them.
//
// The sides that are compared with each other are in this one process and take
// turns, so that what else the machine does meets all of them. Noise only ever
// adds, so of each figure the least counts, and only of those turns in which no
// thread had to wait for a processor.
//
//	compare                                  # all works, a few minutes
//	compare --quick                          # a smoke test, a few seconds
//	compare --only choose --policy random    # one work, the sides beside one policy
//
// Each figure is a line on standard output, its columns with tabs between:
// work, language, side, policy, peers, threads, counts, figure, value. Counts
// says whether the side counts the requests that are pending at each peer; one
// that does not does less. Everything else is on standard error.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
)

// works are all works, in the order of their lines.
var works = []struct {
	name string
	do   func(*run) error
}{
	{"choose", (*run).choose},
	{"flaps", (*run).flaps},
	{"members", (*run).members},
	{"wake", (*run).wake},
	{"memory", (*run).memory},
}

func main() {
	quick := flag.Bool("quick", false, "a smoke test: few peers and short turns, figures that mean nothing")
	only := flag.String("only", "", "the only work to do: choose, flaps, members, wake or memory")
	policy := flag.String("policy", "", "of these works only the sides beside this policy of peerage's")
	flag.Parse()
	// All that there are, and two on a machine with one, so that two threads can meet.
	runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
	if err := compare(newRun(os.Stdout, *quick), *only, *policy, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(r *run, only, policy string, rest []string) error {
	if len(rest) != 0 {
		return fmt.Errorf("%q is not understood, only the options --quick, --only and --policy are", rest[0])
	}
	if policy != "" {
		var chosen []match
		for _, m := range r.matches {
			if m.policy == policy {
				chosen = append(chosen, m)
			}
		}
		if r.matches = chosen; len(chosen) == 0 {
			return fmt.Errorf("nothing is compared with a policy %q", policy)
		}
	}
	found := false
	for _, work := range works {
		if only == "" || only == work.name {
			found = true
			if err := work.do(r); err != nil {
				return fmt.Errorf("%s: %w", work.name, err)
			}
		}
	}
	if !found {
		return fmt.Errorf("there is no work %q", only)
	}
	if r.busy != 0 {
		note("the machine was busy: %d of %d sides had no turn in which no thread waited for a processor", r.busy, r.cells)
	}
	return nil
}
