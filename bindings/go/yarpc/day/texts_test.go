package day

import (
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	yarpcpeer "go.uber.org/yarpc/peer"
	"go.uber.org/yarpc/peer/hashring32"
	"go.uber.org/yarpc/peer/pendingheap"
	"go.uber.org/yarpc/peer/randpeer"
	"go.uber.org/yarpc/peer/roundrobin"
	"go.uber.org/yarpc/peer/tworandomchoices"
	"go.uber.org/yarpc/yarpcerrors"
)

// yarpcs are YARPC's own lists by their policies, and, but for the ring, those
// of them that fail fast.
var yarpcs = map[string]struct {
	waits, fails func(peer.Transport) peer.ChooserList
}{
	"round-robin": {
		func(t peer.Transport) peer.ChooserList { return roundrobin.New(t) },
		func(t peer.Transport) peer.ChooserList { return roundrobin.New(t, roundrobin.FailFast()) },
	},
	"random": {
		func(t peer.Transport) peer.ChooserList { return randpeer.New(t) },
		func(t peer.Transport) peer.ChooserList { return randpeer.New(t, randpeer.FailFast()) },
	},
	"two-random-choices": {
		func(t peer.Transport) peer.ChooserList { return tworandomchoices.New(t) },
		func(t peer.Transport) peer.ChooserList { return tworandomchoices.New(t, tworandomchoices.FailFast()) },
	},
	"fewest-pending-requests": {
		func(t peer.Transport) peer.ChooserList { return pendingheap.New(t) },
		func(t peer.Transport) peer.ChooserList { return pendingheap.New(t, pendingheap.FailFast()) },
	},
	"hashring32": {
		func(t peer.Transport) peer.ChooserList { return hashring32.New(t, fingerprint) },
		nil,
	},
}

// A call that gets no peer has the code and the text that it has with YARPC's own
// list, over every transport: no peer, one, two; waiting or failing fast; after
// the stop.
func TestTextsAreThoseOfYARPC(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
		for _, p := range policies {
			theirs, known := yarpcs[p.name]
			if !known {
				continue
			}
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				var nowhere []string
				for range 3 {
					sameErrors(t, connect(t, n, p, nowhere), listOf(t, n, theirs.waits, nowhere))
					if theirs.fails != nil {
						ours := connect(t, n, p, nowhere, yarpcpeers.FailFast())
						sameErrors(t, ours, listOf(t, n, theirs.fails, nowhere))
					}
					nowhere = append(nowhere, unserved(t))
				}
			})
		}
	})
}

// listOf starts a client with a list of YARPC's.
func listOf(t *testing.T, n network, list func(peer.Transport) peer.ChooserList, to []string) *client {
	t.Helper()
	return connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
		return yarpcpeer.Bind(list(over), yarpcpeer.BindPeers(identifiers(to))), nil
	})
}

// sameErrors compares the errors of the two while they run, and after the stop.
func sameErrors(t *testing.T, ours, theirs *client) {
	t.Helper()
	compare := func(when string) {
		t.Helper()
		_, err := ours.call(30*time.Millisecond, key(1))
		_, wanted := theirs.call(30*time.Millisecond, key(1))
		got, want := yarpcerrors.FromError(err), yarpcerrors.FromError(wanted)
		if err == nil || got.Code() != want.Code() || got.Message() != want.Message() {
			t.Errorf("%s: %v\nwith YARPC's list: %v", when, err, wanted)
		}
		ours.finished()
	}
	compare("running")
	ours.stop()
	theirs.stop()
	compare("stopped")
}
