package day

import (
	"net"
	"sync"
	"testing"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/transport/grpc"
	"go.uber.org/yarpc/transport/http"
	"go.uber.org/yarpc/transport/tchannel"
	"go.uber.org/yarpc/yarpcconfig"
)

// The name of the service, and of the client.
const (
	service = "keeper"
	caller  = "visitor"
)

// network is one of YARPC's transports.
type network struct {
	name string
	// inbound listens on an address, at the latest once it has started.
	inbound func(address string) (transport.Inbound, error)
	// outbound is a transport for a list, and what makes the outbound of the list.
	outbound func(*testing.T) (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error)
	// spec is for configuration files.
	spec func() yarpcconfig.TransportSpec
}

var networks = []network{
	{"http", httpInbound, httpOutbound, func() yarpcconfig.TransportSpec { return http.TransportSpec() }},
	{"grpc", grpcInbound, grpcOutbound, func() yarpcconfig.TransportSpec { return grpc.TransportSpec() }},
	{"tchannel", tchannelInbound, tchannelOutbound, func() yarpcconfig.TransportSpec { return tchannel.TransportSpec() }},
}

// everyNetwork runs a subtest for each transport.
func everyNetwork(t *testing.T, test func(*testing.T, network)) {
	for _, n := range networks {
		t.Run(n.name, func(t *testing.T) { test(t, n) })
	}
}

func httpInbound(address string) (transport.Inbound, error) {
	return http.NewTransport().NewInbound(address), nil
}

func httpOutbound(*testing.T) (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error) {
	t := http.NewTransport()
	return t, func(c peer.Chooser) transport.UnaryOutbound { return t.NewOutbound(c) }, nil
}

func grpcInbound(address string) (transport.Inbound, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return grpc.NewTransport().NewInbound(listener), nil
}

func grpcOutbound(*testing.T) (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error) {
	t := grpc.NewTransport()
	return t, func(c peer.Chooser) transport.UnaryOutbound { return t.NewOutbound(c) }, nil
}

func tchannelInbound(address string) (transport.Inbound, error) {
	t, err := tchannel.NewTransport(tchannel.ServiceName(service), tchannel.ListenAddr(address))
	if err != nil {
		return nil, err
	}
	return t.NewInbound(), nil
}

func tchannelOutbound(test *testing.T) (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error) {
	// The channel of a client listens, too.
	t, err := tchannel.NewTransport(tchannel.ServiceName(caller), tchannel.ListenAddr(unserved(test)))
	if err != nil {
		return nil, nil, err
	}
	return t, func(c peer.Chooser) transport.UnaryOutbound { return t.NewOutbound(c) }, nil
}

// given are the addresses that unserved has returned.
var given sync.Map

// unserved is an address of the system's choice at which nothing listens. It is
// another one each time: were the address of a server that has stopped given to
// another one, clients would find that there.
func unserved(t *testing.T) string {
	t.Helper()
	for {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		listener.Close()
		if _, known := given.LoadOrStore(address, true); !known {
			return address
		}
	}
}
