package day

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
)

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
