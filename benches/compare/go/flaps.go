package main

import "time"

// flaps is how long single choices take while all peers stay available, and while 1 % of them flap: every so often
// the next 1 % become unavailable, and those before them available again.
//
// One goroutine chooses, another one is the connections'. The time of each choice has one look at the clock in it, the
// same for each side.
func (r *run) flaps() error {
	for _, m := range r.matches {
		if !m.all {
			continue
		}
		sides, lists, err := opened(m.sides, r.flapping, (*side).filled)
		if err == nil {
			err = r.flapsOf(sides, lists)
		}
		closeAll(lists)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) flapsOf(sides []*side, lists []list) error {
	flappers := make([]*flapper, len(sides))
	for i, list := range lists {
		flappers[i] = &flapper{list: list, peers: r.flapping, every: r.every}
	}
	for _, kind := range []string{"calm", "flap"} {
		all, err := inTurn(max(r.turns/2, 1), sides, func(i int) (map[string]float64, error) {
			stop := func() {}
			if kind == "flap" {
				stop = flappers[i].start()
			}
			seen, err := latencies(lists[i], r.flapTurn)
			stop()
			if err != nil {
				return nil, err
			}
			return map[string]float64{
				kind + "-p50-ns": seen.percentile(0.5), kind + "-p99-ns": seen.percentile(0.99),
				kind + "-p999-ns": seen.percentile(0.999),
			}, nil
		})
		if err != nil {
			return err
		}
		for i, side := range sides {
			all[i].print(r, "flaps", side, r.flapping, 1, kind+"-p50-ns", kind+"-p99-ns", kind+"-p999-ns")
			if f := flappers[i]; kind == "flap" && f.due > 2*f.done {
				note("%s's %s is too slow: of %d changes that were due it took %d", side.name, side.policy, f.due, f.done)
			}
		}
	}
	return nil
}

// latencies are the times of single choices.
func latencies(l list, turn time.Duration) (*histogram, error) {
	seen, begun := newHistogram(), time.Now()
	for request := 0; ; request = (request + 1) % batch {
		before := time.Since(begun)
		if before >= turn {
			return seen, nil
		}
		if err := l.once(request); err != nil {
			return nil, err
		}
		seen.add(int64(time.Since(begun) - before))
	}
}

// flapper is the connections of a list.
type flapper struct {
	list  list
	peers int
	every time.Duration
	// Who is next.
	next int
	// Changes of a status that were to be done in the turns so far, and that were.
	due, done int
}

// start begins to flap; what it returns ends that, and makes all peers available.
func (f *flapper) start() func() {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		f.flap(quit)
	}()
	return func() {
		close(quit)
		<-ended
	}
}

func (f *flapper) flap(quit <-chan struct{}) {
	var away []int
	begun, ticker := time.Now(), time.NewTicker(f.every)
	defer func() {
		ticker.Stop()
		// In the first turn none comes back.
		f.due += (2*int(time.Since(begun)/f.every) + 1) * (f.peers / 100)
		for _, peer := range away {
			f.list.set(peer, true)
		}
	}()
	for {
		// Those that go come first, so that none of them is one that comes.
		coming := len(away)
		for range f.peers / 100 {
			if isClosed(quit) {
				return
			}
			f.list.set(f.next, false)
			away = append(away, f.next)
			f.next = (f.next + 1) % f.peers
			f.done++
		}
		for range coming {
			if isClosed(quit) {
				return
			}
			f.list.set(away[0], true)
			away = away[1:]
			f.done++
		}
		select {
		case <-quit:
			return
		case <-ticker.C:
		}
	}
}

func isClosed(quit <-chan struct{}) bool {
	select {
	case <-quit:
		return true
	default:
		return false
	}
}
