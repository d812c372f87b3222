package peerage_test

import (
	"strings"
	"testing"

	"peerage.dev/go"
)

var policies = []string{
	"round-robin", "random", "two-random-choices", "fewest-pending-requests",
	"hashring32:replicas=10", "single",
}

func TestLifeCycle(t *testing.T) {
	for _, policy := range policies {
		t.Run(policy, func(t *testing.T) {
			transport := &fake{}
			chooser, err := peerage.NewChooser(transport, policy)
			must(t, err)
			equal(t, "running before Start", chooser.IsRunning(), false)
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a", "b", "c")}))
			_, err = chooser.TryChoose(nil)
			wants(t, err, peerage.ErrNotRunning)

			must(t, chooser.Start())
			must(t, chooser.Start())
			equal(t, "running after Start", chooser.IsRunning(), true)
			pick, err := chooser.Choose(soon(t), &peerage.Request{ShardKey: "key"})
			must(t, err)
			equal(t, "pending", chooser.Stats().Pending, 1)
			if id := pick.Peer().ID(); !strings.Contains("abc", id) {
				t.Fatalf("chose %q", id)
			}
			must(t, chooser.Update(peerage.Updates{Remove: []string{"a", "b", "c"}}))
			_, released := transport.counts()
			equal(t, "released while a request is in flight", released, 2)
			pick.Finish(nil)
			pick.Finish(nil)
			_, released = transport.counts()
			equal(t, "released after it", released, 3)

			must(t, chooser.Stop())
			must(t, chooser.Stop())
			equal(t, "running after Stop", chooser.IsRunning(), false)
			wants(t, chooser.Start(), peerage.ErrStopped)
			must(t, chooser.Close())
			must(t, chooser.Close())
		})
	}
}

func TestClosedChooser(t *testing.T) {
	chooser := running(t, &fake{}, "random", names(2))
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	must(t, chooser.Close())

	_, err = chooser.TryChoose(nil)
	wants(t, err, peerage.ErrStopped)
	_, err = chooser.Choose(soon(t), nil)
	wants(t, err, peerage.ErrStopped)
	wants(t, chooser.Start(), peerage.ErrStopped)
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members("x")}), peerage.ErrStopped)
	must(t, chooser.Stop())
	equal(t, "stats", counts(chooser.Stats()), peerage.Stats{State: peerage.Stopped})
	equal(t, "peers", len(chooser.Introspect().Peers), 0)
	if pick.Peer() == nil {
		t.Fatal("a pick outlives its chooser")
	}
	pick.Finish(nil)
}

func TestUpdateReportsWhatItCouldNotDo(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "round-robin", []string{"a"})
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members("a", "b")}), peerage.ErrAlreadyInList)
	wants(t, chooser.Update(peerage.Updates{Remove: []string{"x", "a"}}), peerage.ErrNotInList)
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members("\xff")}), peerage.ErrInvalidUTF8)
	equal(t, "peers", chooser.Stats().Peers, 1)
	must(t, chooser.Update(peerage.Updates{}))
}

func TestOptionsThatAreWrong(t *testing.T) {
	for _, test := range []struct {
		policy string
		opts   []peerage.Option
	}{
		{policy: ""},
		{policy: "no-such-policy"},
		{policy: "random", opts: []peerage.Option{peerage.WithCustomPolicy(&turns{})}},
		{policy: "random", opts: []peerage.Option{peerage.WithDefaultTimeout(-5)}},
		{policy: "random", opts: []peerage.Option{peerage.WithDefaultTimeout(-2)}},
		{policy: "random", opts: []peerage.Option{peerage.WithOptions("timeout")}},
	} {
		_, err := peerage.NewChooser(&fake{}, test.policy, test.opts...)
		wants(t, err, peerage.ErrInvalidArgument)
	}
	if _, err := peerage.NewChooser(nil, "random"); err == nil {
		t.Fatal("a chooser without a transport")
	}
}

func TestSeedAndShuffle(t *testing.T) {
	order := func(opts ...peerage.Option) string {
		chooser := running(t, &fake{}, "round-robin", strings.Split("abcdefghij", ""), opts...)
		ids := ""
		for range 10 {
			pick, err := chooser.TryChoose(nil)
			must(t, err)
			ids += pick.Peer().ID()
			pick.Finish(nil)
		}
		return ids
	}
	equal(t, "not shuffled", order(peerage.WithShuffle(false)), "abcdefghij")
	seeded := order(peerage.WithSeed(7))
	equal(t, "with the same seed", order(peerage.WithSeed(7)), seeded)
	if seeded == "abcdefghij" {
		t.Fatal("not shuffled")
	}
}

func TestIntrospection(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "round-robin", []string{"b", "a"}, peerage.WithName("users"))
	must(t, transport.peer("b").SetStatus(peerage.Connecting))
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	defer pick.Finish(nil)

	status := chooser.Introspect()
	equal(t, "name", status.Name, "users")
	equal(t, "peers", len(status.Peers), 2)
	equal(t, "a", shape(status.Peers[0]), peerage.PeerStatus{ID: "a", Weight: 1, Status: peerage.Available, Pending: 1})
	equal(t, "b", shape(status.Peers[1]), peerage.PeerStatus{
		ID: "b", Weight: 1, Status: peerage.Connecting, Reasons: peerage.Reasons(peerage.NotConnected),
	})
	equal(t, "the same stats", status.Stats.Requests, chooser.Stats().Requests)
	equal(t, "stats", counts(chooser.Stats()), peerage.Stats{
		State: peerage.Running, Peers: 2, Available: 1, Connecting: 1, Pending: 1,
	})
	want := "users: Running (1/2 available)\n  a: Available, 1 pending request(s)\n" +
		"  b: Connecting, 0 pending request(s)"
	equal(t, "text", chooser.String(), want)
}

// A name that would be a row of its own is shown in one, and given out as it is.
func TestNamesThatWouldBeLines(t *testing.T) {
	forged := "a\n  b: Available, \u202e 0 pending request(s)\\"
	chooser := running(t, &fake{}, "random", []string{forged}, peerage.WithName("two\nlines"))
	status := chooser.Introspect()
	equal(t, "name", status.Name, "two\nlines")
	equal(t, "id", status.Peers[0].ID, forged)
	want := `two\nlines: Running (1/1 available)` + "\n" +
		`  a\n  b: Available, \u{202e} 0 pending request(s)\\: Available, 0 pending request(s)`
	equal(t, "text", chooser.String(), want)
}
