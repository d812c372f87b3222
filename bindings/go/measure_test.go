//go:build peerage_measure && linux

package peerage_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"peerage.dev/go"
)

const (
	rounds   = 2_000
	requests = 1_000
)

// TestMeasure prints what a choice and its finish cost: the best of many short rounds, so that
// other work on the machine matters little. With two goroutines, each on a core of its own, only
// those rounds count in which both were at work for nine tenths of the time: without that the best
// round is one in which they took turns. In parentheses: how many rounds counted.
func TestMeasure(t *testing.T) {
	for _, policy := range []string{
		"round-robin", "random", "two-random-choices", "fewest-pending-requests", "hashring32",
		"two-random-choices:errors=on", "least-loaded", "least-latency",
	} {
		for _, peers := range []int{10, 1_000, 10_000} {
			chooser := running(t, &fake{}, policy, names(peers))
			line := fmt.Sprintf("%-28s %6d peers", policy, peers)
			for _, goroutines := range []int{1, 2} {
				best, counted := measure(chooser, goroutines)
				line += fmt.Sprintf("   %d: %6.1f ns (%d)", goroutines, best, counted)
			}
			fmt.Println(line)
		}
	}
}

// measure returns nanoseconds for each request, and how many rounds counted.
func measure(chooser *peerage.Chooser, goroutines int) (best float64, counted int) {
	best = 1e9
	for range rounds {
		var ready atomic.Int32
		var all sync.WaitGroup
		begin, end := make([]time.Time, goroutines), make([]time.Time, goroutines)
		for n := range goroutines {
			all.Add(1)
			go func() {
				defer all.Done()
				runtime.LockOSThread() // and never unlocked: the thread goes, with its mask
				mask := uint64(1) << n
				syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask),
					uintptr(unsafe.Pointer(&mask)))
				ctx, request := context.Background(), &peerage.Request{ShardKey: "user-42"}
				ready.Add(1)
				for ready.Load() < int32(goroutines) {
				}
				begin[n] = time.Now()
				for range requests {
					pick, _ := chooser.Choose(ctx, request)
					pick.Finish(nil)
				}
				end[n] = time.Now()
			}()
		}
		all.Wait()
		first, last, together, apart := begin[0], end[0], begin[0], end[0]
		for n := range goroutines {
			first, last = earlier(first, begin[n]), later(last, end[n])
			together, apart = later(together, begin[n]), earlier(apart, end[n])
		}
		if took := last.Sub(first); apart.Sub(together) > took*9/10 {
			counted++
			best = min(best, float64(took.Nanoseconds())/float64(requests*goroutines))
		}
	}
	return best, counted
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
