package peerage_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	peerage "peerage.dev/go"
)

// A transport that is always connected: the least there is.
type local struct{}

func (local) RetainPeer(peer *peerage.Peer) error {
	peer.SetData("connection to " + peer.ID())
	return peer.SetStatus(peerage.Available)
}

func (local) ReleasePeer(*peerage.Peer) {}

func Example() {
	chooser, err := peerage.NewChooser(local{}, "round-robin", peerage.WithShuffle(false))
	if err != nil {
		panic(err)
	}
	defer chooser.Close()
	if err := chooser.Start(); err != nil {
		panic(err)
	}
	if err := chooser.Update(peerage.Updates{Add: peerage.Members("a:80", "b:80")}); err != nil {
		panic(err)
	}
	for range 3 {
		pick, err := chooser.Choose(context.Background(), nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(pick.Peer().Data())
		pick.Finish(nil)
	}
	// Output:
	// connection to a:80
	// connection to b:80
	// connection to a:80
}

// A transport that connects in the background: peers become available when it says so.
type dialing struct{ dial func(id string) error }

func (d dialing) RetainPeer(peer *peerage.Peer) error {
	_ = peer.SetStatus(peerage.Connecting)
	go func() {
		status := peerage.Available
		if d.dial(peer.ID()) != nil {
			status = peerage.Unavailable
		}
		// An error means that the peer was released meanwhile.
		_ = peer.SetStatus(status)
	}()
	return nil
}

func (dialing) ReleasePeer(*peerage.Peer) {}

func ExampleChooser_Choose() {
	transport := dialing{dial: func(id string) error {
		if id == "down:80" {
			return errors.New("connection refused")
		}
		return nil
	}}
	chooser, err := peerage.NewChooser(transport, "two-random-choices")
	if err != nil {
		panic(err)
	}
	defer chooser.Close()
	if err := chooser.Start(); err != nil {
		panic(err)
	}
	if err := chooser.Update(peerage.Updates{Add: peerage.Members("up:80", "down:80")}); err != nil {
		panic(err)
	}
	// Waits until the first peer is connected.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	pick, err := chooser.Choose(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer pick.Finish(nil)
	fmt.Println(pick.Peer())
	// Output: up:80
}

func ExampleError() {
	chooser, err := peerage.NewChooser(local{}, "hashring32", peerage.WithName("users"),
		peerage.WithFailFast(true))
	if err != nil {
		panic(err)
	}
	defer chooser.Close()
	if err := chooser.Start(); err != nil {
		panic(err)
	}
	_, err = chooser.Choose(context.Background(), &peerage.Request{ShardKey: "user-42"})
	if errors.Is(err, peerage.ErrNoPeer) {
		fmt.Println(err)
	}
	// Output:
	// peerage: "users" peer list has no peers, did not wait for peers to be added (fail-fast is enabled)
}

// The policy sticky stays with one peer for as long as it can.
type sticky struct{ keys []peerage.Key }

func (s *sticky) Available(peer peerage.PeerInfo) { s.keys = append(s.keys, peer.Key) }

func (s *sticky) Unavailable(key peerage.Key) {
	for i, other := range s.keys {
		if other == key {
			s.keys = append(s.keys[:i], s.keys[i+1:]...)
			return
		}
	}
}

func (s *sticky) Choose(*peerage.Request) (peerage.Key, error) {
	if len(s.keys) == 0 {
		return 0, peerage.NothingUnavailable
	}
	return s.keys[0], nil
}

func ExamplePolicy() {
	chooser, err := peerage.NewChooser(local{}, "", peerage.WithCustomPolicy(&sticky{}),
		peerage.WithShuffle(false))
	if err != nil {
		panic(err)
	}
	defer chooser.Close()
	if err := chooser.Start(); err != nil {
		panic(err)
	}
	if err := chooser.Update(peerage.Updates{Add: peerage.Members("a:80", "b:80")}); err != nil {
		panic(err)
	}
	for range 2 {
		pick, err := chooser.TryChoose(nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(pick.Peer())
		pick.Finish(nil)
	}
	// Output:
	// a:80
	// a:80
}

func ExampleSharedTransport() {
	shared, err := peerage.NewSharedTransport(local{})
	if err != nil {
		panic(err)
	}
	defer shared.Close()
	for _, policy := range []string{"random", "round-robin"} {
		chooser, err := shared.NewChooser(policy)
		if err != nil {
			panic(err)
		}
		defer chooser.Close()
		if err := chooser.Start(); err != nil {
			panic(err)
		}
		if err := chooser.Update(peerage.Updates{Add: peerage.Members("a:80")}); err != nil {
			panic(err)
		}
		fmt.Println(chooser)
	}
	// Output:
	// random: Running (1/1 available)
	//   a:80: Available, 0 pending request(s)
	// round-robin: Running (1/1 available)
	//   a:80: Available, 0 pending request(s)
}
