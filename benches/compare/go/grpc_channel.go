package main

import (
	"sync/atomic"

	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/experimental/stats"
	"google.golang.org/grpc/resolver"
)

// grpcChannel is what a balancer takes for a channel: it keeps the picker, and has connections that are ready
// at once.
type grpcChannel struct {
	balancer.ClientConn
	picker atomic.Pointer[balancer.Picker]
	// In the order in which they were asked for.
	connections []*grpcConnection
	room        []grpcConnection
	numbers     map[string]int
	// An update is under way.
	updating bool
	// Asked to connect in this update, and not ready yet.
	connecting *grpcConnection
	// Shut down in this update, which the balancer is to hear afterwards.
	down []*grpcConnection
}

func newGRPCChannel(peers int) *grpcChannel {
	c := &grpcChannel{room: make([]grpcConnection, peers), numbers: make(map[string]int, peers)}
	for i, name := range peerNames(peers) {
		c.numbers[name] = i
	}
	c.connections = make([]*grpcConnection, 0, peers)
	return c
}

// during does an update. Its connections are ready before it ends, while the balancer makes no picker: at one
// picker for each of them, as with connections that are ready one by one, the time would be quadratic.
//
// The balancer may be told of a connection when it connects the next one, but not within the call for itself,
// which has a lock.
func (c *grpcChannel) during(update func() error) error {
	c.updating = true
	err := update()
	if last := c.connecting; last != nil {
		c.connecting = nil
		last.becomeReady()
	}
	c.updating = false
	for _, gone := range c.down {
		gone.state(connectivity.Shutdown)
	}
	c.down = c.down[:0]
	return err
}

func (c *grpcChannel) NewSubConn(addresses []resolver.Address, options balancer.NewSubConnOptions) (balancer.SubConn, error) {
	number := c.numbers[addresses[0].Addr]
	connection := &c.room[number]
	connection.channel, connection.number, connection.listener = c, number, options.StateListener
	if connection.asked == nil {
		connection.asked = make(chan struct{}, 1)
	}
	c.connections = append(c.connections, connection)
	return connection, nil
}

func (c *grpcChannel) UpdateState(state balancer.State)      { c.picker.Store(&state.Picker) }
func (c *grpcChannel) ResolveNow(resolver.ResolveNowOptions) {}
func (c *grpcChannel) MetricsRecorder() stats.MetricsRecorder {
	return stats.UnimplementedMetricsRecorder{}
}

// grpcConnection is one that never fails to connect.
type grpcConnection struct {
	balancer.SubConn
	channel  *grpcChannel
	number   int
	listener func(balancer.SubConnState)
	health   func(balancer.SubConnState)
	// Has something once the balancer wants a connection again.
	asked chan struct{}
}

func (s *grpcConnection) Connect() {
	if !s.channel.updating {
		s.asked <- struct{}{}
		return
	}
	if before := s.channel.connecting; before != nil {
		before.becomeReady()
	}
	s.channel.connecting = s
}

func (s *grpcConnection) RegisterHealthListener(listener func(balancer.SubConnState)) {
	s.health = listener
}

func (s *grpcConnection) Shutdown() {
	if s.channel.updating {
		s.channel.down = append(s.channel.down, s)
	}
}

func (s *grpcConnection) state(state connectivity.State) {
	s.listener(balancer.SubConnState{ConnectivityState: state})
}

// becomeReady tells the balancer what a connection that is made, and has no health checks, tells it.
func (s *grpcConnection) becomeReady() {
	s.state(connectivity.Connecting)
	s.state(connectivity.Ready)
	s.health(balancer.SubConnState{ConnectivityState: connectivity.Ready})
}
