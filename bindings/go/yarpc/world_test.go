package yarpcpeers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// A policy under test, and what may be expected of its order.
type policy struct {
	name  string
	build func(peer.Transport, ...Option) (*List, error)
	// rotates: with nothing in flight every peer is chosen once before any is chosen again.
	rotates bool
}

var policies = []policy{
	{roundRobin, NewRoundRobin, true},
	{random, NewRandom, false},
	{twoRandomChoices, NewTwoRandomChoices, false},
	{fewestPendingRequests, NewFewestPendingRequests, true},
	{hashRing32, NewHashRing32, false},
}

// everyPolicy runs a test once for each policy.
func everyPolicy(t *testing.T, test func(t *testing.T, p policy)) {
	for _, p := range policies {
		t.Run(p.name, func(t *testing.T) { test(t, p) })
	}
}

// soon is the limit of waits that should end at once; late that of waits that should not end.
const (
	soon = 10 * time.Second
	late = 20 * time.Millisecond
)

type id string

func (i id) Identifier() string { return string(i) }

func ids(names ...string) []peer.Identifier {
	var all []peer.Identifier
	for _, name := range names {
		all = append(all, id(name))
	}
	return all
}

// A world is a list over a transport that writes down what it is asked.
type world struct {
	t *testing.T
	policy
	fake *yarpctest.FakeTransport
	list *List

	mu                 sync.Mutex
	retained, released []string
}

func newWorld(t *testing.T, p policy, fake *yarpctest.FakeTransport, options ...Option) *world {
	t.Helper()
	w := &world{t: t, policy: p, fake: fake}
	list, err := p.build(w, append([]Option{NoShuffle(), Seed(1)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	w.list = list
	t.Cleanup(list.Close)
	return w
}

// started is a running list with available peers.
func started(t *testing.T, p policy, names ...string) *world {
	t.Helper()
	w := newWorld(t, p, yarpctest.NewFakeTransport())
	w.must(w.list.Start())
	w.must(w.add(names...))
	return w
}

func (w *world) RetainPeer(id peer.Identifier, s peer.Subscriber) (peer.Peer, error) {
	p, err := w.fake.RetainPeer(id, s)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.retained = append(w.retained, id.Identifier())
	}
	return p, err
}

func (w *world) ReleasePeer(id peer.Identifier, s peer.Subscriber) error {
	w.mu.Lock()
	w.released = append(w.released, id.Identifier())
	w.mu.Unlock()
	return w.fake.ReleasePeer(id, s)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) add(names ...string) error {
	return w.list.Update(peer.ListUpdates{Additions: ids(names...)})
}

func (w *world) remove(names ...string) error {
	return w.list.Update(peer.ListUpdates{Removals: ids(names...)})
}

func (w *world) unavailable(names ...string) {
	for _, name := range names {
		w.fake.SimulateDisconnect(id(name))
	}
}

func (w *world) available(names ...string) {
	for _, name := range names {
		w.fake.SimulateConnect(id(name))
	}
}

// choose chooses once and finishes at once.
func (w *world) choose() string {
	w.t.Helper()
	p, finish := w.begin()
	finish(nil)
	return p.Identifier()
}

func (w *world) begin() (peer.Peer, func(error)) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	p, finish, err := w.list.Choose(ctx, &transport.Request{})
	w.must(err)
	return p, finish
}

// chooses asserts that these peers, and no others, are chosen: in this order, over and over, if
// the policy rotates.
func (w *world) chooses(names ...string) {
	w.t.Helper()
	var got []string
	if w.rotates {
		for range 2 * len(names) {
			got = append(got, w.choose())
		}
		if want := slices.Concat(names, names); !slices.Equal(got, want) {
			w.t.Fatalf("chosen: %v, want %v", got, want)
		}
		return
	}
	for range 100 * len(names) {
		if name := w.choose(); !slices.Contains(got, name) {
			got = append(got, name)
		}
	}
	same(w.t, "chosen", got, names)
}

// fails asserts that Choose fails, with a code and a text.
func (w *world) fails(code yarpcerrors.Code, text string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), late)
	defer cancel()
	p, finish, err := w.list.Choose(ctx, &transport.Request{})
	if err == nil || p != nil || finish != nil {
		w.t.Fatalf("Choose: %v, %v, want no peer and an error", p, err)
	}
	if got := yarpcerrors.FromError(err).Code(); got != code {
		w.t.Fatalf("code %v, want %v: %v", got, code, err)
	}
	if !strings.Contains(err.Error(), text) {
		w.t.Fatalf("%q lacks %q", err, text)
	}
}

// online asserts which peers the list has retained, by whether they are available.
func (w *world) online(available, unavailable []string) {
	w.t.Helper()
	var a, u []string
	for _, p := range w.list.Introspect().Peers {
		if strings.HasPrefix(p.State, "Available") {
			a = append(a, p.Identifier)
		} else {
			u = append(u, p.Identifier)
		}
	}
	same(w.t, "available", a, available)
	same(w.t, "unavailable", u, unavailable)
}

// knows asserts who the members are, retained or not.
func (w *world) knows(names ...string) {
	w.t.Helper()
	same(w.t, "members", w.list.members.names(), names)
}

// asked asserts which peers the transport was asked to retain and to release, ever.
func (w *world) asked(retained, released []string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	same(w.t, "retained", w.retained, retained)
	same(w.t, "released", w.released, released)
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func is(t *testing.T, err error, wanted ...error) {
	t.Helper()
	for _, want := range wanted {
		if !errors.Is(err, want) {
			t.Fatalf("%v, want %v in it", err, want)
		}
	}
}
