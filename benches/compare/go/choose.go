package main

// choose is a choice and its end, among peers that are all available.
func (r *run) choose() error {
	for _, m := range r.matches {
		for _, peers := range r.sizes {
			if err := r.chooseAmong(m, peers); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) chooseAmong(m match, peers int) error {
	sides, lists, err := opened(m.sides, peers, (*side).filled)
	defer closeAll(lists)
	if err != nil {
		return err
	}
	for _, threads := range r.threads {
		all, err := inTurn(r.turns, sides, func(i int) (map[string]float64, error) {
			each, err := latency(lists[i], threads, r.turn)
			return map[string]float64{"ns": each}, err
		})
		if err != nil {
			return err
		}
		for i, side := range sides {
			all[i].print(r, "choose", side, peers, threads, "ns")
		}
	}
	return nil
}

// opened are the sides that can have so many peers, and their lists.
func opened(all []*side, peers int, open func(*side, int) (list, error)) (sides []*side, lists []list, err error) {
	for _, side := range all {
		if !side.can(peers) {
			continue
		}
		list, err := open(side, peers)
		if err != nil {
			return sides, lists, err
		}
		sides, lists = append(sides, side), append(lists, list)
	}
	return sides, lists, nil
}

func closeAll(lists []list) {
	for _, list := range lists {
		list.close()
	}
}
