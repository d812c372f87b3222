package day

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"
)

const (
	// soon is how long a test waits for what has to happen.
	soon = 20 * time.Second
	// brief is how long a call waits for a server that is gone.
	brief = 100 * time.Millisecond
)

// eventually waits until it holds. It asks again and again, as neither YARPC's
// status page nor its transports tell of a change.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within %v: %s", soon, what)
}

// The scenes wait more than they work, for gRPC's second before it connects
// again above all: several of them share a processor, unless told otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	processors := runtime.GOMAXPROCS(0)
	if parallel := flag.Lookup("test.parallel").Value; parallel.String() == strconv.Itoa(processors) {
		_ = parallel.Set(strconv.Itoa(4 * processors))
	}
	os.Exit(m.Run())
}
