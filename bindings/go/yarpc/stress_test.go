package yarpcpeers

import (
	"errors"
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
		Duration: 100 * time.Millisecond,
		// Far from what a choice takes, where all workers share one busy core too.
		Timeout:   20 * time.Second,
		LowStress: !churn,
		New: func(transport peer.Transport) peer.ChooserList {
			built, err := p.build(transport, Seed(1))
			if err != nil {
				t.Fatal(err)
			}
			list = built
			return stoppingList{list}
		},
	}.Run(heard)
	defer list.Close()
	if report.Choices == 0 || report.Updates == 0 {
		t.Errorf("%d choices, %d updates", report.Choices, report.Updates)
	}
	// The test ends while workers choose for the last time, and each may find the list stopped.
	allowed := 0
	if churn {
		allowed = workers
	}
	if len(heard.lines) > allowed {
		t.Errorf("%d errors, at most %d can be: %q", len(heard.lines), allowed, heard.lines)
	}
	for _, line := range heard.lines {
		if !strings.HasPrefix(line, "choose error: code:failed-precondition") || !strings.Contains(line, "is not running") {
			t.Error(line)
		}
	}
	// All were finished and released.
	if seen := list.chooser.Introspect(); len(seen.Peers) != 0 || len(list.Peers()) != 0 {
		t.Errorf("left over: %+v", seen.Peers)
	}
}

// stoppingList stops at the update with which the test ends, which removes all and adds nothing: choices
// that wait then need not wait for their deadlines.
type stoppingList struct{ *List }

func (l stoppingList) Update(updates peer.ListUpdates) error {
	err := l.List.Update(updates)
	if len(updates.Additions) > 0 {
		return err
	}
	return errors.Join(err, l.Stop())
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
