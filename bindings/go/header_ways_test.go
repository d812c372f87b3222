package peerage_test

import (
	"math/rand/v2"
	"testing"

	peerage "peerage.dev/go"
)

// Up to three headers go to C one by one; with more of them, or with anything else, a request is packed.
// Whatever bytes they hold, both ways lead to the same peer, or to the same error.
func TestBothWaysOfHeadersLeadToOnePeer(t *testing.T) {
	ring := "hashring32:peer-override-header=x-peer,alternate-shard-key-header=x-key,offset-header=x-offset"
	chooser := running(t, &fake{}, ring, names(20))
	id := names(20)[3]
	values := []string{
		"\x00", "\xff\x00\xfe", "3", "-1", "3\x00", "99999999999999999999", "4294967295", " 2", id, id + "\x00",
		string(make([]byte, 5_000)),
	}
	called := []string{"x-peer", "X-Peer", "x-key", "X-KEY", "x-offset", "x-oFfset", "", "x-peer\x00", "\xff", "x-key "}
	random := rand.New(rand.NewPCG(1, 2))
	one := func(of []string) string { return of[random.IntN(len(of))] }
	peers, failed := map[string]bool{}, 0
	for range 20_000 {
		request := peerage.Request{ShardKey: one(values)}
		for range random.IntN(4) {
			request.HeaderList = append(request.HeaderList, peerage.Header{Name: one(called), Value: one(values)})
		}
		// One only: a map has no order.
		if random.IntN(2) == 0 {
			request.Headers = map[string]string{one(called): one(values)}
		}
		more := request
		more.Prefer = "none of them"
		pick, err := chooser.TryChoose(&request)
		other, otherErr := chooser.TryChoose(&more)
		if err != nil || otherErr != nil {
			if failed++; err == nil || otherErr == nil || err.Error() != otherErr.Error() {
				t.Fatalf("%+v: %v, and %v", request, err, otherErr)
			}
			continue
		}
		if peers[pick.Peer().ID()] = true; pick.Peer() != other.Peer() {
			t.Fatalf("%+v: %v, and %v", request, pick.Peer(), other.Peer())
		}
		pick.Finish(nil)
		other.Finish(nil)
	}
	if len(peers) < 10 || failed == 0 {
		t.Fatalf("%d peers were chosen, and %d choices have failed", len(peers), failed)
	}
}
