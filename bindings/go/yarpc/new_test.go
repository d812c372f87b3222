package yarpcpeers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpctest"

	"peerage.dev/go"
)

// Every policy of the library, by its name.
func TestNewMakesAnyPolicy(t *testing.T) {
	for _, row := range peerage.Policies() {
		build := func(t peer.Transport, options ...Option) (*List, error) { return New(row.Name, t, options...) }
		if row.Name == single || row.Name == direct {
			if _, err := build(yarpctest.NewFakeTransport()); err == nil || !strings.Contains(err.Error(), row.Name) {
				t.Fatalf("%s: %v", row.Name, err)
			}
			continue
		}
		w := started(t, policy{name: row.Name, build: build}, "1", "2", "3")
		if name := w.list.Introspect().Name; name != row.Name || w.list.Policy() != name {
			t.Fatal(name, w.list.Policy())
		}
		got := map[string]bool{}
		for n := range 300 {
			p, finish, err := w.list.Choose(context.Background(), &transport.Request{ShardKey: fmt.Sprint(n)})
			w.must(err)
			got[p.Identifier()] = true
			finish(nil)
		}
		// Those that learn stay with the best of those they know.
		if len(got) != 3 && !strings.HasPrefix(row.Name, "least-") {
			t.Errorf("%s chooses %v only", row.Name, got)
		}
	}
}

// What the text of a policy says of a request's headers and key reaches the policy.
func TestNewLooksAtWhatThePolicyLooksAt(t *testing.T) {
	for _, text := range []string{"hashring32:peer-override-header=to", "maglev"} {
		build := func(t peer.Transport, options ...Option) (*List, error) { return New(text, t, options...) }
		w := started(t, policy{name: text, build: build}, "1", "2", "3")
		owners := map[string]bool{}
		for range 50 {
			p, finish, err := w.list.Choose(context.Background(), &transport.Request{
				ShardKey: "key", Headers: transport.NewHeaders().With("To", "2"),
			})
			w.must(err)
			owners[p.Identifier()] = true
			finish(nil)
		}
		if len(owners) != 1 || strings.HasPrefix(text, hashRing32) && !owners["2"] {
			t.Errorf("%s: one key and header reach %v", text, owners)
		}
	}
}

func TestTextsOfSettings(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{"", "", ""},
		{"a=1", "b=2", "a=1,b=2"},
		{"a=1,b=2", "a=3", "a=3,b=2"},
		{"a=1,a=2", "", "a=1,a=2"}, // The library refuses it.
		{`a=x\,b=y`, "b=z", `a=x\,b=y,b=z`},
		{`a=x\\,b`, "", `a=x\\,b`},
		{`a=x\`, "c", `a=x\,c`},
		{"=,", "a=1", "=,,a=1"},
	} {
		keys := texts{}
		keys.read(c.first)
		keys.read(c.second)
		if got := keys.String(); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.first, c.second, got, c.want)
		}
	}
}
