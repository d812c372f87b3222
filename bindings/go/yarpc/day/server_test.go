package day

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/yarpc"
	"go.uber.org/yarpc/encoding/raw"
)

// server is a dispatcher with two procedures: "who" answers with the server's
// address, "hold" does so once the server lets go, or the caller has.
type server struct {
	t       *testing.T
	network network
	address string
	// held is how many calls have come to "hold".
	held atomic.Int64
	// Of the present run; letGo is closed when held requests are to be answered.
	dispatcher *yarpc.Dispatcher
	letGo      chan struct{}
	once       *sync.Once
}

// serve starts so many servers, which stop at the end of the test.
func serve(t *testing.T, n network, count int) []*server {
	t.Helper()
	servers := make([]*server, count)
	for i := range servers {
		servers[i] = &server{t: t, network: n, address: unserved(t)}
		servers[i].start()
		t.Cleanup(servers[i].stop)
	}
	return servers
}

// start runs the server at its address, and tries again while that is still in
// use: nothing tells when it is free.
func (s *server) start() {
	s.t.Helper()
	var err error
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if err = s.try(); err == nil {
			return
		}
	}
	s.t.Fatal(fmt.Errorf("no server at %s over %s: %w", s.address, s.network.name, err))
}

func (s *server) try() error {
	in, err := s.network.inbound(s.address)
	if err != nil {
		return err
	}
	dispatcher := yarpc.NewDispatcher(yarpc.Config{Name: service, Inbounds: yarpc.Inbounds{in}})
	letGo := make(chan struct{})
	dispatcher.Register(raw.Procedure("who", func(context.Context, []byte) ([]byte, error) {
		return []byte(s.address), nil
	}))
	dispatcher.Register(raw.Procedure("hold", func(ctx context.Context, _ []byte) ([]byte, error) {
		s.held.Add(1)
		select {
		case <-letGo:
			return []byte(s.address), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}))
	if err := dispatcher.Start(); err != nil {
		return err
	}
	s.dispatcher, s.letGo, s.once = dispatcher, letGo, new(sync.Once)
	return nil
}

// stop ends the server if it runs. What it holds is answered first, for some
// transports wait for it.
func (s *server) stop() {
	if s.dispatcher == nil {
		return
	}
	s.answer()
	if err := s.dispatcher.Stop(); err != nil {
		s.t.Errorf("server %s does not stop: %v", s.address, err)
	}
	s.dispatcher = nil
}

// answer answers what the server holds, and what comes from now on at once.
func (s *server) answer() { s.once.Do(func() { close(s.letGo) }) }

func addresses(servers []*server) []string {
	var all []string
	for _, s := range servers {
		all = append(all, s.address)
	}
	return all
}
