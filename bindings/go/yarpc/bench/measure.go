package main

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// side is one of those that take turns. The zero side is one that does not take part.
type side struct {
	// Does the work for the request of this number.
	do func(request int) error
	// How often to do it before looking at the clock; 0: batch times.
	every int
	// Made once before a round, outside of the time.
	before func() error
}

type failure struct{ error }

// batch is how many different requests there are.
const batch = 256

// result is what one operation costs; those of all goroutines count together.
type result struct {
	nanoseconds float64
	// Of all processors: not disturbed by what else uses them.
	cpuNanoseconds float64
	allocations    float64
	// How many rounds were quiet, if only these count.
	quiet int
}

// rounds are what the rounds of a side have cost.
type rounds []result

// result is the least that the quiet rounds have seen, and if there was none, all of them. Of the
// processor time it is the median: a kernel may put some of it down a round later.
func (r rounds) result() result {
	counted := slices.DeleteFunc(slices.Clone(r), func(r result) bool { return r.quiet == 0 })
	quiet := len(counted)
	if quiet == 0 {
		counted = r
	}
	if len(counted) == 0 {
		return result{}
	}
	least := func(of func(result) float64, position int) float64 {
		var all []float64
		for _, r := range counted {
			all = append(all, of(r))
		}
		slices.Sort(all)
		return all[position]
	}
	return result{
		nanoseconds:    least(func(r result) float64 { return r.nanoseconds }, 0),
		cpuNanoseconds: least(func(r result) float64 { return r.cpuNanoseconds }, len(counted)/2),
		allocations:    least(func(r result) float64 { return r.allocations }, 0),
		quiet:          quiet,
	}
}

func (r rounds) quiet() (count int) {
	for _, round := range r {
		count += round.quiet
	}
	return count
}

// plan is how long and how often to measure.
type plan struct {
	duration time.Duration
	// Quiet rounds of each side, and rounds at most.
	wanted, most int
}

// inTurn measures the sides, one round of each after the other.
func (p plan) inTurn(sides []side, goroutines int) ([]result, error) {
	all := make([]rounds, len(sides))
	enough := func() bool {
		for i, side := range sides {
			if side.do != nil && all[i].quiet() < p.wanted {
				return false
			}
		}
		return true
	}
	for n := 0; n < p.most && !enough(); n++ {
		for i, side := range sides {
			if side.do == nil {
				continue
			}
			r, err := p.round(side, goroutines)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], r)
		}
	}
	results := make([]result, len(sides))
	for i := range all {
		results[i] = all[i].result()
	}
	return results, nil
}

// round does the work of a side with some goroutines for as long as the plan says.
func (p plan) round(s side, goroutines int) (result, error) {
	if s.before != nil {
		if err := s.before(); err != nil {
			return result{}, err
		}
	}
	every := s.every
	if every == 0 {
		every = batch
	}
	var (
		wait   sync.WaitGroup
		total  atomic.Int64
		failed atomic.Value
		memory [2]runtime.MemStats
	)
	runtime.ReadMemStats(&memory[0])
	machine := watch()
	end := machine.begun.Add(p.duration)
	for range goroutines {
		wait.Add(1)
		go func() {
			defer wait.Done()
			done := 0
			defer func() { total.Add(int64(done)) }()
			for {
				for request := range every {
					if err := s.do(request); err != nil {
						failed.Store(failure{err})
						return
					}
				}
				done += every
				if s.before != nil || !time.Now().Before(end) {
					return
				}
			}
		}()
	}
	wait.Wait()
	spent := machine.spent()
	runtime.ReadMemStats(&memory[1])
	if failed, ok := failed.Load().(failure); ok {
		return result{}, failed.error
	}
	r := result{
		nanoseconds:    float64(spent.clock) / float64(total.Load()),
		cpuNanoseconds: float64(spent.processors) / float64(total.Load()),
		allocations:    float64(memory[1].Mallocs-memory[0].Mallocs) / float64(total.Load()),
	}
	if spent.isQuiet() {
		r.quiet = 1
	}
	return r, nil
}
