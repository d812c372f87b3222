package yarpcpeers

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// What a list does when it is updated, started and stopped at once. The tests
// of YARPC's lists have the first two cases, but not these results each time.

func TestUpdatesThatMeetAStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.add("1"))
		together(3, func(i int) {
			if i == 0 {
				w.must(w.add("2"))
			} else {
				w.must(w.list.Start())
			}
		})
		w.online([]string{"1", "2"}, nil)
		w.asked([]string{"1", "2"}, nil)
	})
}

func TestUpdatesThatMeetAStop(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		together(3, func(i int) {
			if i == 0 {
				w.must(w.remove("2"))
			} else {
				w.must(w.list.Stop())
			}
		})
		w.knows("1")
		w.asked([]string{"1", "2"}, []string{"1", "2"})
	})
}

func TestStopEndsWaits(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		failed := make(chan error)
		go func() {
			_, _, err := w.list.Choose(ctx, nil)
			failed <- err
		}()
		w.must(w.list.Stop())
		select {
		case err := <-failed:
			if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeFailedPrecondition {
				t.Fatal(err)
			}
		case <-time.After(soon):
			t.Fatal("Choose waits for a list that has stopped")
		}
	})
}

// together runs a function n times at once.
func together(n int, run func(int)) {
	var wait sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		wait.Add(1)
		go func() {
			defer wait.Done()
			<-begin
			run(i)
		}()
	}
	close(begin)
	wait.Wait()
}
