package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Packages whose code is replaced by that in testdata; their tests stay as they are.
var replaced = []string{
	"peer/roundrobin", "peer/randpeer", "peer/tworandomchoices", "peer/pendingheap", "peer/hashring32", "peer/direct",
}

// Test files of the replaced packages that test what is inside YARPC's lists.
var internals = []string{"peer/pendingheap/heap_test.go"}

// skipped is a test that needs the program thriftrw, and no list.
const skipped = "^TestCodeIsUpToDate$"

// engine are the packages whose tests run once for each policy: the engine that YARPC's lists share, and
// what binds a list.
var engine = []string{"peer", "peer/abstractlist", "peer/peerlist", "peer/peerlist/v2"}

var policies = []string{"round-robin", "random", "two-random-choices", "fewest-pending-requests", "hashring32"}

// unused are packages whose tests link a list and make none.
var unused = map[string]string{
	"peer/hashring32/internal/farmhashring": "a hash function of YARPC's",
	"peer/hashring32/internal/hashring32":   "YARPC's ring",
	"peer/hashring32/internal/radixsort32":  "YARPC's sorting",
	"peer/x/peerheap":                       "a deprecated list of YARPC's with its own engine, which stays",
}

// An edit is made in a copy of a test file, everywhere in it.
type edit struct{ file, old, new string }

// An error of Choose has to have the code and the text that YARPC's has, but not its structure: those of
// peerage wrap the error of the context.
//
// The engine's tests make their list of an engine and an implementation of the test's own, "mra". Here
// newPeerage (in testdata) makes it of a policy. What that implementation does, which is to choose the peer that
// was added last, and to remember the one that is gone, is not looked at.
var edits = func() []edit {
	all := []edit{
		{
			"api/peer/peertest/peerlistaction.go",
			"assert.Equal(t, a.ExpectedErr, err)\n\t\treturn",
			"assert.EqualError(t, err, a.ExpectedErr.Error())\n\t\treturn",
		},
		{"peer/bind_test.go", "peerheap.New(transport)", `seen.New(os.Getenv("PEERAGE_POLICY"), transport)`},
		{"peer/bind_test.go", `"go.uber.org/yarpc/peer/x/peerheap"`, `"go.uber.org/yarpc/peerage/seen"; "os"`},
	}
	for _, dir := range engine[1:] {
		file := dir + "/list_test.go"
		all = append(all,
			edit{file, "list := New(", "list := newPeerage("},
			edit{file, `"mra"`, "policy"},
			edit{file, `assert.Equal(t, "2.2.2.2:4040", impl.mrr.Identifier())`, ""},
			edit{file, `assert.Equal(t, "1.1.1.1:4040", p.Identifier())`, ""})
	}
	return all
}()

func (e edit) make(root string) error {
	path := filepath.Join(root, e.file)
	before, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	after := strings.ReplaceAll(string(before), e.old, e.new)
	if after == string(before) {
		return fmt.Errorf("%s does not hold %q: this version of YARPC needs other edits", path, e.old)
	}
	return os.WriteFile(path, []byte(after), 0o644)
}
