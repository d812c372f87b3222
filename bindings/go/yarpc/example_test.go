package yarpcpeers_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/yarpc/yarpctest"
)

// Address is an identifier; YARPC's hostport.Identify makes such ones too.
type Address string

func (a Address) Identifier() string { return string(a) }

// What an outbound does with a list: choose, send, finish.
func Example() {
	list, err := yarpcpeers.NewRoundRobin(yarpctest.NewFakeTransport(), yarpcpeers.NoShuffle())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer list.Close()
	if err := list.Start(); err != nil {
		fmt.Println(err)
		return
	}
	err = list.Update(peer.ListUpdates{Additions: []peer.Identifier{Address("10.0.0.1:80"), Address("10.0.0.2:80")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		chosen, onFinish, err := list.Choose(ctx, &transport.Request{})
		if err != nil {
			fmt.Println(err)
		} else {
			fmt.Println("send it to", chosen.Identifier())
			onFinish(nil)
		}
		cancel()
	}
	fmt.Println(list.Introspect().State)
	// Output:
	// send it to 10.0.0.1:80
	// send it to 10.0.0.2:80
	// send it to 10.0.0.1:80
	// Running (2/2 available)
}

// The hash ring sends a shard key to the same peer each time.
func ExampleNewHashRing32() {
	list, err := yarpcpeers.NewHashRing32(yarpctest.NewFakeTransport(),
		yarpcpeers.NumReplicas(50), yarpcpeers.ReplicaDelimiter("#"), yarpcpeers.PeerOverrideHeader("x-peer"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer list.Close()
	if err := list.Start(); err != nil {
		fmt.Println(err)
		return
	}
	err = list.Update(peer.ListUpdates{Additions: []peer.Identifier{Address("a:1"), Address("b:1"), Address("c:1")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	owners := map[string]bool{}
	for range 100 {
		chosen, onFinish, err := list.Choose(context.Background(), &transport.Request{ShardKey: "user-42"})
		if err != nil {
			fmt.Println(err)
			return
		}
		owners[chosen.Identifier()] = true
		onFinish(nil)
	}
	override := transport.NewHeaders().With("x-peer", "c:1")
	chosen, onFinish, err := list.Choose(context.Background(), &transport.Request{ShardKey: "user-42", Headers: override})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer onFinish(nil)
	fmt.Println(len(owners), "owner; overridden:", chosen.Identifier())
	// Output: 1 owner; overridden: c:1
}

// A configuration file that says least-loaded, with settings of the policy and options of the list.
func ExampleSpec() {
	configurator := yarpcconfig.New()
	configurator.MustRegisterTransport(yarpctest.FakeTransportSpec())
	configurator.MustRegisterPeerList(yarpcpeers.Spec("least-loaded", yarpcpeers.DrainTimeout(time.Second)))
	file := `
outbounds:
  users:
    fake-transport:
      least-loaded:
        peers: [10.0.0.1:80, 10.0.0.2:80]
        settings: errors=on
        options: max-pending=20,eject=5`
	_, err := configurator.LoadConfigFromYAML("own", strings.NewReader(file))
	fmt.Println(err)
	_, err = configurator.LoadConfigFromYAML("own", strings.NewReader(strings.Replace(file, "=20", "=many", 1)))
	fmt.Println(strings.TrimPrefix(err.Error(), `failed to configure unary outbound for "users": `))
	// Output:
	// <nil>
	// code:invalid-argument message:least-loaded: max-pending="many" must be a whole number from 1 to 16777216
}
