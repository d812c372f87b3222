package peerage_test

import (
	"context"
	"log/slog"
	"runtime"
	"testing"

	"peerage.dev/go"
)

// settle collects garbage until C holds no more handles than before.
func settle(t *testing.T, before int64) {
	t.Helper()
	eventually(t, "C gives back what it holds", func() bool {
		runtime.GC()
		return peerage.Handles() <= before
	})
}

func TestClosedChoosersAreFreed(t *testing.T) {
	before := peerage.Handles()
	for range 50 {
		for _, policy := range policies {
			chooser, err := peerage.NewChooser(&fake{}, policy, peerage.WithLog(slog.DiscardHandler))
			must(t, err)
			must(t, chooser.Start())
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(3)...)}))
			choose(t, chooser, nil)
			must(t, chooser.Close())
		}
	}
	settle(t, before)
}

func TestForgottenChoosersAreFreed(t *testing.T) {
	before := peerage.Handles()
	transport := &fake{}
	shared, err := peerage.NewSharedTransport(transport)
	must(t, err)
	func() {
		for range 20 {
			chooser, err := shared.NewChooser("", peerage.WithCustomPolicy(&turns{}))
			must(t, err)
			must(t, chooser.Start())
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(3)...)}))
			choose(t, chooser, nil)
		}
	}()
	eventually(t, "the peers are released", func() bool {
		runtime.GC()
		retained, released := transport.counts()
		return retained == released
	})
	must(t, shared.Close())
	settle(t, before)
	if err := transport.peer(names(1)[0]).SetStatus(peerage.Available); err == nil {
		t.Fatal("a released peer took a status")
	}
}

func TestForgottenTransportsAreFreed(t *testing.T) {
	before := peerage.Handles()
	func() {
		shared, err := peerage.NewSharedTransport(&fake{})
		must(t, err)
		_, err = shared.NewChooser("random")
		must(t, err)
	}()
	settle(t, before)
}

// A call is all that refers to its chooser while it runs.
func TestCallsKeepTheirChooserAlive(t *testing.T) {
	last := map[string]func(*peerage.Chooser) error{
		"Choose": func(c *peerage.Chooser) error {
			pick, err := c.Choose(context.Background(), &peerage.Request{ShardKey: "k"})
			pick.Finish(nil)
			return err
		},
		"Start":      (*peerage.Chooser).Start,
		"Update":     func(c *peerage.Chooser) error { return c.Update(peerage.Updates{Add: peerage.Members("x")}) },
		"IsRunning":  func(c *peerage.Chooser) error { _ = c.IsRunning(); return nil },
		"Stats":      func(c *peerage.Chooser) error { _ = c.Stats(); return nil },
		"Introspect": func(c *peerage.Chooser) error { _ = c.Introspect(); return nil },
		"Stop":       (*peerage.Chooser).Stop,
		"Close":      (*peerage.Chooser).Close,
	}
	for name, call := range last {
		for _, policy := range policies {
			chooser, err := peerage.NewChooser(&fake{}, policy)
			must(t, err)
			must(t, chooser.Start())
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(2)...)}))
			if err := call(chooser); err != nil {
				t.Fatalf("%s, %s: %v", policy, name, err)
			}
		}
	}
}

// A transport that knows its chooser would keep it alive, but for the Close.
func TestCloseBreaksCycles(t *testing.T) {
	before := peerage.Handles()
	func() {
		transport := &fake{}
		chooser := running(t, transport, "random", nil)
		transport.onRetain = func(*peerage.Peer) error { _ = chooser.IsRunning(); return nil }
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(3)...)}))
		must(t, chooser.Close())
	}()
	settle(t, before)
}

func TestFailedChoosersLeaveNothing(t *testing.T) {
	before := peerage.Handles()
	for range 10 {
		_, err := peerage.NewChooser(&fake{}, "no-such-policy", peerage.WithLog(slog.DiscardHandler))
		wants(t, err, peerage.ErrInvalidArgument)
		_, err = peerage.NewChooser(&fake{}, "random", peerage.WithCustomPolicy(&turns{}))
		wants(t, err, peerage.ErrInvalidArgument)
		_, err = peerage.NewChooser(&fake{}, "", peerage.WithCustomPolicy(&turns{}), peerage.WithDefaultTimeout(-2))
		wants(t, err, peerage.ErrInvalidArgument)
	}
	settle(t, before)
}

func TestPicksOutliveEverything(t *testing.T) {
	before := peerage.Handles()
	transport := &fake{}
	picks := func() (picks []peerage.Pick) {
		for _, policy := range policies {
			chooser, err := peerage.NewChooser(transport, policy)
			must(t, err)
			must(t, chooser.Start())
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
			pick, err := chooser.TryChoose(nil)
			must(t, err)
			must(t, chooser.Close())
			picks = append(picks, pick)
		}
		return
	}()
	for range 5 {
		runtime.GC()
	}
	for i := range picks {
		equal(t, "peer", picks[i].Peer().ID(), "a")
		picks[i].Finish(nil)
	}
	retained, released := transport.counts()
	equal(t, "released", released, retained)
	settle(t, before)
}
