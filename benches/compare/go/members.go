package main

import (
	"errors"
	"time"
)

// members is what it takes, for each peer, to add many, to have one become unavailable and available again, and to remove
// them: one by one and in one update. Beside it is a map of their names, which is the least that a list keeps.
func (r *run) members() error {
	for _, m := range r.matches {
		if !m.all {
			continue
		}
		var sides []*side
		for _, side := range m.sides {
			if side.can(r.many) {
				sides = append(sides, side)
			}
		}
		sides = append(sides, hashMap(m.policy))
		all, err := inTurn(r.rounds, sides, func(i int) (map[string]float64, error) { return r.membersOf(sides[i]) })
		if err != nil {
			return err
		}
		for i, side := range sides {
			all[i].print(r, "members", side, r.many, 1,
				"add-one-ns", "remove-one-ns", "add-all-ns", "flap-ns", "remove-all-ns")
		}
	}
	return nil
}

func (r *run) membersOf(s *side) (map[string]float64, error) {
	figures, order := map[string]float64{}, shuffled(r.many)
	if !s.rebuilds {
		list, err := s.open(r.many)
		if err != nil {
			return nil, err
		}
		defer list.close()
		one, begun := make([]int, 1), time.Now()
		for _, figure := range []string{"add-one-ns", "remove-one-ns"} {
			took, err := each(r.many, func(i int) error {
				if i%64 == 0 && time.Since(begun) > patience {
					return errTooSlow
				}
				if one[0] = order[i]; figure == "add-one-ns" {
					return list.update(one, nil)
				}
				return list.update(nil, one)
			})
			if err == errTooSlow {
				note("%s's %s: %s is left out, %d peers take more than %v", s.name, s.policy, figure, r.many, patience)
				break
			}
			if err != nil {
				return nil, err
			}
			figures[figure] = took
		}
	}
	list, err := s.open(r.many)
	if err != nil {
		return nil, err
	}
	defer list.close()
	all := numbers(r.many)
	atOnce := func(figure string, add, remove []int) error {
		took, err := each(1, func(int) error { return list.update(add, remove) })
		figures[figure] = took / float64(r.many)
		return err
	}
	if err := atOnce("add-all-ns", all, nil); err != nil {
		return nil, err
	}
	flaps := r.many
	if s.rebuilds {
		flaps = min(flaps, fewFlaps)
	}
	if _, isMap := list.(*nameMap); !isMap {
		figures["flap-ns"], err = each(flaps, func(i int) error {
			list.set(order[i], false)
			list.set(order[i], true)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return figures, atOnce("remove-all-ns", nil, all)
}

// fewFlaps is how many peers flap of a side that makes all anew each time.
const fewFlaps = 3

// patience is how long peers may take to come and to go one by one: a ring that is made anew each time would
// take hours.
const patience = 8 * time.Second

var errTooSlow = errors.New("too slow")

// each is how long it takes to do something, of many times, in nanoseconds.
func each(times int, do func(int) error) (float64, error) {
	begun := time.Now()
	for i := range times {
		if err := do(i); err != nil {
			return 0, err
		}
	}
	return float64(time.Since(begun).Nanoseconds()) / float64(times), nil
}

// hashMap is Go's own, of names, with room for all of them only if they come at once.
func hashMap(policy string) *side {
	return &side{name: "hashmap", policy: policy, open: func(peers int) (list, error) {
		return &nameMap{names: peerNames(peers), has: map[string]int{}}, nil
	}}
}

type nameMap struct {
	names []string
	has   map[string]int
}

func (m *nameMap) update(add, remove []int) error {
	if len(m.has) == 0 && len(add) > 1 {
		m.has = make(map[string]int, len(add))
	}
	for _, peer := range add {
		m.has[m.names[peer]] = peer
	}
	for _, peer := range remove {
		delete(m.has, m.names[peer])
	}
	return nil
}

func (*nameMap) once(int) error { return nil }
func (*nameMap) set(int, bool)  {}
func (*nameMap) close()         {}
