package day

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/yarpc/yarpcerrors"
)

// What a file says of a list is done.
func TestFileSays(t *testing.T) {
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		nowhere := "        peers: [" + unserved(t) + "]\n"
		c := configure(t, n, p.name, nowhere+"        defaultChooseTimeout: 30ms\n", p.register)
		// The context of a call has a deadline, and goes before the default.
		begin := time.Now()
		_, err := c.call(60 * time.Millisecond)
		c.isList(err, yarpcerrors.CodeUnavailable, "", nil)
		if took := time.Since(begin); took < 59*time.Millisecond {
			t.Errorf("failed after %v, want the 60ms of the context", took)
		}
		c.finished()
		if p.name == ring.name {
			return // A ring's file has no failFast.
		}

		c = configure(t, n, p.name, nowhere+"        failFast: true\n", p.register)
		begin = time.Now()
		_, err = c.call(soon)
		c.isList(err, yarpcerrors.CodeUnavailable, "", nil)
		if took := time.Since(begin); took > soon/2 {
			t.Errorf("failed after %v, want at once", took)
		}
		c.finished()
	})
}

// What a file says wrong is refused when it is loaded, by the words of the file.
func TestFileIsRefused(t *testing.T) {
	for _, wrong := range []struct {
		policy policy
		line   string
		says   string
	}{
		{policies[0], "capacity: 0", "Capacity must be greater than 0. Got: 0."},
		{policies[0], "failFats: true", "failFats"},
		{policies[0], "failFast: perhaps", "failFast"},
		{policies[3], "defaultChooseTimeout: soon", "defaultChooseTimeout"},
		{policies[3], "defaultChooseTimeout: -1s", "defaultChooseTimeout"},
		{ring, "numReplicas: 100000", "numReplicas"},
		{ring, "numReplicas: -1", "numReplicas"},
		{ring, "offsetGeneratorValue: 1000", "offsetGeneratorValue"},
		{ring, "replicas: 5", "replicas"},
	} {
		everyNetwork(t, func(t *testing.T, n network) {
			dispatcher, err := load(n, wrong.policy.name,
				"        peers: ["+unserved(t)+"]\n        "+wrong.line+"\n", wrong.policy.register)
			if dispatcher != nil || err == nil {
				t.Fatalf("%s: %s is loaded", wrong.policy.name, wrong.line)
			}
			if !strings.Contains(err.Error(), wrong.says) {
				t.Errorf("%s: %s: %v\nwant something of %q", wrong.policy.name, wrong.line, err, wrong.says)
			}
		})
	}
}
