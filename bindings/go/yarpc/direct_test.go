package yarpcpeers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

func TestDirect(t *testing.T) {
	failure := errors.New("retain failed")
	fake := yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"2"}))
	chooser, err := NewDirect(fake)
	if err != nil {
		t.Fatal(err)
	}
	defer chooser.Close()
	if !chooser.IsRunning() {
		t.Fatal("a Direct runs from the beginning")
	}
	if err := chooser.Start(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		p, finish, err := chooser.Choose(context.Background(), &transport.Request{ShardKey: "1"})
		if err != nil || p.Identifier() != "1" {
			t.Fatal(p, err)
		}
		finish(nil)
	}
	for _, req := range []*transport.Request{nil, {}} {
		_, _, err := chooser.Choose(context.Background(), req)
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeInvalidArgument ||
			!strings.Contains(err.Error(), `"direct" chooser requires ShardKey to be non-empty`) {
			t.Fatal(err)
		}
	}
	for key, text := range map[string]string{
		"1\xff": `to be UTF-8, for it names a peer: "1\xff" is not UTF-8 at byte 1`,
		"1\x00": `to hold no NUL, for it names a peer: "1\0" has one at byte 1`,
	} {
		_, _, err = chooser.Choose(context.Background(), &transport.Request{ShardKey: key})
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeInvalidArgument ||
			!strings.Contains(err.Error(), `"direct" chooser requires ShardKey `+text) {
			t.Fatal(err)
		}
	}
	if _, _, err := chooser.Choose(context.Background(), &transport.Request{ShardKey: "2"}); err != failure {
		t.Fatalf("%v, want the transport's error as it is", err)
	}
	if _, err := NewDirect(nil); yarpcerrors.FromError(err).Code() != yarpcerrors.CodeInvalidArgument {
		t.Fatal(err)
	}
	if err := chooser.Stop(); err != nil {
		t.Fatal(err)
	}
	_, _, err = chooser.Choose(context.Background(), &transport.Request{ShardKey: "1"})
	if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeFailedPrecondition {
		t.Fatal(err)
	}
}

// Idle peers that are too many are released when another is asked for.
func TestDirectKeepsAsManyIdlePeersAsItIsTold(t *testing.T) {
	for keep, want := range map[string]int{"keep=1": 1, "keep=2": 2, "": 3} {
		chooser, err := NewDirect(yarpctest.NewFakeTransport(), Settings(keep))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"1", "2", "3"} {
			_, finish, err := chooser.Choose(context.Background(), &transport.Request{ShardKey: key})
			if err != nil {
				t.Fatal(err)
			}
			finish(nil)
		}
		if kept := len(chooser.list.Peers()); kept != want {
			t.Errorf("%q keeps %d peers, want %d", keep, kept, want)
		}
		chooser.Close()
	}
}
