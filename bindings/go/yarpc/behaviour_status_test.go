package yarpcpeers

import (
	"fmt"
	"slices"
	"testing"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// What every list of YARPC makes of what a transport says of its peers, and
// what it shows of itself.

const oneUnresponsive = "has 1 peer but it is not responsive, timed out waiting for a connection to open"

func TestAddUnavailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.unavailable("2")
		w.must(w.add("2"))
		w.chooses("1")
		w.online([]string{"1"}, []string{"2"})
	})
}

func TestRemoveUnavailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.unavailable("1")
		w.must(w.add("1"))
		w.must(w.remove("1"))
		w.asked([]string{"1"}, []string{"1"})
		w.fails(yarpcerrors.CodeUnavailable, "has no peers")
	})
}

func TestNotifyNowAvailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.unavailable("1")
		w.must(w.add("1"))
		w.fails(yarpcerrors.CodeUnavailable, oneUnresponsive)
		w.available("1")
		w.chooses("1")
	})
}

func TestNotifyStillAvailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		w.available("1", "2", "1")
		w.chooses("1", "2")
	})
}

func TestNotifyNowUnavailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.chooses("1")
		w.unavailable("1")
		w.fails(yarpcerrors.CodeUnavailable, oneUnresponsive)
	})
}

func TestNotifyStillUnavailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.unavailable("1")
		w.must(w.add("1"))
		w.unavailable("1")
		w.fails(yarpcerrors.CodeUnavailable, oneUnresponsive)
		w.online(nil, []string{"1"})
	})
}

func TestConnectingIsNotAvailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(peer.Connecting)))
		w.must(w.list.Start())
		w.must(w.add("1"))
		for range 3 {
			w.fake.SimulateStatusChange(id("1"), peer.Unavailable)
			w.fake.SimulateStatusChange(id("1"), peer.Connecting)
		}
		w.fails(yarpcerrors.CodeUnavailable, oneUnresponsive)
		w.available("1")
		w.chooses("1")
	})
}

// A list that was removed from a transport's subscribers may be told once more.
func TestNotifyAfterRemoval(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		late := w.list.binding.find("1")
		w.must(w.remove("1"))
		late.NotifyStatusChanged(id("1"))
		w.list.NotifyStatusChanged(id("1"))
		w.list.NotifyStatusChanged(id("unheard of"))
		w.chooses("2")
		w.online([]string{"2"}, nil)
	})
}

func TestNotifyBeforeStartAndAfterStop(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		w.must(w.add("1", "2"))
		w.list.NotifyStatusChanged(id("1"))
		w.must(w.list.Start())
		late := w.list.binding.find("1")
		w.must(w.list.Stop())
		late.NotifyStatusChanged(id("1"))
		w.list.NotifyStatusChanged(id("2"))
		w.online(nil, nil)
		w.knows("1", "2")
	})
}

func TestNotifyStress(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		var all []string
		for i := range 10 {
			all = append(all, fmt.Sprint(i))
		}
		w := started(t, p, all...)
		w.chooses(all...)
		w.unavailable(all[:5]...)
		w.chooses(all[5:]...)
		w.available(all[:5]...)
		w.online(all, nil)
		w.must(w.remove(all[5:]...))
		w.chooses(all[:5]...)
		w.must(w.remove(all[:5]...))
		w.fails(yarpcerrors.CodeUnavailable, "has no peers")
		w.asked(all, all)
	})
}

func TestNotificationsFromManyGoroutines(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		together(4, func(int) {
			for range 200 {
				w.unavailable("1")
				w.available("1")
				w.choose()
			}
		})
		w.available("1")
		w.online([]string{"1", "2"}, nil)
	})
}

func TestIntrospect(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		shows := func(state string, peers ...string) {
			t.Helper()
			status := w.list.Introspect()
			got := []string{}
			for _, p := range status.Peers {
				got = append(got, p.Identifier+": "+p.State)
			}
			if status.Name != p.name || status.State != state || status.Peers == nil || !slices.Equal(got, peers) {
				t.Fatalf("%+v", status)
			}
		}
		w.must(w.add("bar"))
		shows("Idle (0/0 available)")
		w.unavailable("foo")
		w.must(w.list.Start())
		w.must(w.add("foo"))
		_, finish := w.begin()
		shows("Running (1/2 available)", "bar: Available, 1 pending request(s)", "foo: Unavailable, 0 pending request(s)")
		finish(nil)
		shows("Running (1/2 available)", "bar: Available, 0 pending request(s)", "foo: Unavailable, 0 pending request(s)")
		if peers := w.list.Peers(); len(peers) != 2 || peers[0] != peer.StatusPeer(w.fake.Peer(id("bar"))) {
			t.Fatal(peers)
		}
		w.must(w.remove("foo"))
		if peers := w.list.Peers(); len(peers) != 1 || peers[0].Identifier() != "bar" {
			t.Fatal(peers)
		}
		w.must(w.list.Stop())
		shows("Stopped (0/0 available)")
		if peers := w.list.Peers(); peers == nil || len(peers) != 0 {
			t.Fatal(peers)
		}
	})
}
