package main

import (
	"encoding/json"

	orca "github.com/cncf/xds/go/xds/data/orca/v3"
	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/balancer/leastrequest"
	"google.golang.org/grpc/balancer/roundrobin"
	"google.golang.org/grpc/balancer/weightedroundrobin"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/serviceconfig"
)

var (
	grpcRoundRobin   = grpc(roundrobin.Name, "")
	grpcLeastRequest = func() *side {
		side := grpc(leastrequest.Name, "{}")
		side.counts = true
		return side
	}()
	// Weights that a server reports count from the first report on, instead of after ten seconds.
	grpcWeighted = grpc(weightedroundrobin.Name, `{"blackoutPeriod": "0s"}`)
)

// grpc is a balancer of gRPC-go's, by the name that it is registered under, with a configuration in JSON.
//
// It has the interfaces of a channel around it, and no channel: a choice is what a channel does of it for a
// call, which is to load the picker, to ask it and to call what it gives back for the end. The locks that a
// channel takes besides, to find the connection's transport, are not in the figure.
func grpc(policy, config string) *side {
	return &side{name: "grpc-go", policy: policy, rebuilds: true, open: func(peers int) (list, error) {
		builder := balancer.Get(policy)
		l := &grpcList{channel: newGRPCChannel(peers), weighted: policy == weightedroundrobin.Name}
		l.has = make([]bool, peers)
		if config != "" {
			parsed, err := builder.(balancer.ConfigParser).ParseConfig(json.RawMessage(config))
			if err != nil {
				return nil, err
			}
			l.config = parsed
		}
		for _, name := range peerNames(peers) {
			l.endpoints = append(l.endpoints, resolver.Endpoint{Addresses: []resolver.Address{{Addr: name}}})
		}
		l.balancer = builder.Build(l.channel, balancer.BuildOptions{})
		return l, nil
	}}
}

// pickInfo is what a balancer is told of a call.
var pickInfo = balancer.PickInfo{FullMethodName: "/service/method", Ctx: withDeadline}

type grpcList struct {
	balancer balancer.Balancer
	channel  *grpcChannel
	config   serviceconfig.LoadBalancingConfig
	weighted bool
	// All that there may be, and which of them the balancer has.
	endpoints []resolver.Endpoint
	has       []bool
}

func (l *grpcList) once(int) error {
	result, err := (*l.channel.picker.Load()).Pick(pickInfo)
	if err == nil && result.Done != nil {
		result.Done(balancer.DoneInfo{})
	}
	return err
}

// update gives the balancer all endpoints that there are now, as a resolver does.
func (l *grpcList) update(add, remove []int) error {
	for _, peer := range remove {
		l.has[peer] = false
	}
	for _, peer := range add {
		l.has[peer] = true
	}
	if err := l.resolve(); err != nil || !l.weighted || len(add) == 0 {
		return err
	}
	// The servers answer that they take as much as their weights say; then the picker is made anew with that.
	return l.report(len(add))
}

func (l *grpcList) resolve() error {
	endpoints := make([]resolver.Endpoint, 0, len(l.endpoints))
	for peer, has := range l.has {
		if has {
			endpoints = append(endpoints, l.endpoints[peer])
		}
	}
	state := balancer.ClientConnState{ResolverState: resolver.State{Endpoints: endpoints}, BalancerConfig: l.config}
	err := l.channel.during(func() error { return l.balancer.UpdateClientConnState(state) })
	if len(endpoints) == 0 && err == balancer.ErrBadResolverState {
		// What a balancer without endpoints answers.
		return nil
	}
	return err
}

// report ends so many requests with the load of their server.
func (l *grpcList) report(peers int) error {
	picker := *l.channel.picker.Load()
	for range peers {
		result, err := picker.Pick(pickInfo)
		if err != nil {
			return err
		}
		connection := result.SubConn.(*grpcConnection)
		result.Done(balancer.DoneInfo{ServerLoad: &orca.OrcaLoadReport{
			RpsFractional: float64(weightOf(connection.number)), CpuUtilization: 0.5,
		}})
	}
	return l.resolve()
}

func (l *grpcList) set(peer int, available bool) {
	connection := l.channel.connections[peer]
	if !available {
		connection.state(connectivity.Idle)
		return
	}
	// The balancer asks for a new connection on a goroutine of its own.
	<-connection.asked
	connection.becomeReady()
}

func (l *grpcList) close() { l.balancer.Close() }
