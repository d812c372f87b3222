package yarpcpeers

import (
	"bytes"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpctest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

func TestWrongOptions(t *testing.T) {
	fake := yarpctest.NewFakeTransport()
	for _, c := range []struct {
		build func(peer.Transport, ...Option) (*List, error)
		wrong Option
		text  string
	}{
		{NewRoundRobin, NumReplicas(5), `"replicas" is an option of hashring32, not of round-robin`},
		{NewHashRing32, NumReplicas(0), "replicas"},
		{NewHashRing32, NumReplicas(-1), "replicas"},
		{NewHashRing32, OffsetGeneratorValue(-1), "offset-generator"},
		{NewRandom, DefaultChooseTimeout(-time.Nanosecond), "random: DefaultChooseTimeout must not be negative. Got: -1ns."},
		{NewRandom, DrainTimeout(-time.Second), "random: DrainTimeout must not be negative. Got: -1s."},
		{NewRandom, WaitForConnection(), "WaitForConnection is an option of NewSingle: random waits anyway"},
		{NewRandom, Options("max-pending=0"), `max-pending="0" must be a whole number from 1`},
		{NewRandom, Options("eject=5,eject=6"), "eject"},
	} {
		if _, err := c.build(fake, c.wrong); err == nil || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%v, want %q in it", err, c.text)
		}
	}
	for _, p := range policies {
		if _, err := p.build(nil); err == nil {
			t.Errorf("%s without a transport", p.name)
		}
	}
}

func TestOptionsThatAreHints(t *testing.T) {
	for _, options := range [][]Option{{Capacity(-1)}, {Capacity(0)}, {Capacity(20), Logger(nil)}} {
		everyPolicy(t, func(t *testing.T, p policy) {
			w := newWorld(t, p, yarpctest.NewFakeTransport(), options...)
			w.must(w.list.Start())
			w.must(w.add("1"))
			w.chooses("1")
		})
	}
	list, err := NewHashRing32(yarpctest.NewFakeTransport(), NumPeersEstimate(7), OffsetHeader(""), MaxOffset(9))
	if err != nil {
		t.Fatal(err)
	}
	list.Close()
}

func TestLogger(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	failure := errors.New("release failed")
	fake := yarpctest.NewFakeTransport(yarpctest.ReleaseErrors(failure, []string{"1"}))
	w := newWorld(t, policies[0], fake, Logger(zap.New(core)))
	w.must(w.list.Start())
	w.must(w.add("1", "2"))
	if line := logs.TakeAll(); len(line) != 1 || line[0].Message != "peer list update" ||
		!reflect.DeepEqual(line[0].ContextMap(), map[string]any{"additions": int64(2), "removals": int64(0)}) {
		t.Fatal(line)
	}
	p, finish := w.begin()
	if p.Identifier() != "1" {
		t.Fatal(p)
	}
	w.must(w.remove("1"))
	finish(nil)
	lines := logs.FilterLevelExact(zapcore.ErrorLevel).All()
	if len(lines) != 1 || lines[0].ContextMap()["error"] != failure.Error() {
		t.Fatal(lines)
	}
}

func TestRingOptionsMayBeAnyText(t *testing.T) {
	options := []Option{ReplicaDelimiter(`a,b\=`), OffsetHeader("x,y")}
	keys := settingsOf(texts{}, options).policy
	if want := `delimiter=a\,b\\=,offset-header=x\,y`; keys.String() != want {
		t.Fatalf("%q, want %q", keys, want)
	}
	if headers := keys.headers(); !slices.Equal(headers, []string{"x,y"}) {
		t.Fatalf("%q", headers)
	}
	list, err := NewHashRing32(yarpctest.NewFakeTransport(), options...)
	if err != nil {
		t.Fatal(err)
	}
	list.Close()
}

func TestEvents(t *testing.T) {
	var logged bytes.Buffer
	w := newWorld(t, policies[0], yarpctest.NewFakeTransport(), Events(slog.NewTextHandler(&logged, nil)))
	w.must(w.list.Start())
	w.must(w.add("1"))
	if !strings.Contains(logged.String(), "round-robin") {
		t.Fatalf("%q", &logged)
	}
}
