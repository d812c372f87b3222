package main

import "math/bits"

// histogram counts durations in nanoseconds: exact below fine, and above it with an error of at most 1 in 64.
type histogram struct {
	counts []uint64
	total  uint64
}

// fine is a power of two, and so is the number of steps that each doubling above it has.
const (
	fine  = 1 << 12
	steps = 1 << 6
)

func newHistogram() *histogram {
	return &histogram{counts: make([]uint64, fine+(64-bits.Len(fine)+1)*steps)}
}

func (h *histogram) add(nanoseconds int64) {
	h.counts[place(uint64(max(nanoseconds, 0)))]++
	h.total++
}

func place(n uint64) int {
	if n < fine {
		return int(n)
	}
	doublings := bits.Len64(n) - bits.Len(fine)
	return fine + doublings*steps + int(n>>(bits.Len64(n)-bits.Len(steps)))&(steps-1)
}

// at is the least duration that was counted in this place.
func at(place int) float64 {
	if place < fine {
		return float64(place)
	}
	doublings, step := (place-fine)/steps, (place-fine)%steps
	return float64(uint64(steps+step) << (doublings + bits.Len(fine) - bits.Len(steps)))
}

// percentile is the duration that this share of all did not exceed; 0 if there is none.
func (h *histogram) percentile(share float64) float64 {
	wanted, seen := share*float64(h.total), 0.0
	for place, count := range h.counts {
		if seen += float64(count); count != 0 && seen >= wanted {
			return at(place)
		}
	}
	return 0
}
