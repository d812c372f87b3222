package day

import (
	"context"
	"strings"
	"testing"

	farm "github.com/dgryski/go-farm"

	"go.uber.org/yarpc"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	yarpcpeer "go.uber.org/yarpc/peer"
	"go.uber.org/yarpc/peer/hashring32"
	"go.uber.org/yarpc/yarpcerrors"
)

// Shard keys as they come: text, the bytes of an id, bytes that are no text.
var keys = []string{
	"a", "key-1", "Zürich", "4f9619ff-8b86-d011-b42d-00cf4fc964ff",
	"\x00", "\x00\x01\x02\x03", "a\x00b", "\r\n", "\xff\xfe\xfd", "\xc3\x28", "\xed\xa0\x80",
	"\x4f\x96\x19\xff\x8b\x86\xd0\x11\xb4\x2d\x00\xcf\x4f\xc9\x64\xff", strings.Repeat("\x80", 200),
}

// A ring takes any bytes for a key, and asks the server that YARPC's own ring
// asks. Over TChannel the request is answered, too. HTTP and gRPC send a key as
// a header, and refuse many of them themselves, after the choice.
func TestBinaryShardKeys(t *testing.T) {
	everyNetwork(t, func(t *testing.T, n network) {
		servers := addresses(serve(t, n, 3))
		ours := connect(t, n, ring, servers)
		theirs := connectBy(t, n, func(over peer.Transport) (peer.Chooser, error) {
			list := hashring32.New(over, fingerprint)
			return yarpcpeer.Bind(list, yarpcpeer.BindPeers(identifiers(servers))), nil
		})
		for _, c := range []*client{ours, theirs} {
			eventually(t, "3 peers available", func() bool { return c.available(3) })
		}
		for _, k := range keys {
			owner := ours.owner(k)
			if want := theirs.owner(k); owner != want {
				t.Errorf("key %.40q: chooses %s, YARPC's ring %s", k, owner, want)
			}
			got, err := ours.call(soon, yarpc.WithShardKey(k))
			_, wanted := theirs.call(soon, yarpc.WithShardKey(k))
			code, want := yarpcerrors.FromError(err).Code(), yarpcerrors.FromError(wanted).Code()
			if code != want {
				t.Errorf("key %.40q: %v, with YARPC's ring %v", k, err, wanted)
			}
			if err == nil && got != owner {
				t.Errorf("key %.40q: %s answers, want %s", k, got, owner)
			}
			if err != nil && (n.name == "tchannel" || k == "a") {
				t.Errorf("key %.40q: %v", k, err)
			}
		}
		ours.finished()
	})
}

// owner is the server that the list chooses for a key.
func (c *client) owner(key string) string {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	chosen, finish, err := c.chooser.Choose(ctx, &transport.Request{ShardKey: key})
	if err != nil {
		c.t.Fatalf("key %.40q: %v", key, err)
	}
	finish(nil)
	return chosen.Identifier()
}

// fingerprint is the hash function of YARPC's rings that come of a file.
func fingerprint(key string) uint32 { return farm.Fingerprint32([]byte(key)) }
