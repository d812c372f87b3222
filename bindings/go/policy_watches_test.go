package peerage_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"peerage.dev/go"
)

func TestAPlaceIsAReasonToAsk(t *testing.T) {
	policy := &oracle{watches: peerage.WatchPlaces}
	chooser := asked(t, policy, "a")
	pick := held(t, chooser)
	policy.answers(peerage.NothingAtCapacity)
	ended := waiting(t, chooser, 1, context.Background())
	policy.answers(nil)
	pick.Finish(nil)
	must(t, receive(t, "the wait ends", ended))
}

func TestLatencies(t *testing.T) {
	for _, watches := range []peerage.Watch{0, peerage.WatchLatency} {
		policy := &oracle{watches: watches, latency: make(chan time.Duration, 16)}
		chooser := asked(t, policy, "a")
		for said, want := range map[time.Duration]time.Duration{0: 0, 5: 5, time.Hour: time.Hour} {
			pick := held(t, chooser)
			pick.FinishTimed(peerage.Success, said)
			pick.FinishTimed(peerage.Success, said)
			equal(t, "said", <-policy.latency, want)
		}
		for _, finish := range []func(*peerage.Pick){
			func(p *peerage.Pick) { p.Finish(nil) },
			func(p *peerage.Pick) { p.FinishTimed(peerage.Success, -1) },
			func(p *peerage.Pick) { p.FinishTimed(peerage.Success, -time.Hour) },
		} {
			before := time.Now()
			pick := held(t, chooser)
			// The request takes this long, which is measured: no event is waited for.
			time.Sleep(time.Millisecond)
			finish(&pick)
			switch latency := <-policy.latency; {
			case watches == 0:
				equal(t, "not said", latency, -1)
			case latency < time.Millisecond || latency > time.Since(before):
				t.Fatalf("%v was measured", latency)
			}
		}
		equal(t, "ends", len(policy.latency), 0)
		equal(t, "pending", chooser.Stats().Pending, 0)
	}
	// Policies of the library hear nothing of it, and count as before.
	for _, policy := range policies {
		chooser := running(t, &fake{}, policy, []string{"a"})
		pick := held(t, chooser)
		pick.FinishTimed(peerage.Failure, time.Second)
		equal(t, policy, chooser.Stats().Pending, 0)
	}
}

// deaf is a policy that asks for what it cannot hear.
type deaf struct{ sticky }

func (deaf) Watches() peerage.Watch { return peerage.WatchLatency }

func TestWhatAPolicyCannotWatch(t *testing.T) {
	_, err := peerage.NewChooser(&fake{}, "", peerage.WithCustomPolicy(&deaf{}))
	wants(t, err, peerage.ErrInvalidArgument)
	_, err = peerage.NewChooser(&fake{}, "", peerage.WithCustomPolicy(&oracle{watches: 1 << 9}))
	wants(t, err, peerage.ErrInvalidArgument)
}

// limited hands each peer one request at a time.
type limited struct {
	busy    map[peerage.Key]bool
	current atomic.Int32
}

func (l *limited) Available(peer peerage.PeerInfo) { l.busy[peer.Key] = peer.Pending > 0 }
func (l *limited) Unavailable(key peerage.Key)     { delete(l.busy, key) }
func (l *limited) Watches() peerage.Watch          { return peerage.WatchPlaces }
func (l *limited) Choose(*peerage.Request) (peerage.Key, error) {
	for key, busy := range l.busy {
		if !busy {
			l.busy[key] = true
			return key, nil
		}
	}
	if len(l.busy) == 0 {
		return 0, peerage.NothingUnavailable
	}
	return 0, peerage.NothingAtCapacity
}

func (l *limited) Finished(key peerage.Key, _ peerage.Outcome, _ time.Duration) {
	if _, known := l.busy[key]; known {
		l.busy[key] = false
	}
}

func TestOneRequestAtATime(t *testing.T) {
	policy := &limited{busy: map[peerage.Key]bool{}}
	chooser := running(t, &fake{}, "", []string{"a", "b"}, peerage.WithCustomPolicy(policy))
	var callers sync.WaitGroup
	for range 17 {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for range 20 {
				pick, err := chooser.Choose(soon(t), nil)
				if err != nil {
					t.Error(err)
					return
				}
				if now := policy.current.Add(1); now > 2 {
					t.Errorf("%d requests at once", now)
				}
				policy.current.Add(-1)
				pick.Finish(nil)
			}
		}()
	}
	within(t, "all callers end", callers.Wait)
}
