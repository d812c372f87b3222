package main

import (
	"sync"
	"time"
)

type phase int

const (
	going phase = iota
	paused
	ended
)

// stage is the goroutines, which pause and go on together.
type stage struct {
	lock    sync.Mutex
	changed sync.Cond
	phase   phase
	all     int
	// paused is how many have, and tally what those have counted that have.
	paused int
	tally  tally
	done   sync.WaitGroup
}

func newStage(w *work, threads int) *stage {
	s := &stage{all: threads, tally: w.newTally()}
	s.changed.L = &s.lock
	for number := range threads {
		s.done.Add(1)
		go func() {
			defer s.done.Done()
			s.run(newCaller(w, uint64(number)), w.every)
		}()
	}
	return s
}

// run makes calls, with a pause until the next is due.
func (s *stage) run(caller *caller, every time.Duration) {
	due := time.Now()
	for {
		s.lock.Lock()
		if s.phase == paused {
			counted := caller.pause()
			s.tally.add(&counted)
			s.paused++
			s.changed.Broadcast()
			for s.phase == paused {
				s.changed.Wait()
			}
			s.paused--
			due = time.Now()
		}
		now := s.phase
		s.lock.Unlock()
		if now == ended {
			return
		}
		caller.call()
		due = due.Add(every)
		if left := time.Until(due); left > 0 {
			time.Sleep(left)
		} else {
			due = time.Now() // what was missed while servers were stopped is not made up for
		}
	}
}

// pause returns what was counted, when no goroutine has a request or a connection.
func (s *stage) pause() tally {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.phase = paused
	for s.paused < s.all {
		s.changed.Wait()
	}
	return s.tally
}

func (s *stage) goOn(to phase) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.phase = to
	s.changed.Broadcast()
}

func (s *stage) end() {
	s.goOn(ended)
	s.done.Wait()
}
