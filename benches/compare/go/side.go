package main

// list is what the works need of a list of peers, whichever library it is of. Peers have numbers, in the order of
// peerNames; all become available as soon as they are added.
type list interface {
	// once chooses a peer and ends the request, which is one of a batch of different ones.
	once(request int) error
	// update adds and removes peers.
	update(add, remove []int) error
	// set has a connection report that the peer of this number can be used, or that it cannot. Those of peerage
	// are numbered as they were retained.
	set(peer int, available bool)
	close()
}

// batch is how many different requests there are.
const batch = 256

// side is one of those that take turns.
type side struct {
	name, policy string
	// Pending requests are counted for each peer.
	counts bool
	// open makes a list with room for so many peers, that runs and is empty.
	open func(peers int) (list, error)
	// How many peers it can be given before a single change takes seconds; 0: any number.
	most int
	// A change makes what choices read anew, so peers that come one by one cost quadratically.
	rebuilds bool
	// A choice waits when no peer is available.
	waits bool
}

// match is a policy of peerage's, and the sides that do the same.
type match struct {
	policy string
	sides  []*side
	// Members, memory and flaps are done with it too: other policies keep their peers in the same way as one of these.
	all bool
}

var matches = []match{
	{"round-robin", []*side{ours("round-robin"), yarpcRoundRobin, grpcRoundRobin}, true},
	{"weighted-round-robin", []*side{ours("weighted-round-robin"), grpcWeighted}, true},
	{"random", []*side{ours("random"), yarpcRandom}, false},
	{"two-random-choices", []*side{ours("two-random-choices"), yarpcTwoRandom, grpcLeastRequest}, true},
	{"fewest-pending-requests", []*side{ours("fewest-pending-requests"), yarpcFewest}, true},
	{"hashring32", []*side{ours("hashring32"), yarpcRing}, true},
}

// filled is a list of available peers.
func (s *side) filled(peers int) (list, error) {
	list, err := s.open(peers)
	if err != nil {
		return nil, err
	}
	if err := list.update(numbers(peers), nil); err != nil {
		list.close()
		return nil, err
	}
	return list, nil
}

// can says whether the side can be given so many peers.
func (s *side) can(peers int) bool {
	if s.most == 0 || peers <= s.most {
		return true
	}
	note("%s's %s is left out with %d peers: it is filled with no more than %d in a bearable time",
		s.name, s.policy, peers, s.most)
	return false
}

func numbers(peers int) []int {
	all := make([]int, peers)
	for i := range all {
		all[i] = i
	}
	return all
}
