package yarpcpeers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"

	"peerage.dev/go"
)

// last chooses the peer that became available last, unless the request says that there is none for it.
type last struct {
	peers []peerage.Key
	asked peerage.Request
	tier  string
}

var errNoQuota = errors.New("no quota")

func (l *last) Available(p peerage.PeerInfo) { l.peers = append(l.peers, p.Key) }
func (l *last) Unavailable(peerage.Key)      { l.peers = l.peers[:len(l.peers)-1] }

func (l *last) Choose(req *peerage.Request) (peerage.Key, error) {
	l.asked = *req
	l.tier, _ = req.Header("tier")
	switch {
	case req.ShardKey == "refused":
		return 0, errNoQuota
	case len(l.peers) == 0:
		return 0, peerage.NothingUnavailable
	}
	return l.peers[len(l.peers)-1], nil
}

func TestAPolicyOfOnesOwn(t *testing.T) {
	own := &last{}
	list, err := NewCustom(own, yarpctest.NewFakeTransport(), NoShuffle(), FailFast())
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	w := &world{t: t, list: list}
	w.must(list.Start())
	_, _, err = list.Choose(context.Background(), nil)
	saysOf(t, err, yarpcerrors.CodeUnavailable,
		`"custom" peer list has no peers, did not wait for peers to be added (fail-fast is enabled)`)
	w.must(w.add("1", "2"))
	p, finish, err := list.Choose(context.Background(), &transport.Request{
		ShardKey: "key", RoutingKey: "west", RoutingDelegate: "proxy", Headers: transport.NewHeaders().With("Tier", "gold"),
	})
	w.must(err)
	finish(nil)
	if p.Identifier() != "2" || own.asked.ShardKey != "key" || own.asked.RoutingKey != "west" ||
		own.asked.RoutingDelegate != "proxy" || own.tier != "gold" {
		t.Fatalf("%s for %+v, tier %q", p.Identifier(), own.asked, own.tier)
	}
	if _, _, err = list.Choose(context.Background(), &transport.Request{ShardKey: "refused"}); err != errNoQuota {
		t.Fatalf("%v, want the policy's error as it is", err)
	}
}

func TestPoliciesOfOnesOwnThatAreWrong(t *testing.T) {
	for text, build := range map[string]func() (*List, error){
		"requires a policy":                   func() (*List, error) { return NewCustom(nil, yarpctest.NewFakeTransport()) },
		"requires a transport":                func() (*List, error) { return NewCustom(&last{}, nil) },
		"one of your own has none":            func() (*List, error) { return NewCustom(&last{}, yarpctest.NewFakeTransport(), Settings("a=1")) },
		"option of hashring32, not of custom": func() (*List, error) { return NewCustom(&last{}, yarpctest.NewFakeTransport(), NumReplicas(1)) },
	} {
		if _, err := build(); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v, want %q", err, text)
		}
	}
}
