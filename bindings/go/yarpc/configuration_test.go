package yarpcpeers

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// load has YARPC's configurator read a file whose outbound says this, and returns the list that was built.
func load(t *testing.T, spec yarpcconfig.PeerListSpec, says string) (*List, error) {
	t.Helper()
	var kept *List
	built := spec.BuildPeerList
	switch build := built.(type) {
	case func(Configuration, peer.Transport, *yarpcconfig.Kit) (peer.ChooserList, error):
		spec.BuildPeerList = func(c Configuration, t peer.Transport, k *yarpcconfig.Kit) (peer.ChooserList, error) {
			list, err := build(c, t, k)
			kept, _ = list.(*List)
			return list, err
		}
	case func(HashRing32Configuration, peer.Transport, *yarpcconfig.Kit) (peer.ChooserList, error):
		spec.BuildPeerList = func(c HashRing32Configuration, t peer.Transport, k *yarpcconfig.Kit) (peer.ChooserList, error) {
			list, err := build(c, t, k)
			kept, _ = list.(*List)
			return list, err
		}
	}
	configurator := yarpcconfig.New()
	configurator.MustRegisterPeerList(spec)
	configurator.MustRegisterTransport(yarpctest.FakeTransportSpec())
	_, err := configurator.LoadConfigFromYAML("own", strings.NewReader(fmt.Sprintf(
		"outbounds: {their: {fake-transport: {%s: {peers: [\"1\", \"2\"]%s}}}}", spec.Name, says)))
	if kept != nil {
		t.Cleanup(kept.Close)
	}
	return kept, err
}

// failsFast says whether a list that runs and has no peers fails at once.
func failsFast(t *testing.T, list *List) bool {
	t.Helper()
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	_, _, err := list.Choose(context.Background(), nil)
	if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeUnavailable {
		t.Fatal(err)
	}
	return strings.Contains(err.Error(), "fail-fast is enabled")
}

func TestFilesReachTheList(t *testing.T) {
	for _, c := range []struct {
		spec yarpcconfig.PeerListSpec
		says string
		name string
		fast bool
	}{
		{RoundRobinSpec(), ", failFast: true", roundRobin, true},
		{RandomSpec(FailFast()), "", random, true},
		{RandomSpec(FailFast()), ", failFast: false, defaultChooseTimeout: 1ms", random, false},
		{TwoRandomChoicesSpec(), ", defaultChooseTimeout: 1ms, drainTimeout: 1ms", twoRandomChoices, false},
		{FewestPendingRequestsSpec(), ", capacity: 20, failFast: true", fewestPendingRequests, true},
		{HashRing32Spec(), ", numReplicas: 5, replicaDelimiter: '#', offsetGeneratorValue: 2, " +
			"maxOffset: 3, defaultChooseTimeout: 1ms", hashRing32, false},
		{HashRing32Spec(), ", numPeersEstimate: 9, options: fail-fast", hashRing32, true},
		{Spec("least-loaded:choices=3"), ", settings: errors=on, options: 'max-pending=20,timeout=1ms'", "least-loaded", false},
		{Spec("weighted-round-robin"), ", options: 'fail-fast,name=users'", "users", true},
		{Spec("maglev:bound=2"), ", settings: bound=1.25, failFast: true", "maglev", true},
	} {
		list, err := load(t, c.spec, c.says)
		if err != nil || list.name != c.name {
			t.Fatalf("%s%s: %v", c.spec.Name, c.says, err)
		}
		if fast := failsFast(t, list); fast != c.fast {
			t.Errorf("%s%s: fails fast: %v, want %v", c.spec.Name, c.says, fast, c.fast)
		}
	}
}

func TestFilesOverrideOnlyWhatTheySay(t *testing.T) {
	spec := HashRing32Spec(PeerOverrideHeader("po"), OffsetHeader("of"), AlternateShardKeyHeader("al"),
		ReplicaDelimiter("#"), NumReplicas(7), OffsetGeneratorValue(4), Options("max-pending=9"))
	for _, c := range []struct{ says, keys string }{
		{"", "alternate-shard-key-header=al,delimiter=#,offset-generator=4,offset-header=of,peer-override-header=po,replicas=7"},
		{", numReplicas: 8, offsetHeader: '', replicaDelimiter: '', settings: 'max-offset=3'",
			"alternate-shard-key-header=al,delimiter=,max-offset=3,offset-generator=4,peer-override-header=po,replicas=8"},
		{", offsetGeneratorValue: 0, peerOverrideHeader: x, alternateShardKeyHeader: w",
			"alternate-shard-key-header=w,delimiter=#,offset-generator=0,offset-header=of,peer-override-header=x,replicas=7"},
	} {
		list, err := load(t, spec, c.says)
		if err != nil {
			t.Fatal(err)
		}
		if got := list.Policy(); got != "hashring32:"+c.keys {
			t.Errorf("%s:\n got %s\nwant %s", c.says, got, c.keys)
		}
	}
}

// Errors name the list, the setting as the file has it, and what would be right.
func TestFilesThatAreWrong(t *testing.T) {
	for _, c := range []struct {
		spec       yarpcconfig.PeerListSpec
		says, text string
	}{
		{RoundRobinSpec(), ", capacity: 0", "Capacity must be greater than 0. Got: 0."},
		{RoundRobinSpec(), ", defaultChooseTimeout: -1s", "round-robin: defaultChooseTimeout must not be negative. Got: -1s."},
		{HashRing32Spec(), ", drainTimeout: -1ns", "hashring32: drainTimeout must not be negative. Got: -1ns."},
		{HashRing32Spec(), ", numReplicas: 100000", `hashring32: numReplicas="100000" must be a whole number from 1 to 65536`},
		{HashRing32Spec(), ", offsetGeneratorValue: 1000", `hashring32: offsetGeneratorValue="1000" must be a whole number from 0 to 256`},
		{HashRing32Spec(), ", maxOffset: 300", `hashring32: maxOffset="300" must be a whole number from 0 to 255`},
		{Spec("least-loaded"), ", settings: erors=on", `least-loaded: there is no key "erors"; need one of choices, memory, errors`},
		{Spec("least-loaded"), ", options: max-pending=-3", `least-loaded: max-pending="-3" must be a whole number from 1`},
		{Spec("best"), "", `best: no policy is called "best"`},
		{RoundRobinSpec(), ", failFats: true", "failFats"},
		{Spec(single), "", "single: NewSingle"},
	} {
		_, err := load(t, c.spec, c.says)
		if err == nil || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "at byte") {
			t.Errorf("%s%s: %v, want %q", c.spec.Name, c.says, err, c.text)
		}
	}
}

func TestDirectSpec(t *testing.T) {
	load := func(says string) (transport.Outbounds, error) {
		configurator := yarpcconfig.New()
		configurator.MustRegisterPeerChooser(DirectSpec(DrainTimeout(time.Second)))
		configurator.MustRegisterTransport(yarpctest.FakeTransportSpec())
		config, err := configurator.LoadConfigFromYAML("own", strings.NewReader(
			"outbounds: {their: {fake-transport: {direct: {"+says+"}}}}"))
		return config.Outbounds["their"], err
	}
	for _, says := range []string{"", "failFast: true, settings: keep=3, defaultChooseTimeout: 1s"} {
		their, err := load(says)
		if err != nil {
			t.Fatal(err)
		}
		chooser := their.Unary.(*yarpctest.FakeOutbound).Chooser().(*Direct)
		p, finish, err := chooser.Choose(context.Background(), &transport.Request{ShardKey: "1"})
		if err != nil || p.Identifier() != "1" {
			t.Fatal(p, err)
		}
		finish(nil)
		chooser.Close()
	}
	if _, err := load("settings: keep=x"); err == nil || !strings.Contains(err.Error(), `direct: keep="x" must be`) {
		t.Fatal(err)
	}
}
