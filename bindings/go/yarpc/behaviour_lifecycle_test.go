package yarpcpeers

import (
	"errors"
	"testing"

	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// What every list of YARPC does as it starts and stops, and as it is filled
// before and after.

const notRunningText = "peer list is not running"

func TestSetup(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.online([]string{"1"}, nil)
		if !w.list.IsRunning() {
			t.Fatal("not running")
		}
	})
}

func TestSetupWithDisconnected(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.unavailable("2")
		w.must(w.add("1", "2"))
		w.online([]string{"1"}, []string{"2"})
	})
}

func TestStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.chooses("1")
	})
}

func TestStartStop(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.list.Start())
		w.unavailable("7", "8", "9")
		all := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
		w.must(w.add(all...))
		w.must(w.list.Stop())
		w.asked(all, all)
		w.knows(all...)
		w.online(nil, nil)
		w.fails(yarpcerrors.CodeFailedPrecondition, `"`+p.name+`" `+notRunningText+
			`: could not wait for instance to start running: current state is "stopped"`)
		if w.list.IsRunning() {
			t.Fatal("still running")
		}
	})
}

func TestStartManyAndChoose(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		started(t, p, "1", "2", "3", "4", "5", "6").chooses("1", "2", "3", "4", "5", "6")
	})
}

func TestStartIsIdempotent(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.must(w.list.Start())
		w.must(w.list.Start())
		w.chooses("1")
		w.asked([]string{"1"}, nil)
	})
}

func TestStopWithoutStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.list.Stop())
		w.must(w.add("1"))
		w.knows("1")
		w.asked(nil, nil)
		w.fails(yarpcerrors.CodeFailedPrecondition, notRunningText)
	})
}

func TestStartAfterStopFails(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.list.Stop())
		err := w.list.Start()
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeFailedPrecondition {
			t.Fatalf("Start after Stop: %v", err)
		}
	})
}

func TestStopReportsReleaseErrors(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("release failed")
		fake := yarpctest.NewFakeTransport(yarpctest.ReleaseErrors(failure, []string{"1", "2"}))
		w := newWorld(t, p, fake)
		w.must(w.list.Start())
		w.must(w.add("1", "2", "3"))
		err := w.list.Stop()
		is(t, err, failure)
		if err.Error() != "release failed; release failed" {
			t.Fatalf("%q", err)
		}
		w.asked([]string{"1", "2", "3"}, []string{"1", "2", "3"})
		w.knows("1", "2", "3")
	})
}

func TestStopIsIdempotent(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("release failed")
		fake := yarpctest.NewFakeTransport(yarpctest.ReleaseErrors(failure, []string{"1"}))
		w := newWorld(t, p, fake)
		w.must(w.list.Start())
		w.must(w.add("1"))
		together(3, func(int) {
			if err := w.list.Stop(); !errors.Is(err, failure) {
				t.Errorf("Stop: %v", err)
			}
		})
		w.asked([]string{"1"}, []string{"1"})
	})
}

func TestChooseBeforeStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		for range 2 {
			w.fails(yarpcerrors.CodeFailedPrecondition,
				`context finished while waiting for instance to start: context deadline exceeded`)
		}
	})
}

func TestUpdateBeforeStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.add("1", "2"))
		w.must(w.remove("1"))
		w.knows("2")
		w.asked(nil, nil)
		w.must(w.list.Start())
		w.asked([]string{"2"}, nil)
		w.chooses("2")
		w.must(w.list.Stop())
		w.knows("2")
	})
}

func TestUpdateAfterStop(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		w.must(w.list.Stop())
		w.must(w.add("3"))
		w.must(w.remove("1"))
		w.knows("2", "3")
		w.asked([]string{"1", "2"}, []string{"1", "2"})
	})
}

func TestChooseWaitsForTheStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.add("1"))
		chosen := make(chan string)
		go func() { chosen <- w.choose() }()
		w.must(w.list.Start())
		if got := <-chosen; got != "1" {
			t.Fatal(got)
		}
	})
}

func TestStartWithAvailableAndUnavailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.unavailable("3", "4")
		w.must(w.add("1", "2", "3", "4"))
		w.must(w.list.Start())
		w.online([]string{"1", "2"}, []string{"3", "4"})
		w.must(w.list.Stop())
		w.asked([]string{"1", "2", "3", "4"}, []string{"1", "2", "3", "4"})
		w.knows("1", "2", "3", "4")
	})
}
