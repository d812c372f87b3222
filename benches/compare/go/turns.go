package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// undisturbed does something and says whether no thread of this process had to wait for a processor meanwhile,
// but for 3 % of the time.
func undisturbed(do func() error) (bool, error) {
	begun, waited := time.Now(), waitedForProcessors()
	err := do()
	return waitedForProcessors()-waited <= time.Since(begun)*3/100, err
}

// waitedForProcessors is how long all threads of this process were ready and did not run; 0 where the system does
// not say so, and then every turn counts.
func waitedForProcessors() (waited time.Duration) {
	files, _ := filepath.Glob("/proc/self/task/*/schedstat")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			// A thread that has just ended.
			continue
		}
		if fields := strings.Fields(string(text)); len(fields) > 1 {
			nanoseconds, _ := strconv.ParseInt(fields[1], 10, 64)
			waited += time.Duration(nanoseconds)
		}
	}
	return waited
}

// least keeps the least of each figure, of the turns that were not disturbed; if all were, of all.
type least struct {
	values map[string]float64
	quiet  bool
}

func (l *least) add(quiet bool, values map[string]float64) {
	if l.quiet && !quiet {
		return
	}
	if l.values == nil || quiet && !l.quiet {
		l.values, l.quiet = values, quiet
		return
	}
	for figure, value := range values {
		if seen, has := l.values[figure]; !has || value < seen {
			l.values[figure] = value
		}
	}
}

// print prints the figures in this order, and counts those for which there was no undisturbed turn.
func (l *least) print(r *run, work string, s *side, peers, threads int, figures ...string) {
	if r.cells++; !l.quiet {
		r.busy++
	}
	for _, figure := range figures {
		if value, has := l.values[figure]; has {
			r.line(work, s, peers, threads, figure, value)
		}
	}
}

// inTurn gives each side some turns of doing something, one after the other. Of the turns that were disturbed as
// many are repeated as were wanted.
func inTurn(turns int, sides []*side, do func(side int) (map[string]float64, error)) ([]least, error) {
	all, quiet := make([]least, len(sides)), make([]int, len(sides))
	for turn := range 3 * turns {
		for i, side := range sides {
			if quiet[i] >= turns || quiet[i] == 0 && turn >= 2*turns {
				continue
			}
			var values map[string]float64
			ok, err := undisturbed(func() (err error) {
				values, err = do(i)
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", side.name, side.policy, err)
			}
			if all[i].add(ok, values); ok {
				quiet[i]++
			}
		}
	}
	return all, nil
}

// latency is what a choice and its end take as one of so many goroutines sees it, while all do the same, in
// nanoseconds: as the programs in Rust and C++ have it.
func latency(l list, goroutines int, turn time.Duration) (float64, error) {
	var (
		wait   sync.WaitGroup
		total  atomic.Int64
		failed atomic.Pointer[error]
	)
	begun := time.Now()
	for range goroutines {
		wait.Go(func() {
			done := 0
			for over := false; !over; over = time.Since(begun) >= turn {
				for request := range batch {
					if err := l.once(request); err != nil {
						failed.Store(&err)
						return
					}
				}
				done += batch
			}
			total.Add(int64(done))
		})
	}
	wait.Wait()
	took := time.Since(begun)
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(took.Nanoseconds()) * float64(goroutines) / float64(total.Load()), nil
}
