package yarpcpeers

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/yarpc/yarpcerrors"
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
		{NewRandom, DefaultChooseTimeout(-time.Second), "timeout"},
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

// What a configuration file says reaches the list.
func TestSpecs(t *testing.T) {
	timeout := time.Millisecond
	for _, c := range []struct {
		name   string
		spec   yarpcconfig.PeerListSpec
		config any
	}{
		{roundRobin, RoundRobinSpec(), Configuration{FailFast: true}},
		{random, RandomSpec(FailFast()), Configuration{}},
		{twoRandomChoices, TwoRandomChoicesSpec(), Configuration{DefaultChooseTimeout: &timeout}},
		{fewestPendingRequests, FewestPendingRequestsSpec(), Configuration{FailFast: true}},
		{hashRing32, HashRing32Spec(), HashRing32Configuration{
			NumReplicas: 5, ReplicaDelimiter: "#", OffsetGeneratorValue: 2, DefaultChooseTimeout: &timeout,
		}},
	} {
		list, err := buildFrom(c.spec, c.config)
		if err != nil || c.spec.Name != c.name || list.(*List).name != c.name {
			t.Fatalf("%s: %v", c.spec.Name, err)
		}
		if err := list.Start(); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		_, _, err = list.Choose(context.Background(), nil)
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeUnavailable || time.Since(begun) > soon {
			t.Fatal(err)
		}
		list.(*List).Close()
	}
}

func TestHashRing32Configuration(t *testing.T) {
	options, err := HashRing32Configuration{
		OffsetHeader: "of", OffsetGeneratorValue: 3, PeerOverrideHeader: "po", AlternateShardKeyHeader: "al",
		ReplicaDelimiter: "#", NumReplicas: 5, NumPeersEstimate: 9,
	}.options()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := settingsOf(options).ring.policy(hashRing32)
	want := "hashring32:alternate-shard-key-header=al,delimiter=#,offset-generator=3,offset-header=of," +
		"peer-override-header=po,replicas=5"
	if err != nil || policy != want {
		t.Fatalf("%q, %v", policy, err)
	}
}

func TestRingOptionsMayBeAnyText(t *testing.T) {
	options := []Option{ReplicaDelimiter(`a,b\=`), OffsetHeader("x,y")}
	policy, err := settingsOf(options).ring.policy(hashRing32)
	if want := `hashring32:delimiter=a\,b\\=,offset-header=x\,y`; err != nil || policy != want {
		t.Fatalf("%q, %v, want %q", policy, err, want)
	}
	list, err := NewHashRing32(yarpctest.NewFakeTransport(), options...)
	if err != nil {
		t.Fatal(err)
	}
	list.Close()
}

func TestSpecsCheckTheCapacity(t *testing.T) {
	for _, capacity := range []int{-1, 0} {
		_, err := buildFrom(RoundRobinSpec(), Configuration{Capacity: &capacity})
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeInvalidArgument ||
			!strings.Contains(err.Error(), "Capacity must be greater than 0") {
			t.Fatal(err)
		}
	}
	capacity := 20
	list, err := buildFrom(RoundRobinSpec(), Configuration{Capacity: &capacity})
	if err != nil {
		t.Fatal(err)
	}
	list.(*List).Close()
}

// buildFrom calls a spec's function as YARPC's configurator does.
func buildFrom(spec yarpcconfig.PeerListSpec, config any) (peer.ChooserList, error) {
	var t peer.Transport = yarpctest.NewFakeTransport()
	results := reflect.ValueOf(spec.BuildPeerList).Call([]reflect.Value{
		reflect.ValueOf(config), reflect.ValueOf(t), reflect.ValueOf(&yarpcconfig.Kit{}),
	})
	err, _ := results[1].Interface().(error)
	list, _ := results[0].Interface().(peer.ChooserList)
	return list, err
}

func TestSingle(t *testing.T) {
	fake := yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(peer.Unavailable))
	list, err := NewSingle(id("1"), fake, FailFast())
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	_, _, err = list.Choose(context.Background(), nil)
	if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeUnavailable {
		t.Fatal(err)
	}
	fake.SimulateConnect(id("1"))
	p, finish, err := list.Choose(context.Background(), nil)
	if err != nil || p.Identifier() != "1" {
		t.Fatal(p, err)
	}
	finish(nil)
}

func TestDirect(t *testing.T) {
	failure := errors.New("retain failed")
	fake := yarpctest.NewFakeTransport(yarpctest.RetainErrors(failure, []string{"2"}))
	chooser, err := NewDirect(fake)
	if err != nil {
		t.Fatal(err)
	}
	defer chooser.Close()
	if err := chooser.Start(); err != nil || !chooser.IsRunning() {
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
		"1\xff": `to be UTF-8, for it names a peer: "1\xff" is not`,
		"1\x00": `to hold no NUL, for it names a peer: "1\x00" does`,
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
