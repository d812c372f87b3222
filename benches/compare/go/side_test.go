package main

import (
	"math"
	"testing"
)

// Each side chooses what is available and nothing else: its figures are of the work that they are said to be of.
func TestEachSideFollowsItsPeers(t *testing.T) {
	const peers = 8
	for _, m := range matches {
		for _, side := range m.sides {
			t.Run(side.name+" "+side.policy, func(t *testing.T) {
				list, err := side.filled(peers)
				if err != nil {
					t.Fatal(err)
				}
				defer list.close()
				choose := func(when string) {
					t.Helper()
					for request := range batch {
						if err := list.once(request); err != nil {
							t.Fatalf("%s: %v", when, err)
						}
					}
				}
				choose("when all are available")
				for peer := range peers - 1 {
					list.set(peer, false)
				}
				choose("when one is available")
				list.set(0, true)
				list.set(peers-1, false)
				choose("when another one is")
				for peer := 1; peer < peers; peer++ {
					list.set(peer, true)
				}
				if err := list.update(nil, []int{1, 2, 3}); err != nil {
					t.Fatal(err)
				}
				choose("when some were removed")
				if err := list.update([]int{2}, nil); err != nil {
					t.Fatal(err)
				}
				choose("when one came back")
			})
		}
	}
}

// The weights that servers report arrive: a peer of weight 3 is chosen three times as often as one of 1.
func TestGRPCsWeightsCount(t *testing.T) {
	const peers, rounds = 3, 300
	opened, err := grpcWeighted.filled(peers)
	if err != nil {
		t.Fatal(err)
	}
	list := opened.(*grpcList)
	defer list.close()
	var chosen [peers]float64
	for range peers * rounds {
		result, err := (*list.channel.picker.Load()).Pick(pickInfo)
		if err != nil {
			t.Fatal(err)
		}
		chosen[result.SubConn.(*grpcConnection).number]++
	}
	for peer, count := range chosen {
		want := float64(peers*rounds) * float64(weightOf(peer)) / (1 + 2 + 3)
		if math.Abs(count-want) > want/20 {
			t.Errorf("the peer of weight %d was chosen %v times instead of %v", weightOf(peer), count, want)
		}
	}
}

func TestPercentiles(t *testing.T) {
	seen := newHistogram()
	for n := range int64(1_000_000) {
		seen.add(n)
	}
	for share, want := range map[float64]float64{0.001: 999, 0.5: 500_000, 0.99: 990_000, 0.999: 999_000} {
		if got := seen.percentile(share); math.Abs(got-want) > want/steps {
			t.Errorf("%v: got %v, want %v", share, got, want)
		}
	}
	for _, n := range []uint64{0, 1, fine - 1, fine, fine + 1, 1<<20 - 1, 1 << 20, math.MaxInt64} {
		if got := at(place(n)); got > float64(n) || got < float64(n)*(1-1.0/steps) {
			t.Errorf("%d is counted as %v", n, got)
		}
	}
}

func TestTheLeastOfTurns(t *testing.T) {
	var l least
	l.add(false, map[string]float64{"a": 1, "b": 9})
	l.add(false, map[string]float64{"a": 2, "b": 8})
	if l.values["a"] != 1 || l.values["b"] != 8 {
		t.Errorf("of disturbed turns: %v", l.values)
	}
	l.add(true, map[string]float64{"a": 5, "b": 9})
	l.add(false, map[string]float64{"a": 1, "b": 1})
	l.add(true, map[string]float64{"a": 4, "b": 10})
	if l.values["a"] != 4 || l.values["b"] != 9 {
		t.Errorf("of turns of which some were disturbed: %v", l.values)
	}
}
