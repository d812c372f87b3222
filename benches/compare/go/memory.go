package main

import "runtime"

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

// heaps is what is in use of Go's heap and of C's.
func heaps() int64 {
	// Twice: what the first finds unreachable may have cleanups, which are over for the second.
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) + inC()
}
