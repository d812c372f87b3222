package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// side is one of those that take turns. The zero side is one that does not take part.
type side struct {
	// Does the work for one of so many requests.
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

// best is the least that two results have seen. A quiet round counts for more than any that is not.
func (r result) best(other result) result {
	switch {
	case r.nanoseconds == 0 || other.quiet > 0 && r.quiet == 0:
		return other
	case r.quiet > 0 && other.quiet == 0:
		return r
	}
	return result{
		nanoseconds:    min(r.nanoseconds, other.nanoseconds),
		cpuNanoseconds: min(r.cpuNanoseconds, other.cpuNanoseconds),
		allocations:    min(r.allocations, other.allocations),
		quiet:          r.quiet + other.quiet,
	}
}

// plan is how long and how often to measure.
type plan struct {
	duration time.Duration
	// Quiet rounds of each side, and rounds at most.
	wanted, most int
}

// inTurn measures the sides, one round of each after the other.
func (p plan) inTurn(sides []side, goroutines int) ([]result, error) {
	results := make([]result, len(sides))
	enough := func() bool {
		for i, side := range sides {
			if side.do != nil && results[i].quiet < p.wanted {
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
			results[i] = results[i].best(r)
		}
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
