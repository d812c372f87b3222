package peerage_test

import (
	"fmt"
	"testing"

	"peerage.dev/go"
)

// A chooser that chooses in Go and one that asks C are taken through the same life with the same
// seed, and make the same choices.
func TestChoicesInGoAreThoseOfC(t *testing.T) {
	for _, policy := range []string{"round-robin", "random", "two-random-choices"} {
		for _, peers := range []int{1, 2, 3, 10, 100} {
			t.Run(fmt.Sprint(policy, peers), func(t *testing.T) {
				inGo, inC := life(t, policy, peers, false), life(t, policy, peers, true)
				equal(t, "choices", len(inGo), len(inC))
				for i := range inGo {
					equal(t, fmt.Sprintf("choice %d", i), inGo[i], inC[i])
				}
			})
		}
	}
}

// life returns the choices of a chooser whose peers come, go, and are loaded.
func life(t *testing.T, policy string, peers int, inC bool) (chosen []string) {
	transport := &fake{}
	ids := names(peers)
	chooser := running(t, transport, policy, ids, peerage.WithSeed(42))
	equal(t, "chooses in Go", peerage.ChoosesInGo(chooser), true)
	if inC {
		peerage.ChooseInC(chooser)
	}
	var held []peerage.Pick
	choose := func(count int) {
		for i := range count {
			pick, err := chooser.TryChoose(nil)
			if err != nil {
				chosen = append(chosen, err.Error())
				continue
			}
			chosen = append(chosen, pick.Peer().ID())
			if i%3 == 0 {
				held = append(held, pick)
			} else {
				pick.Finish(nil)
			}
		}
	}
	choose(50)
	for i, id := range ids {
		if i%3 == 1 {
			must(t, transport.peer(id).SetStatus(peerage.Connecting))
		}
		if i%4 == 3 {
			must(t, chooser.Update(peerage.Updates{Remove: []string{id}}))
		}
		choose(5)
	}
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("x", "y", "z")}))
	choose(50)
	for i := range held {
		held[i].Finish(nil)
	}
	choose(50)
	must(t, chooser.Stop())
	choose(2)
	equal(t, "in flight", chooser.Stats().Pending, 0)
	return chosen
}

func TestNothingIsHandedOutDuringStart(t *testing.T) {
	for _, policy := range policies {
		var chooser *peerage.Chooser
		tried := 0
		transport := &fake{onRetain: func(peer *peerage.Peer) error {
			must(t, peer.SetStatus(peerage.Available))
			_, err := chooser.TryChoose(nil)
			wants(t, err, peerage.ErrNotRunning)
			tried++
			return nil
		}}
		var err error
		chooser, err = peerage.NewChooser(transport, policy)
		must(t, err)
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(3)...)}))
		must(t, chooser.Start())
		equal(t, "tries", tried, 3)
		must(t, chooser.Close())
	}
}

func TestWhichPoliciesChooseInGo(t *testing.T) {
	for policy, want := range map[string]bool{
		"round-robin": true, "random": true, "two-random-choices": true,
		"fewest-pending-requests": false, "hashring32": false, "single": true, "direct": false,
		"weighted-round-robin": false, "maglev": false,
	} {
		chooser, err := peerage.NewChooser(&fake{}, policy)
		must(t, err)
		equal(t, policy, peerage.ChoosesInGo(chooser), want)
		must(t, chooser.Close())
	}
}
