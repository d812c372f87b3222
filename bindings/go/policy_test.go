package peerage_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"peerage.dev/go"
)

// turns is a policy that takes turns, and remembers what it was told.
type turns struct {
	keys     []peerage.Key
	ids      map[peerage.Key]string
	next     int
	asked    []peerage.Request
	finished map[peerage.Outcome]int
	fault    func(callback string)
}

func (p *turns) may(callback string) {
	if p.fault != nil {
		p.fault(callback)
	}
}

func (p *turns) Available(peer peerage.PeerInfo) {
	p.may("Available")
	if p.ids == nil {
		p.ids, p.finished = map[peerage.Key]string{}, map[peerage.Outcome]int{}
	}
	p.keys, p.ids[peer.Key] = append(p.keys, peer.Key), peer.ID
}

func (p *turns) Unavailable(key peerage.Key) {
	p.may("Unavailable")
	p.keys = slices.DeleteFunc(p.keys, func(k peerage.Key) bool { return k == key })
}

func (p *turns) Choose(request *peerage.Request) (peerage.Key, error) {
	p.may("Choose")
	p.asked = append(p.asked, *request)
	if len(p.keys) == 0 {
		return 0, peerage.NothingUnavailable
	}
	p.next++
	return p.keys[p.next%len(p.keys)], nil
}

func (p *turns) Finished(key peerage.Key, outcome peerage.Outcome, latency time.Duration) {
	p.may("Finished")
	p.finished[outcome]++
}

func TestPolicyInGo(t *testing.T) {
	policy, transport := &turns{}, &fake{}
	chooser := running(t, transport, "", []string{"a", "b", "c"},
		peerage.WithCustomPolicy(policy), peerage.WithShuffle(false), peerage.WithName("mine"))
	request := &peerage.Request{ShardKey: "s", RoutingKey: "r", RoutingDelegate: "d"}
	ids := ""
	for range 6 {
		ids += choose(t, chooser, request)
	}
	equal(t, "turns", ids, "bcabca")
	last := policy.asked[len(policy.asked)-1]
	equal(t, "shard key", last.ShardKey, "s")
	equal(t, "routing key", last.RoutingKey, "r")
	equal(t, "routing delegate", last.RoutingDelegate, "d")
	equal(t, "finished", policy.finished[peerage.Success], 6)

	must(t, transport.peer("b").SetStatus(peerage.Unavailable))
	equal(t, "peers of the policy", len(policy.keys), 2)
	must(t, chooser.Update(peerage.Updates{Remove: []string{"a", "b", "c"}}))
	equal(t, "peers of the policy", len(policy.keys), 0)
	_, err := chooser.TryChoose(nil)
	wants(t, err, peerage.ErrNoPeer)
}

func TestPolicyThatPanics(t *testing.T) {
	cause := errors.New("bug")
	faulty := ""
	policy := &turns{fault: func(callback string) {
		if callback == faulty {
			panic(cause)
		}
	}}
	chooser := running(t, &fake{}, "", []string{"a"}, peerage.WithCustomPolicy(policy))
	faulty = "Choose"
	_, err := chooser.TryChoose(nil)
	wants(t, err, peerage.ErrPanic, cause)
	_, err = chooser.Choose(soon(t), nil)
	wants(t, err, peerage.ErrPanic, cause)
	faulty = "Available"
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members("b")}), peerage.ErrPanic, cause)
	faulty = ""
	choose(t, chooser, nil)
	faulty = "Finished"
	captureDefaultLog(t)
	choose(t, chooser, nil)
	equal(t, "in flight", chooser.Stats().Pending, 0)
}
