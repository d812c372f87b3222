package day

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/x/introspection"
	"go.uber.org/yarpc/encoding/raw"
	yarpcpeer "go.uber.org/yarpc/peer"
	"go.uber.org/yarpc/peer/hostport"
	"go.uber.org/yarpc/transport/http"
	"go.uber.org/yarpc/yarpcconfig"
)

// client is a dispatcher with one outbound.
type client struct {
	t          *testing.T
	dispatcher *yarpc.Dispatcher
	raw        raw.Client
	// chooser is that of the outbound, if it was made in code.
	chooser peer.Chooser

	stopping sync.Once
	stopped  chan struct{} // Closed when the dispatcher has stopped, with stopErr.
	stopErr  error
}

// connect starts a client with a list over these addresses.
func connect(t *testing.T, n network, p policy, to []string, options ...yarpcpeers.Option) *client {
	t.Helper()
	return connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
		list, err := p.build(over, options...)
		if err != nil {
			return nil, err
		}
		return yarpcpeer.Bind(list, yarpcpeer.BindPeers(identifiers(to))), nil
	})
}

func identifiers(addresses []string) []peer.Identifier {
	var ids []peer.Identifier
	for _, address := range addresses {
		ids = append(ids, hostport.PeerIdentifier(address))
	}
	return ids
}

// connectBy starts a client with a chooser.
func connectBy(t *testing.T, n network, by func(peer.Transport) (peer.Chooser, error)) *client {
	t.Helper()
	over, outbound, err := n.outbound(t)
	if err != nil {
		t.Fatal(err)
	}
	chooser, err := by(over)
	if err != nil {
		t.Fatal(err)
	}
	c := started(t, yarpc.NewDispatcher(yarpc.Config{
		Name:      caller,
		Outbounds: yarpc.Outbounds{service: {Unary: outbound(chooser)}},
	}))
	c.chooser = chooser
	return c
}

// configure starts a client that a file describes: the name of the list, what it
// says of that, each line indented by eight spaces, and what registers its spec.
func configure(
	t *testing.T, n network, name, lines string, register func(*yarpcconfig.Configurator) error,
) *client {
	t.Helper()
	dispatcher, err := load(n, name, lines, register)
	if err != nil {
		t.Fatal(err)
	}
	return started(t, dispatcher)
}

func load(
	n network, name, lines string, register func(*yarpcconfig.Configurator) error,
) (*yarpc.Dispatcher, error) {
	config := yarpcconfig.New()
	if err := config.RegisterTransport(n.spec()); err != nil {
		return nil, err
	}
	if err := register(config); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("outbounds:\n  %s:\n    %s:\n", service, n.name)
	if n.name == http.TransportName {
		text += "      url: http://host/\n"
	}
	text += fmt.Sprintf("      %s:\n%s", name, lines)
	return config.NewDispatcherFromYAML(caller, strings.NewReader(text))
}

func started(t *testing.T, dispatcher *yarpc.Dispatcher) *client {
	t.Helper()
	if err := dispatcher.Start(); err != nil {
		t.Fatal(err)
	}
	c := &client{
		t: t, dispatcher: dispatcher, raw: raw.New(dispatcher.ClientConfig(service)), stopped: make(chan struct{}),
	}
	t.Cleanup(func() {
		// A subtest may have had the client. A stop that hangs has hung enough.
		c.t = t
		if c.beginStop(); !t.Failed() {
			c.stop()
		}
	})
	return c
}

// beginStop stops the dispatcher, elsewhere.
func (c *client) beginStop() {
	c.stopping.Do(func() {
		go func() {
			defer close(c.stopped)
			c.stopErr = c.dispatcher.Stop()
		}()
	})
}

// stop stops the dispatcher, and fails the test if that does not return. To
// stop it again changes nothing.
func (c *client) stop() {
	c.t.Helper()
	c.beginStop()
	select {
	case <-c.stopped:
		if c.stopErr != nil {
			c.t.Errorf("the dispatcher stops, but: %v", c.stopErr)
		}
	case <-time.After(soon):
		c.t.Fatalf("Stop does not return within %v", soon)
	}
}

// call asks which server answers, within that time.
func (c *client) call(within time.Duration, options ...yarpc.CallOption) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	answer, err := c.raw.Call(ctx, "who", nil, options...)
	return string(answer), err
}

// key is a shard key of its own for each number.
func key(n int) yarpc.CallOption { return yarpc.WithShardKey(fmt.Sprint("key-", n)) }

// status is the list on the dispatcher's status page.
func (c *client) status() introspection.ChooserStatus {
	return c.dispatcher.Introspect().Outbounds[0].Chooser
}

// available says whether so many of the list's peers are, and no more.
func (c *client) available(count int) bool {
	return strings.Contains(c.status().State, fmt.Sprintf("(%d/", count))
}

var pendingOf = regexp.MustCompile(`, (\d+) pending request\(s\)`)

// pending is how many requests the status page has as pending.
func (c *client) pending() (all int) {
	c.t.Helper()
	for _, p := range c.status().Peers {
		found := pendingOf.FindStringSubmatch(p.State)
		if found == nil {
			c.t.Fatalf("state %q of %s, want \", N pending request(s)\" in it", p.State, p.Identifier)
		}
		count, _ := strconv.Atoi(found[1])
		all += count
	}
	return all
}

// finished asserts that no request is pending. One ends for the list before its
// caller has the answer.
func (c *client) finished() {
	c.t.Helper()
	if left := c.pending(); left > 0 {
		c.t.Errorf("%d requests left pending: %v", left, c.status().Peers)
	}
}
