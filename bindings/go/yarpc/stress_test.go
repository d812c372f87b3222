package yarpcpeers

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpctest"
)

// YARPC's own stress test of a list: 63 peers come, go, connect and disconnect as fast as they can, while
// workers choose. Without churn all of them are there all the time.
func TestListStress(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		for _, workers := range []int{1, 100} {
			t.Run(fmt.Sprintf("churn, %d workers", workers), func(t *testing.T) { stress(t, p, workers, true) })
			t.Run(fmt.Sprintf("no churn, %d workers", workers), func(t *testing.T) { stress(t, p, workers, false) })
		}
	})
}

func stress(t *testing.T, p policy, workers int, churn bool) {
	var list *List
	heard := &errorLog{}
	report := yarpctest.ListStressTest{
		Workers:  workers,
		Duration: 200 * time.Millisecond,
		// Far from what a choice takes, on a busy machine too.
		Timeout:   2 * time.Second,
		LowStress: !churn,
		New: func(transport peer.Transport) peer.ChooserList {
			built, err := p.build(transport, Seed(1))
			if err != nil {
				t.Fatal(err)
			}
			list = built
			return list
		},
	}.Run(heard)
	defer list.Close()
	if report.Choices == 0 || report.Updates == 0 {
		t.Errorf("%d choices, %d updates", report.Choices, report.Updates)
	}
	// The test removes every peer while the workers choose for the last time, and then each may wait in vain.
	allowed := 0
	if churn {
		allowed = workers
	}
	if len(heard.lines) > allowed {
		t.Errorf("%d errors, at most %d can be: %q", len(heard.lines), allowed, heard.lines)
	}
	for _, line := range heard.lines {
		if !strings.HasPrefix(line, "choose error: code:unavailable") ||
			!strings.Contains(line, "has no peers, waited for peers to be added but timed out") {
			t.Error(line)
		}
	}
	// All were finished and released.
	if seen := list.chooser.Introspect(); len(seen.Peers) != 0 || len(list.Peers()) != 0 {
		t.Errorf("left over: %+v", seen.Peers)
	}
}

// errorLog is what the stress test says, which are errors only.
type errorLog struct {
	mu    sync.Mutex
	lines []string
}

func (l *errorLog) Logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, strings.TrimSpace(fmt.Sprintf(format, args...)))
}
