package yarpcpeers

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpctest"
)

// Transports that do what they had better not.

// eager notifies from inside RetainPeer and ReleasePeer, on which YARPC's own lists would wait for
// themselves for ever.
type eager struct{ peer.Transport }

func (e eager) RetainPeer(id peer.Identifier, s peer.Subscriber) (peer.Peer, error) {
	s.NotifyStatusChanged(id)
	p, err := e.Transport.RetainPeer(id, s)
	s.NotifyStatusChanged(id)
	return p, err
}

func (e eager) ReleasePeer(id peer.Identifier, s peer.Subscriber) error {
	s.NotifyStatusChanged(id)
	err := e.Transport.ReleasePeer(id, s)
	s.NotifyStatusChanged(id)
	return err
}

func TestNotificationsFromInsideTheTransport(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		list, err := p.build(eager{yarpctest.NewFakeTransport()}, NoShuffle())
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, policy: p, list: list}
		w.must(w.add("1"))
		w.must(list.Start())
		w.must(w.add("2"))
		w.chooses("1", "2")
		w.must(w.remove("1"))
		w.chooses("2")
		w.must(list.Stop())
		list.Close()
	})
}

// panicky panics with an error.
type panicky struct{ peer.Transport }

var errPanic = errors.New("out of luck")

func (panicky) RetainPeer(peer.Identifier, peer.Subscriber) (peer.Peer, error) { panic(errPanic) }

func TestAPanicInTheTransportIsAnError(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		list, err := p.build(panicky{yarpctest.NewFakeTransport()})
		if err != nil {
			t.Fatal(err)
		}
		defer list.Close()
		w := &world{t: t, policy: p, list: list}
		w.must(list.Start())
		is(t, w.add("1"), errPanic)
		is(t, w.add("1"), errPanic)
		w.knows()
	})
}

// A list that nobody uses any more gives its peers back, though nobody has closed it.
func TestAForgottenListIsClosed(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		seen := make(chan peer.Identifier, 2)
		forget := func() {
			list, err := p.build(spy{yarpctest.NewFakeTransport(), seen})
			if err != nil {
				t.Fatal(err)
			}
			w := &world{t: t, policy: p, list: list}
			w.must(list.Start())
			w.must(w.add("1"))
			<-seen
		}
		forget()
		for end := time.Now().Add(soon); ; {
			runtime.GC()
			select {
			case released := <-seen:
				if released != id("1") {
					t.Fatal(released)
				}
				return
			case <-time.After(time.Millisecond):
			}
			if time.Now().After(end) {
				t.Fatal("it keeps its peer")
			}
		}
	})
}
