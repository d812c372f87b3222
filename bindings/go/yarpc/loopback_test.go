package yarpcpeers

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/yarpc/api/transport"
)

// Three servers on loopback, of which one stops and starts again: calls move
// away from it, and come back.
func TestCallsOverRealConnections(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		servers := []*server{serve(t, "127.0.0.1:0"), serve(t, "127.0.0.1:0"), serve(t, "127.0.0.1:0")}
		var addresses []string
		for _, s := range servers {
			addresses = append(addresses, s.address)
		}
		outbound := newHTTPTransport()
		list, err := p.build(outbound)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, policy: p, list: list}
		w.must(list.Start())
		w.must(w.add(addresses...))
		w.answers(outbound, addresses)

		servers[0].stop()
		calls := 0
		w.eventually(func() bool {
			calls++
			_, _ = w.call(outbound, calls) // It may fail: that is how the transport hears of it.
			return strings.HasSuffix(list.Introspect().State, "(2/3 available)")
		})
		w.answers(outbound, addresses[1:])

		servers[0] = serve(t, addresses[0])
		w.eventually(func() bool { return strings.HasSuffix(list.Introspect().State, "(3/3 available)") })
		w.answers(outbound, addresses)

		w.concurrently(outbound)
		list.Close()
		outbound.wait.Wait()
		for _, s := range servers {
			s.stop()
		}
	})
}

// call sends a request with a shard key that is made of n.
func (w *world) call(outbound *httpTransport, n int) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	return outbound.call(ctx, w.list, &transport.Request{ShardKey: fmt.Sprint("key-", n)})
}

// answers asserts that exactly these servers answer, and that no call fails.
func (w *world) answers(outbound *httpTransport, want []string) {
	w.t.Helper()
	w.eventually(func() bool { return strings.Contains(w.list.Introspect().State, fmt.Sprint(len(want), "/")) })
	missing := map[string]bool{}
	for _, address := range want {
		missing[address] = true
	}
	for n := 0; n < 30 || len(missing) > 0 && n < 1000; n++ {
		answer, err := w.call(outbound, n)
		w.must(err)
		if delete(missing, answer); !strings.Contains(strings.Join(want, " "), answer) {
			w.t.Fatalf("%s answers, want one of %v", answer, want)
		}
	}
	if len(missing) > 0 {
		w.t.Fatalf("nobody asks %v", missing)
	}
}

// concurrently calls from several goroutines, and asserts that every request is finished in the end.
func (w *world) concurrently(outbound *httpTransport) {
	w.t.Helper()
	together(4, func(int) {
		for n := range 25 {
			if _, err := w.call(outbound, n); err != nil {
				w.t.Error(err)
			}
		}
	})
	if pending := w.list.chooser.Stats().Pending; pending != 0 {
		w.t.Fatalf("%d requests never ended", pending)
	}
}

// server answers with its address.
type server struct {
	address string
	http    *http.Server
	done    sync.WaitGroup
	once    sync.Once
}

func serve(t *testing.T, address string) *server {
	t.Helper()
	listener, err := listen(address)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: listener.Addr().String()}
	s.http = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, s.address)
	})}
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		_ = s.http.Serve(listener)
	}()
	t.Cleanup(s.stop)
	return s
}

// listen tries again while the address is still in use by what has just ended: nothing tells when it
// is free.
func listen(address string) (listener net.Listener, err error) {
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if listener, err = net.Listen("tcp", address); err == nil {
			break
		}
	}
	return listener, err
}

func (s *server) stop() {
	s.once.Do(func() {
		_ = s.http.Close()
		s.done.Wait()
	})
}
