package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// An operation chooses a peer for one of so many requests, and finishes it.
type operation func(request int) error

// result is what one operation costs; those of all goroutines count together.
type result struct {
	nanoseconds float64
	// Of all processors: not disturbed by who else wants them.
	cpuNanoseconds float64
	allocations    float64
}

// best is the least that two results have seen.
func (r result) best(other result) result {
	if r.nanoseconds == 0 {
		return other
	}
	return result{
		nanoseconds:    min(r.nanoseconds, other.nanoseconds),
		cpuNanoseconds: min(r.cpuNanoseconds, other.cpuNanoseconds),
		allocations:    min(r.allocations, other.allocations),
	}
}

// A goroutine looks at the clock after so many operations.
const batch = 256

type failure struct{ error }

func measure(op operation, goroutines int, duration time.Duration) (result, error) {
	var (
		wait   sync.WaitGroup
		total  atomic.Int64
		failed atomic.Value
		memory [2]runtime.MemStats
	)
	runtime.ReadMemStats(&memory[0])
	begun, spent := time.Now(), cpuTime()
	end := begun.Add(duration)
	for range goroutines {
		wait.Add(1)
		go func() {
			defer wait.Done()
			done := 0
			for time.Now().Before(end) {
				for request := range batch {
					if err := op(request); err != nil {
						failed.Store(failure{err})
						return
					}
				}
				done += batch
			}
			total.Add(int64(done))
		}()
	}
	wait.Wait()
	elapsed := time.Since(begun)
	spent = cpuTime() - spent
	runtime.ReadMemStats(&memory[1])
	if failed, ok := failed.Load().(failure); ok {
		return result{}, failed.error
	}
	operations := float64(total.Load())
	return result{
		nanoseconds:    float64(elapsed.Nanoseconds()) / operations,
		cpuNanoseconds: float64(spent.Nanoseconds()) / operations,
		allocations:    float64(memory[1].Mallocs-memory[0].Mallocs) / operations,
	}, nil
}

// cpuTime is what this process has spent so far.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
