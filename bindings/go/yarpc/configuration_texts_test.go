package yarpcpeers

import (
	"os"
	"strings"
	"testing"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/peer/hostport"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/yarpc/yarpctest"
)

// The library reads files of YARPC's shape itself (peerage::config), and says what YARPC says of those that
// are wrong. Here YARPC says it.
func TestTextsOfConfigurationsAreYARPCs(t *testing.T) {
	file, err := os.ReadFile("../../../tests/config/yarpc_texts.txt")
	if err != nil {
		t.Skip("not beside the library's own tests: ", err)
	}
	cases := strings.Split(string(file), "====\n")[1:]
	if len(cases) < 10 {
		t.Fatal("there are only ", len(cases), " cases")
	}
	for _, c := range cases {
		text, yaml, _ := strings.Cut(c, "\n")
		_, err := everything(t).LoadConfigFromYAML("own", strings.NewReader(yaml))
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s\n got %v\nwant %s", yaml, err, text)
		}
	}
}

// everything is a configurator that knows all policies as lists, and the names of all sources.
func everything(t *testing.T) *yarpcconfig.Configurator {
	t.Helper()
	c := yarpcconfig.New()
	for _, name := range []string{
		"round-robin", "weighted-round-robin", "random", "two-random-choices", "fewest-pending-requests",
		"least-loaded", "least-latency", "least-reported", "maglev", "single", "direct",
	} {
		c.MustRegisterPeerList(Spec(name))
	}
	c.MustRegisterPeerList(HashRing32Spec())
	for _, name := range []string{
		"static", "file", "dns", "dns+srv", "etcd", "etcd+https", "http", "https", "peers", "source",
	} {
		c.MustRegisterPeerListUpdater(yarpcconfig.PeerListUpdaterSpec{
			Name:                 name,
			BuildPeerListUpdater: func(struct{}, *yarpcconfig.Kit) (peer.Binder, error) { return nil, nil },
		})
	}
	for _, name := range []string{"http", "grpc"} {
		c.MustRegisterTransport(withChooser(name))
	}
	return c
}

type chooserOutbound struct{ yarpcconfig.PeerChooser }

// withChooser is a transport whose outbounds have a chooser and nothing else.
func withChooser(name string) yarpcconfig.TransportSpec {
	return yarpcconfig.TransportSpec{
		Name: name,
		BuildTransport: func(struct{}, *yarpcconfig.Kit) (transport.Transport, error) {
			return yarpctest.NewFakeTransport(), nil
		},
		BuildUnaryOutbound: func(
			c *chooserOutbound, t transport.Transport, k *yarpcconfig.Kit,
		) (transport.UnaryOutbound, error) {
			_, err := c.BuildPeerChooser(t.(peer.Transport), hostport.Identify, k)
			return nil, err
		},
	}
}
