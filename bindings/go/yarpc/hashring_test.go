package yarpcpeers

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpctest"
)

// Where the ring places keys, by the vectors of YARPC's own tests: peers that
// have a shard are placed by its name, and handed out by their address.

type shardedID struct{ id, shard string }

func (s shardedID) Identifier() string { return s.id }
func (s shardedID) Shard() string      { return s.shard }

func ring(t *testing.T, shards int, options ...Option) *world {
	t.Helper()
	p := policy{name: hashRing32, build: NewHashRing32}
	w := newWorld(t, p, yarpctest.NewFakeTransport(), append([]Option{NumReplicas(5)}, options...)...)
	w.must(w.list.Start())
	for i := 1; i <= shards; i++ {
		w.must(w.list.Update(peer.ListUpdates{Additions: []peer.Identifier{sharded(i)}}))
	}
	return w
}

func sharded(i int) shardedID {
	return shardedID{fmt.Sprintf("id%d", i), fmt.Sprintf("shard-%d", i)}
}

// places asserts where a request goes.
func (w *world) places(req *transport.Request, want ...string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	p, finish, err := w.list.Choose(ctx, req)
	w.must(err)
	finish(nil)
	if !slices.Contains(want, p.Identifier()) {
		w.t.Fatalf("%+v goes to %s, want %v", req, p.Identifier(), want)
	}
}

func key(shardKey string, headers ...string) *transport.Request {
	req := &transport.Request{ShardKey: shardKey, Headers: transport.NewHeaders()}
	for i := 0; i < len(headers); i += 2 {
		req.Headers = req.Headers.With(headers[i], headers[i+1])
	}
	return req
}

func TestShardKeys(t *testing.T) {
	w := ring(t, 2, ReplicaDelimiter("#"))
	w.places(key("foo1"), "id1")
	w.places(key("foo2"), "id2")
	w.must(w.list.Update(peer.ListUpdates{Removals: []peer.Identifier{sharded(2)}}))
	w.places(key("foo1"), "id1")
	w.places(key("foo2"), "id1")
}

func TestAlternateShardKeyHeader(t *testing.T) {
	w := ring(t, 2, ReplicaDelimiter("#"), AlternateShardKeyHeader("test-Header-shard-key"))
	w.places(key("", "test-header-shard-key", "foo1"), "id1")
	w.places(key("", "test-header-shard-key", "foo2"), "id2")
	w.places(key("foo1", "test-header-shard-key", "foo2"), "id2")
	w.places(key("foo2"), "id2")
	w.must(w.list.Update(peer.ListUpdates{Removals: ids("id2")}))
	w.places(key("", "test-header-shard-key", "foo2"), "id1")
}

func TestPeerOverrideHeader(t *testing.T) {
	w := ring(t, 2, ReplicaDelimiter("#"), PeerOverrideHeader("poTest"))
	w.places(key("foo1", "poTest", "shard-2"), "id2")
	w.places(key("foo1", "poTest", "shard-3"), "id1")
	w.must(w.list.Update(peer.ListUpdates{Removals: []peer.Identifier{sharded(2)}}))
	w.places(key("foo2", "poTest", "shard-2"), "id1")
}

func TestOffsetGeneratorValue(t *testing.T) {
	w := ring(t, 5, OffsetGeneratorValue(3))
	for range 100 {
		w.places(key("foo1"), "id1", "id2", "id3")
	}
}

func TestOffsetHeader(t *testing.T) {
	w := ring(t, 2, ReplicaDelimiter("#"), OffsetHeader("n"), OffsetGeneratorValue(2))
	for range 20 {
		w.places(key("foo1"), "id1")
	}
	w.places(key("foo1", "n", "1"), "id2")
	w.places(key("foo1", "n", "20000000"), "id1")
	w.places(key("foo1", "n", "9223372036854775808"), "id1")
	w.places(key("foo1", "n", "-1"), "id1")
}

// Keys and headers hold any bytes. These are YARPC's own owners (v1.80.0) of
// keys of 1 to 100 bytes, none of them text, among eight peers.
func TestKeysAreBytes(t *testing.T) {
	const owners = "5006140635551745367317103343233274433055157034120701702100542020" +
		"423720120541144173637557756030330312"
	p := policy{name: hashRing32, build: NewHashRing32}
	byKey := newWorld(t, p, yarpctest.NewFakeTransport())
	byHeader := newWorld(t, p, yarpctest.NewFakeTransport(), AlternateShardKeyHeader("alt"),
		OffsetHeader("n"), PeerOverrideHeader("po"))
	for _, w := range []*world{byKey, byHeader} {
		w.must(w.list.Start())
		for i := range 8 {
			w.must(w.add(fmt.Sprintf("10.0.0.%d:80", i)))
		}
	}
	var bytes []byte
	for i := range owners {
		bytes = append(bytes, byte(219+37*i))
		owner := fmt.Sprintf("10.0.0.%c:80", owners[i])
		byKey.places(key(string(bytes)), owner)
		byHeader.places(key("other", "alt", string(bytes)), owner)
	}
	for _, wild := range []string{"\xff", "1\xff", "1\x00", "\x00"} {
		byHeader.places(key("\xff\x00", "n", wild), "10.0.0.4:80")
		byHeader.places(key("\xff\x00", "po", "10.0.0.6:80"+wild), "10.0.0.4:80")
	}
	byHeader.places(key("\xff\x00", "n", "1"), "10.0.0.2:80")
}

func TestARequestWithoutAKeyGoesAnywhere(t *testing.T) {
	w := ring(t, 2)
	w.places(nil, "id1", "id2")
	w.chooses("id1", "id2")
}

func TestTheUpdatersIdentifierReachesTheTransport(t *testing.T) {
	seen := make(chan peer.Identifier, 2)
	list, err := NewHashRing32(spy{yarpctest.NewFakeTransport(), seen})
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	if err := list.Update(peer.ListUpdates{Additions: []peer.Identifier{sharded(1)}}); err != nil {
		t.Fatal(err)
	}
	if err := list.Stop(); err != nil {
		t.Fatal(err)
	}
	if retained, released := <-seen, <-seen; retained != sharded(1) || released != sharded(1) {
		t.Fatalf("%#v, %#v", retained, released)
	}
	if err := list.Update(peer.ListUpdates{Additions: []peer.Identifier{sharded(1)}}); err != peer.ErrPeerAddAlreadyInList("id1") {
		t.Fatal(err)
	}
}

// An update that is wrong changes nothing: a member keeps its name and its shard, and what was to be added has
// neither.
func TestAWrongUpdateOfShards(t *testing.T) {
	w := ring(t, 2)
	err := w.list.Update(peer.ListUpdates{
		Removals:  []peer.Identifier{sharded(1)},
		Additions: []peer.Identifier{shardedID{"new", "shard-1"}, sharded(3), shardedID{"id4", "shard\xff"}},
	})
	is(t, err, peerage.ErrInvalidUTF8)
	w.knows("id1", "id2")
	again := shardedID{"new", "shard-1"}
	if err := w.list.Update(peer.ListUpdates{Additions: []peer.Identifier{again}}); err != peer.ErrPeerAddAlreadyInList("new") {
		t.Fatal(err)
	}
	w.must(w.list.Update(peer.ListUpdates{Removals: []peer.Identifier{id("id1")}, Additions: []peer.Identifier{again, sharded(3)}}))
	w.knows("id2", "id3", "new")
}

func TestTwoPeersOfOneShard(t *testing.T) {
	w := ring(t, 1)
	other := shardedID{"other", "shard-1"}
	err := w.list.Update(peer.ListUpdates{Additions: []peer.Identifier{other}})
	if err != peer.ErrPeerAddAlreadyInList("other") {
		t.Fatal(err)
	}
	again := shardedID{"id1", "shard-9"}
	err = w.list.Update(peer.ListUpdates{Additions: []peer.Identifier{again}})
	if err != peer.ErrPeerAddAlreadyInList("id1") {
		t.Fatal(err)
	}
	w.places(key("x"), "id1")
	if got := w.list.Introspect().Peers; len(got) != 1 || got[0].Identifier != "id1" {
		t.Fatal(got)
	}
}

// spy is a transport that tells which identifiers it is given.
type spy struct {
	peer.Transport
	seen chan peer.Identifier
}

func (s spy) RetainPeer(id peer.Identifier, sub peer.Subscriber) (peer.Peer, error) {
	s.seen <- id
	return s.Transport.RetainPeer(id, sub)
}

func (s spy) ReleasePeer(id peer.Identifier, sub peer.Subscriber) error {
	s.seen <- id
	return s.Transport.ReleasePeer(id, sub)
}
