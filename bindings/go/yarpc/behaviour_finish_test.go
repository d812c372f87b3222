package yarpcpeers

import (
	"errors"
	"testing"

	"go.uber.org/yarpc/api/peer"
)

// What every list of YARPC hands out with a peer, and what it counts until
// the request has ended.

func TestTheTransportsOwnPeerIsHandedOut(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		got, finish := w.begin()
		if want := peer.Peer(w.fake.Peer(id("1"))); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
		if pending := got.Status().PendingRequestCount; pending != 0 {
			t.Fatalf("the peer itself counts %d", pending)
		}
		finish(nil)
	})
}

func TestFinishCountsOnce(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		_, first := w.begin()
		_, second := w.begin()
		first(nil)
		first(nil)
		first(errors.New("again"))
		w.pending("1", 1)
		second(errors.New("failed"))
		w.pending("1", 0)
	})
}

func (w *world) pending(name string, want int) {
	w.t.Helper()
	for _, p := range w.list.chooser.Introspect().Peers {
		if p.ID == name && p.Pending == want {
			return
		}
	}
	w.t.Fatalf("%s has not %d pending: %v", name, want, w.list.Introspect())
}

func TestARemovedPeerIsReleasedAfterItsLastRequest(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		_, finish := w.begin()
		w.must(w.remove("1"))
		w.asked([]string{"1"}, nil)
		finish(nil)
		w.asked([]string{"1"}, []string{"1"})
	})
}

func TestFewestPendingAvoidsTheBusy(t *testing.T) {
	for _, p := range policies {
		if p.name != fewestPendingRequests && p.name != twoRandomChoices {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			w := started(t, p, "1", "2")
			busy, finish := w.begin()
			for range 20 {
				if got := w.choose(); got == busy.Identifier() {
					t.Fatalf("%s is busy and was chosen", got)
				}
			}
			finish(nil)
			w.chooses("1", "2")
		})
	}
}

// Outbounds that finish a request twice at once.
func TestFinishOnManyGoroutinesCountsOnce(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		var finish []func(error)
		for range 50 {
			_, f := w.begin()
			finish = append(finish, f)
		}
		for i, f := range finish[:25] {
			together(4, func(int) { f(nil) })
			w.pending("1", 50-i-1)
		}
		for _, f := range finish {
			f(nil)
		}
		w.pending("1", 0)
	})
}

// A peer that is removed and added in one update stays, with its requests.
func TestReplaceAPeerThatHasRequests(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		_, finish := w.begin()
		w.must(w.list.Update(peer.ListUpdates{Removals: ids("1"), Additions: ids("1")}))
		w.pending("1", 1)
		finish(nil)
		w.pending("1", 0)
		if peers := w.list.Peers(); len(peers) != 1 {
			t.Fatal(peers)
		}
		w.unavailable("1")
		w.online(nil, []string{"1"})
		w.available("1")
		w.chooses("1")
		w.must(w.remove("1"))
		w.mu.Lock()
		defer w.mu.Unlock()
		same(t, "released", w.released, w.retained)
	})
}
