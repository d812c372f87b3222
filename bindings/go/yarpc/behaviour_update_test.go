package yarpcpeers

import (
	"errors"
	"testing"

	"go.uber.org/multierr"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// What every list of YARPC answers to an update, and which of the update it
// has done all the same.

func TestUpdateRetainError(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("retain failed")
		w := newWorld(t, p, yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"1"})))
		w.must(w.list.Start())
		if err := w.add("1"); err != failure {
			t.Fatalf("%v, want the transport's error as it is", err)
		}
		w.knows()
		w.fails(yarpcerrors.CodeUnavailable, "has no peers")
		if !w.list.IsRunning() {
			t.Fatal("not running")
		}
	})
}

func TestUpdateRetainErrors(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("retain failed")
		fake := yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"1", "2"}))
		w := newWorld(t, p, fake)
		w.must(w.list.Start())
		if errs := multierr.Errors(w.add("1", "2", "3")); len(errs) != 2 || errs[0] != failure || errs[1] != failure {
			t.Fatal(errs)
		}
		w.chooses("3")
		w.knows("3")
	})
}

func TestStartRetainError(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("retain failed")
		w := newWorld(t, p, yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"2"})))
		w.must(w.add("1", "2"))
		is(t, w.list.Start(), failure)
		w.asked([]string{"1"}, []string{"1"})
		w.knows("1", "2")
		w.must(w.remove("2"))
		w.must(w.list.Start())
		w.chooses("1")
	})
}

func TestStartThenAdd(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.must(w.add("2"))
		w.chooses("1", "2")
	})
}

func TestStartRemove(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		w.must(w.remove("1"))
		w.asked([]string{"1", "2"}, []string{"1"})
		w.chooses("2")
	})
}

func TestAddManyAndRemoveMany(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2", "3-r", "4-r")
		w.must(w.add("5-a-r", "6-a-r", "7-a", "8-a"))
		w.must(w.remove("5-a-r", "6-a-r", "3-r", "4-r"))
		w.chooses("1", "2", "7-a", "8-a")
	})
}

func TestShuffleIsRepeatable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		order := func(seed int64) (names string) {
			list, err := p.build(yarpctest.NewFakeTransport(), Seed(seed))
			if err != nil {
				t.Fatal(err)
			}
			defer list.Close()
			w := &world{t: t, policy: p, list: list}
			w.must(list.Start())
			w.must(w.add("1", "2", "3", "4", "5", "6", "7", "8"))
			for range 8 {
				names += w.choose()
			}
			return names
		}
		if a, b := order(5), order(5); a != b {
			t.Fatalf("%s and %s for one seed", a, b)
		}
		if p.rotates && order(5) == "12345678" && order(6) == "12345678" {
			t.Fatal("no shuffle")
		}
	})
}

func TestAddRetainError(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("retain failed")
		w := newWorld(t, p, yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"3"})))
		w.must(w.list.Start())
		w.must(w.add("1", "2"))
		is(t, w.add("3"), failure)
		w.chooses("1", "2")
	})
}

func TestAddDuplicate(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		if err := w.add("2"); err != peer.ErrPeerAddAlreadyInList("2") {
			t.Fatal(err)
		}
		w.chooses("1", "2")
		w.asked([]string{"1", "2"}, nil)
	})
}

func TestAddTwiceInOneUpdate(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		if err := w.add("1", "1"); err != peer.ErrPeerAddAlreadyInList("1") {
			t.Fatal(err)
		}
		w.chooses("1")
	})
}

func TestRemoveNotInList(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		if err := w.remove("3"); err != peer.ErrPeerRemoveNotInList("3") {
			t.Fatal(err)
		}
		w.chooses("1", "2")
	})
}

func TestRemoveNotInListBeforeStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.add("1", "2"))
		if err := w.remove("3"); err != peer.ErrPeerRemoveNotInList("3") {
			t.Fatal(err)
		}
		w.knows("1", "2")
	})
}

func TestRemoveReleaseError(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("release failed")
		w := newWorld(t, p, yarpctest.NewFakeTransport(yarpctest.ReleaseErrors(failure, []string{"2"})))
		w.must(w.list.Start())
		w.must(w.add("1", "2"))
		if err := w.remove("2"); err != failure {
			t.Fatalf("%v, want the transport's error as it is", err)
		}
		w.knows("1")
		w.chooses("1")
	})
}

func TestErrorsOfOneUpdateComeTogether(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		failure := errors.New("retain failed")
		w := newWorld(t, p, yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"4"})))
		w.must(w.list.Start())
		w.must(w.add("1"))
		err := w.list.Update(peer.ListUpdates{Removals: ids("9"), Additions: ids("1", "4", "5")})
		is(t, err, peer.ErrPeerRemoveNotInList("9"), peer.ErrPeerAddAlreadyInList("1"), failure)
		w.knows("1", "5")
		w.chooses("1", "5")
	})
}

func TestRemovedAndAddedInOneUpdateStays(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.must(w.list.Update(peer.ListUpdates{Removals: ids("1"), Additions: ids("1")}))
		w.asked([]string{"1"}, nil)
		w.chooses("1")
	})
}

func TestEmptyUpdate(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.must(w.list.Update(peer.ListUpdates{}))
		w.chooses("1")
	})
}
