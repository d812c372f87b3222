package peerage_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"peerage.dev/go"
)

// oracle is a policy that answers what the test says, or the peer that became available last.
type oracle struct {
	mu      sync.Mutex
	answer  error
	keys    []peerage.Key
	infos   []peerage.PeerInfo
	seen    func(*peerage.Request)
	again   func()
	watches peerage.Watch
	latency chan time.Duration
}

func (o *oracle) Available(peer peerage.PeerInfo) {
	o.infos = append(o.infos, peer)
	o.keys = append(o.keys, peer.Key)
}

func (o *oracle) Unavailable(key peerage.Key) {
	for i, other := range o.keys {
		if other == key {
			o.keys = append(o.keys[:i], o.keys[i+1:]...)
			return
		}
	}
}

func (o *oracle) Choose(request *peerage.Request) (peerage.Key, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen != nil {
		o.seen(request)
	}
	if o.answer != nil {
		return 0, o.answer
	}
	if len(o.keys) == 0 {
		return 0, peerage.NothingUnavailable
	}
	return o.keys[len(o.keys)-1], nil
}

func (o *oracle) Finished(key peerage.Key, outcome peerage.Outcome, latency time.Duration) {
	if o.latency != nil {
		o.latency <- latency
	}
}

func (o *oracle) Watches() peerage.Watch { return o.watches }

func (o *oracle) Attached(askAgain func()) { o.again = askAgain }

func (o *oracle) answers(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = err
}

// asked is a chooser with an oracle.
func asked(t *testing.T, policy *oracle, ids ...string) *peerage.Chooser {
	return running(t, &fake{}, "", ids, peerage.WithCustomPolicy(policy), peerage.WithName("mine"),
		peerage.WithShuffle(false), peerage.WithDefaultTimeout(peerage.Forever))
}

func TestAPolicyIsToldOfPeers(t *testing.T) {
	policy := &oracle{}
	chooser := asked(t, policy)
	must(t, chooser.Update(peerage.Updates{Add: []peerage.Member{
		{ID: "a", Weight: 3, Tier: 1, Zone: "z", Shard: "s"}, {ID: "b"},
	}}))
	choose(t, chooser, nil)
	equal(t, "peers", len(policy.infos), 2)
	a, b := policy.infos[0], policy.infos[1]
	equal(t, "a", a, peerage.PeerInfo{Key: a.Key, ID: "a", Weight: 3, Tier: 1, Zone: "z", Shard: "s"})
	equal(t, "b", b, peerage.PeerInfo{Key: b.Key, ID: "b", Weight: 1})
	equal(t, "numbers", fmt.Sprint(a.Key.Index(), b.Key.Index()), "0 1")
	// Something else is known of it: it leaves and comes, with its requests, by the same key.
	pick := held(t, chooser)
	must(t, chooser.Update(peerage.Updates{Add: []peerage.Member{{ID: "b", Weight: 2}}, Remove: []string{"b"}}))
	equal(t, "b", policy.infos[2], peerage.PeerInfo{Key: b.Key, ID: "b", Weight: 2, Pending: 1})
	equal(t, "peers", len(policy.keys), 2)
	pick.Finish(nil)
}

func TestAPolicySeesTheWholeRequest(t *testing.T) {
	policy := &oracle{}
	chooser := asked(t, policy, "a")
	var kept *peerage.Request
	policy.seen = func(request *peerage.Request) {
		kept = request
		equal(t, "keys", fmt.Sprintf("%q %q %q", request.ShardKey, request.RoutingKey, request.RoutingDelegate),
			`"\xff\x00" "r" "d"`)
		equal(t, "avoid", fmt.Sprint(request.Avoid), "[x y]")
		equal(t, "prefer", request.Prefer, "z")
		for name, want := range map[string]string{"x-tier": "gold\xff", "X-TIER": "gold\xff", "empty": ""} {
			value, has := request.Header(name)
			equal(t, name, value, want)
			equal(t, name, has, true)
		}
		_, has := request.Header("other")
		equal(t, "other", has, false)
		_, has = request.Header("\xff")
		equal(t, "no name", has, false)
	}
	request := &peerage.Request{
		ShardKey: "\xff\x00", RoutingKey: "r", RoutingDelegate: "d", Avoid: []string{"x", "y"}, Prefer: "z",
		Headers: map[string]string{"X-Tier": "gold\xff", "Empty": ""},
	}
	choose(t, chooser, request)
	// It is the caller's again.
	_, has := kept.Header("x-tier")
	equal(t, "has headers", has, false)
	value, has := request.Header("x-TIER")
	equal(t, "one's own", value, "gold\xff")
	equal(t, "one's own", has, true)
	_, has = (*peerage.Request)(nil).Header("x")
	equal(t, "of nothing", has, false)
}

// A policy passes its request on to another chooser, with its headers.
func TestAPolicyPassesARequestOn(t *testing.T) {
	ring := running(t, &fake{}, "hashring32:alternate-shard-key-header=key", names(5))
	policy, passedTo := &oracle{}, ""
	chooser := asked(t, policy, "a")
	policy.seen = func(request *peerage.Request) {
		pick, err := ring.TryChoose(request)
		must(t, err)
		passedTo = pick.Peer().ID()
		pick.Finish(nil)
	}
	for i := range 20 {
		request := &peerage.Request{Headers: map[string]string{"Key": fmt.Sprint("key-", i)}}
		want := choose(t, ring, request)
		choose(t, chooser, request)
		equal(t, "passed to", passedTo, want)
	}
}

func TestWhatAPolicyWaitsFor(t *testing.T) {
	for name, test := range map[string]struct {
		answer error
		add    []string // the last of these ends the wait
		key    string
	}{
		"excluded":      {peerage.NothingExcluded, []string{"b"}, ""},
		"unavailable":   {fmt.Errorf("wrapped: %w", peerage.NothingUnavailable), []string{"b"}, ""},
		"too few":       {peerage.NothingTooFew(4), []string{"b", "c", "d"}, ""},
		"not the named": {peerage.NothingNotTheNamed, []string{"b", "c"}, "c"},
		"unknown":       {peerage.Nothing(77), []string{"b"}, ""},
		"zero":          {peerage.Nothing(0), []string{"b"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			policy := &oracle{answer: test.answer}
			chooser := asked(t, policy, "a")
			_, err := chooser.TryChoose(nil)
			wants(t, err, peerage.ErrNoPeer)
			ended := make(chan error, 1)
			go func() {
				pick, err := chooser.Choose(soon(t), &peerage.Request{ShardKey: test.key})
				pick.Finish(nil)
				ended <- err
			}()
			for i, id := range test.add {
				eventually(t, "it waits", func() bool { return chooser.Stats().Waiting == 1 })
				if i == len(test.add)-1 {
					policy.answers(nil)
				}
				must(t, chooser.Update(peerage.Updates{Add: peerage.Members(id)}))
			}
			must(t, receive(t, "the wait ends", ended))
		})
	}
}

func TestAPolicyAsksAgain(t *testing.T) {
	policy := &oracle{answer: peerage.NothingNotReady}
	chooser := asked(t, policy, "a")
	ended := waiting(t, chooser, 3, context.Background())
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("b")}))
	// The update wakes the callers, and a caller is out of the queue while it looks at the new peer.
	eventually(t, "they wait again", func() bool { return chooser.Stats().Waiting == 3 })
	policy.answers(nil)
	policy.again()
	for range 3 {
		must(t, receive(t, "the wait ends", ended))
	}
	must(t, chooser.Close())
	// It outlives its chooser, and what C keeps of it goes when nothing refers to it.
	policy.again()
	runtime.GC()
	policy.again()
}

func TestAPolicysOwnErrorEndsTheChoice(t *testing.T) {
	mine := errors.New("no tenant of this name")
	policy := &oracle{answer: mine}
	chooser := asked(t, policy, "a")
	_, err := chooser.TryChoose(nil)
	wants(t, err, peerage.ErrRejected, mine)
	_, err = chooser.Choose(soon(t), nil)
	wants(t, err, peerage.ErrRejected, mine)
	policy.answers(nil)
	equal(t, "pending", chooser.Stats().Pending, 0)
	choose(t, chooser, nil)
}

func TestNothingInWords(t *testing.T) {
	for nothing, want := range map[peerage.Nothing]string{
		peerage.NothingExcluded:    "no available peer is for this request",
		peerage.NothingUnavailable: "no peer is available",
		peerage.NothingTooFew(3):   "fewer than 3 peers are available",
		peerage.NothingTooFew(-3):  "fewer than 0 peers are available",
		peerage.NothingNotTheNamed: "the named peer is not available",
		peerage.NothingAtCapacity:  "every peer is at its capacity",
		peerage.NothingNotReady:    "the policy is not ready",
	} {
		equal(t, "text", nothing.Error(), want)
	}
}
