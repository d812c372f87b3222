package yarpcpeers

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/peer/hostport"
	"go.uber.org/yarpc/transport/http"
	"go.uber.org/yarpc/yarpctest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// hasStopped returns how long a stop took that was begun elsewhere.
func hasStopped(t *testing.T, stopped <-chan error) error {
	t.Helper()
	select {
	case err := <-stopped:
		return err
	case <-time.After(soon):
		t.Fatal("Stop does not return")
		return nil
	}
}

func stopping(stop func() error) <-chan error {
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	return stopped
}

func TestStopWaitsForRequests(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1", "2")
		chosen, finish := w.begin()
		stopped := stopping(w.list.Stop)
		w.eventually(func() bool { return !w.list.IsRunning() })
		select {
		case err := <-stopped:
			t.Fatalf("Stop returned %v while a request was in flight", err)
		case <-time.After(late):
		}
		w.mu.Lock()
		early := slices.Contains(w.released, chosen.Identifier())
		w.mu.Unlock()
		if early {
			t.Fatal("released while a request was in flight")
		}
		// What changes the members does not wait for requests.
		w.must(w.add("3"))
		finish(nil)
		w.must(hasStopped(t, stopped))
		w.asked([]string{"1", "2"}, []string{"1", "2"})
	})
}

// A request that does not end holds a stop up to the limit, and its peer is released once.
func TestStopReleasesAtTheLimit(t *testing.T) {
	stray := strayFailures(t)
	everyPolicy(t, func(t *testing.T, p policy) {
		for _, limit := range []time.Duration{0, late} {
			core, logs := observer.New(zapcore.WarnLevel)
			w := newWorld(t, p, yarpctest.NewFakeTransport(), DrainTimeout(limit), Logger(zap.New(core)))
			w.must(w.list.Start())
			w.must(w.add("1", "2", "3"))
			removed, finishRemoved := w.begin()
			w.must(w.remove(removed.Identifier()))
			_, finish := w.begin()
			_, abandoned := w.begin()
			begun := time.Now()
			w.must(hasStopped(t, stopping(w.list.Stop)))
			if took := time.Since(begun); took < limit {
				t.Fatalf("stopped after %v, the limit is %v", took, limit)
			}
			all := []string{"1", "2", "3"}
			w.asked(all, all)
			if lines := logs.All(); len(lines) != 1 || lines[0].Message != "peers are released with requests in flight" {
				t.Fatal(lines)
			}
			// Too late to change anything, and twice.
			for _, finish := range []func(error){finish, finishRemoved, finish, abandoned} {
				finish(errors.New("reset"))
			}
			w.asked(all, all)
			if stats := w.list.Stats(); stats.Departing != 0 || stats.Pending != 0 {
				t.Fatalf("%+v", stats)
			}
			w.must(w.list.Stop())
			w.asked(all, all)
		}
	})
	if stray.Len() != 0 {
		t.Fatal(stray)
	}
}

// strayFailures collects what callbacks have failed with in calls that return no error.
func strayFailures(t *testing.T) *bytes.Buffer {
	logged, usual := &bytes.Buffer{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(logged, nil)))
	t.Cleanup(func() { slog.SetDefault(usual) })
	return logged
}

func TestStopReportsWhatTheLimitReleases(t *testing.T) {
	failure := errors.New("release failed")
	fake := yarpctest.NewFakeTransport(yarpctest.ReleaseErrors(failure, []string{"1"}))
	w := newWorld(t, policies[0], fake, DrainTimeout(0))
	w.must(w.list.Start())
	w.must(w.add("1"))
	_, finish := w.begin()
	for range 2 {
		if err := w.list.Stop(); !errors.Is(err, failure) {
			t.Fatal(err)
		}
	}
	finish(nil)
}

func TestDrain(t *testing.T) {
	w := started(t, policies[0], "1")
	_, finish := w.begin()
	w.must(w.remove("1"))
	ctx, cancel := context.WithTimeout(context.Background(), late)
	defer cancel()
	is(t, w.list.Drain(ctx), context.DeadlineExceeded)
	finish(nil)
	w.must(w.list.Drain(context.Background()))
	w.asked([]string{"1"}, []string{"1"})
}

// YARPC's HTTP transport waits until all its peers are released: an onFinish that is never called must not
// keep it from stopping.
func TestStopOfYARPCsHTTPTransport(t *testing.T) {
	address := serve(t, "127.0.0.1:0").address
	for _, build := range []func(peer.Transport, ...Option) (peer.Chooser, error){
		func(t peer.Transport, options ...Option) (peer.Chooser, error) {
			return asChooser(NewRoundRobin(t, options...))
		},
		func(t peer.Transport, options ...Option) (peer.Chooser, error) { return NewDirect(t, options...) },
		func(t peer.Transport, options ...Option) (peer.Chooser, error) {
			return asChooser(NewSingle(hostport.Identify(address), t, options...))
		},
	} {
		outbound := http.NewTransport()
		if err := outbound.Start(); err != nil {
			t.Fatal(err)
		}
		chooser, err := build(outbound, DrainTimeout(late))
		if err != nil {
			t.Fatal(err)
		}
		if err := chooser.Start(); err != nil {
			t.Fatal(err)
		}
		if list, ok := chooser.(*List); ok && list.single == nil {
			if err := list.Update(peer.ListUpdates{Additions: []peer.Identifier{hostport.Identify(address)}}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		_, finish, err := chooser.Choose(ctx, &transport.Request{ShardKey: address})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if err := hasStopped(t, stopping(func() error {
			return errors.Join(chooser.Stop(), outbound.Stop())
		})); err != nil {
			t.Fatal(err)
		}
		finish(nil)
	}
}

func asChooser(list *List, err error) (peer.Chooser, error) { return list, err }
