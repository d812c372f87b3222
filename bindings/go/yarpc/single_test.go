package yarpcpeers

import (
	"context"
	"reflect"
	"testing"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/x/introspection"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

func newSingle(t *testing.T, fake *yarpctest.FakeTransport, options ...Option) *List {
	t.Helper()
	list, err := NewSingle(id("1"), fake, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(list.Close)
	return list
}

func unavailable() *yarpctest.FakeTransport {
	return yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(peer.Unavailable))
}

// Whether the peer can be reached is for the request to find out, as with YARPC's Single.
func TestASingleHandsItsPeerOut(t *testing.T) {
	fake := unavailable()
	list := newSingle(t, fake)
	is := func(state string) {
		t.Helper()
		want := introspection.ChooserStatus{
			Name: "Single", Peers: []introspection.PeerStatus{{Identifier: "1", State: state}},
		}
		if got := list.Introspect(); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	is("uninitialized")
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	p, finish, err := list.Choose(context.Background(), nil)
	if err != nil || p.Identifier() != "1" {
		t.Fatal(p, err)
	}
	is("Unavailable, 1 pending request(s)")
	finish(nil)
	fake.SimulateConnect(id("1"))
	is("Available, 0 pending request(s)")
	fake.SimulateDisconnect(id("1"))
	is("Unavailable, 0 pending request(s)")
	if err := list.Stop(); err != nil {
		t.Fatal(err)
	}
	_, _, err = list.Choose(context.Background(), nil)
	saysOf(t, err, yarpcerrors.CodeFailedPrecondition, `"Single" peer list is not running: could not wait for `+
		`instance to start running: current state is "stopped"`)
	is("uninitialized")
}

func TestASingleThatLooksAtItsPeer(t *testing.T) {
	for _, option := range []Option{FailFast(), WaitForConnection()} {
		fake := unavailable()
		list := newSingle(t, fake, option, DefaultChooseTimeout(late))
		if err := list.Start(); err != nil {
			t.Fatal(err)
		}
		_, _, err := list.Choose(context.Background(), nil)
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeUnavailable {
			t.Fatal(err)
		}
		fake.SimulateConnect(id("1"))
		_, finish, err := list.Choose(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		finish(nil)
	}
}

// What an option says, the text of the options says as well.
func TestASingleThatFailsFastByAText(t *testing.T) {
	for _, c := range []struct {
		text string
		code yarpcerrors.Code
	}{
		{"fail-fast", yarpcerrors.CodeUnavailable},
		{"fail-fast=on", yarpcerrors.CodeUnavailable},
		{"fail-fast=off", yarpcerrors.CodeOK},
	} {
		list := newSingle(t, unavailable(), Options(c.text))
		if err := list.Start(); err != nil {
			t.Fatal(err)
		}
		if got, _ := codeAfter(t, t.Context(), list); got != c.code {
			t.Errorf("%s: %v, want %v", c.text, got, c.code)
		}
	}
}
