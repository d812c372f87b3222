package main

import (
	"runtime"
	"time"
)

// memory is what a list takes for each peer, in Go's heap and in C's. Names were made before and what they take is not
// counted, but copies that a side makes of them are; a transport's own peers are not counted either, as far as they
// are not the library's.
func (r *run) memory() error {
	for _, m := range r.matches {
		for _, side := range m.sides {
			if !m.all || !side.can(r.many) {
				continue
			}
			list, err := side.open(r.many)
			if err != nil {
				return err
			}
			all := numbers(r.many)
			before := heaps()
			err = list.update(all, nil)
			grown := heaps() - before
			list.close()
			if err != nil {
				return err
			}
			r.line("memory", side, r.many, 1, "bytes", float64(grown)/float64(r.many))
		}
	}
	return nil
}

// heaps is what is in use of Go's heap and of C's, once the last list is gone: a part of it is given back by goroutines
// that the collector starts.
func heaps() int64 {
	lowest, same := inUse(), 0
	for begun := time.Now(); same < 5 && time.Since(begun) < 10*time.Second; time.Sleep(2 * time.Millisecond) {
		if now := inUse(); now < lowest-1_000 {
			lowest, same = now, 0
		} else {
			same++
		}
	}
	return lowest
}

func inUse() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) + inC()
}
