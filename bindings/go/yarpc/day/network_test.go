package day

import (
	"fmt"
	"net"
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
	// inbound listens on an address, and says on which one once it has started.
	inbound func(address string) (in transport.Inbound, listens func() string, err error)
	// outbound is a transport for a list, and what makes the outbound of the list.
	outbound func() (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error)
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

func httpInbound(address string) (transport.Inbound, func() string, error) {
	in := http.NewTransport().NewInbound(address)
	return in, func() string { return in.Addr().String() }, nil
}

func httpOutbound() (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error) {
	t := http.NewTransport()
	return t, func(c peer.Chooser) transport.UnaryOutbound { return t.NewOutbound(c) }, nil
}

func grpcInbound(address string) (transport.Inbound, func() string, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	return grpc.NewTransport().NewInbound(listener), func() string { return listener.Addr().String() }, nil
}

func grpcOutbound() (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error) {
	t := grpc.NewTransport()
	return t, func(c peer.Chooser) transport.UnaryOutbound { return t.NewOutbound(c) }, nil
}

func tchannelInbound(address string) (transport.Inbound, func() string, error) {
	t, err := tchannel.NewTransport(tchannel.ServiceName(service), tchannel.ListenAddr(address))
	if err != nil {
		return nil, nil, err
	}
	return t.NewInbound(), t.ListenAddr, nil
}

func tchannelOutbound() (peer.Transport, func(peer.Chooser) transport.UnaryOutbound, error) {
	// The channel of a client listens, too.
	t, err := tchannel.NewTransport(tchannel.ServiceName(caller), tchannel.ListenAddr("127.0.0.1:0"))
	if err != nil {
		return nil, nil, err
	}
	return t, func(c peer.Chooser) transport.UnaryOutbound { return t.NewOutbound(c) }, nil
}

// unserved is an address at which nothing listens, which the system has just
// given out and so does not give out again soon.
func unserved(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(fmt.Errorf("no free address: %w", err))
	}
	defer listener.Close()
	return listener.Addr().String()
}
