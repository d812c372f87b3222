//go:build peerage_debug

package peerage

import "runtime"

// collectGarbage is called when C's memory is about to be used. With this build tag it makes what
// nothing keeps alive until then be freed there and then, and not once in a million runs.
func collectGarbage() {
	runtime.GC()
	for range 10 {
		runtime.Gosched()
	}
}
