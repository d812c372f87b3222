package main

import (
	"errors"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// wake is how long it takes from the push that makes a list's only peer available until the last goroutine that waited
// for one has chosen it and has ended its request; beside it, a sync.Cond.
func (r *run) wake() error {
	sides := []*side{ours("round-robin"), yarpcRoundRobin, condvar}
	if len(r.matches) == 1 && r.matches[0].policy != "round-robin" {
		return nil
	}
	lists := make([]list, len(sides))
	defer func() {
		for _, list := range lists {
			if list != nil {
				list.close()
			}
		}
	}()
	for i, side := range sides {
		var err error
		if lists[i], err = side.filled(1); err != nil {
			return err
		}
		lists[i].set(0, false)
	}
	for _, waiters := range r.waiters {
		pushes := max(1, 50/waiters)
		all, err := inTurn(r.turns, sides, func(i int) (map[string]float64, error) {
			took := make([]float64, pushes)
			for n := range took {
				var err error
				if took[n], err = woken(lists[i], waiters); err != nil {
					return nil, err
				}
			}
			slices.Sort(took)
			return map[string]float64{"wake-us": took[len(took)/2]}, nil
		})
		if err != nil {
			return err
		}
		for i, side := range sides {
			all[i].print(r, "wake", side, waiters, waiters, "wake-us")
		}
	}
	return nil
}

// woken has so many goroutines wait for the peer, and pushes its status; in microseconds.
func woken(l list, waiters int) (float64, error) {
	var (
		entered atomic.Int64
		failed  atomic.Pointer[error]
		wait    sync.WaitGroup
	)
	for waiter := range waiters {
		wait.Go(func() {
			entered.Add(1)
			if err := l.once(waiter % batch); err != nil {
				failed.Store(&err)
			}
		})
	}
	if err := untilAllWait(&entered, waiters); err != nil {
		return 0, err
	}
	begun := time.Now()
	l.set(0, true)
	wait.Wait()
	took := time.Since(begun)
	l.set(0, false)
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(took.Nanoseconds()) / 1e3, nil
}

// untilAllWait returns when so many goroutines have entered, and none but this one runs, or could, or is in C.
func untilAllWait(entered *atomic.Int64, waiters int) error {
	samples := []metrics.Sample{
		{Name: "/sched/goroutines/running:goroutines"},
		{Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/goroutines/not-in-go:goroutines"},
	}
	for begun := time.Now(); time.Since(begun) < time.Minute; runtime.Gosched() {
		if entered.Load() < int64(waiters) {
			continue
		}
		metrics.Read(samples)
		if samples[0].Value.Uint64() <= 1 && samples[1].Value.Uint64() == 0 && samples[2].Value.Uint64() == 0 {
			return nil
		}
	}
	return errors.New("not all goroutines came to wait within a minute")
}

// condvar is Go's own condition variable, with a flag.
var condvar = &side{name: "condvar", policy: "sync.Cond", waits: true, open: func(int) (list, error) {
	c := &condition{}
	c.changed.L = &c.mu
	return c, nil
}}

type condition struct {
	mu      sync.Mutex
	changed sync.Cond
	ready   bool
}

func (c *condition) once(int) error {
	c.mu.Lock()
	for !c.ready {
		c.changed.Wait()
	}
	c.mu.Unlock()
	return nil
}

func (c *condition) set(_ int, available bool) {
	c.mu.Lock()
	c.ready = available
	c.mu.Unlock()
	c.changed.Broadcast()
}

func (*condition) update([]int, []int) error { return nil }
func (*condition) close()                    {}
