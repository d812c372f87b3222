package peerage_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"peerage.dev/go"
)

func TestProbesFindOutWhoIsUp(t *testing.T) {
	up, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	other, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer other.Close()
	book := idle()
	probing, err := peerage.NewProbingTransport("interval=1h,slow-interval=1h,fast-interval=5ms,rise=1,fall=1", book)
	must(t, err)
	defer probing.Close()
	chooser, err := probing.NewChooser("round-robin")
	must(t, err)
	defer chooser.Close()
	must(t, chooser.Start())
	updater, err := peerage.Feed(chooser, "static:"+up.Addr().String()+","+other.Addr().String())
	must(t, err)
	defer updater.Close()
	eventually(t, "both are up", func() bool { return chooser.Stats().Available == 2 })
	pick, err := chooser.Choose(soon(t), nil)
	must(t, err)
	equal(t, "status", pick.Peer().Status(), peerage.Available)
	wants(t, pick.Peer().SetStatus(peerage.Unavailable), peerage.ErrUnsupported)
	pick.Finish(nil)
	must(t, up.Close())
	eventually(t, "one is down", func() bool {
		probing.Doubt(up.Addr().String())
		return chooser.Stats().Available == 1
	})
	equal(t, "chosen", choose(t, chooser, nil), other.Addr().String())
	if text := probing.String(); !strings.Contains(text, " is down for ") {
		t.Error(text)
	}
	probing.Doubt("")
	must(t, updater.Close())
	retained, released := book.counts()
	equal(t, "retained", retained, 2)
	equal(t, "released", released, 2)
	must(t, probing.Close())
	equal(t, "closed", probing.String(), "")
}

func TestProbesWithoutATransport(t *testing.T) {
	up, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer up.Close()
	_, err = peerage.NewProbingTransport("check=smoke", nil)
	wants(t, err, peerage.ErrInvalidArgument)
	probing, err := peerage.NewProbingTransport("doubt-failures", nil)
	must(t, err)
	defer probing.Close()
	chooser, err := probing.NewChooser("fewest-pending-requests")
	must(t, err)
	defer chooser.Close()
	must(t, chooser.Start())
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members(up.Addr().String())}))
	equal(t, "chosen", choose(t, chooser, nil), up.Addr().String())
	for _, key := range peerage.ProbeKeys() {
		if key.Name == "" || key.About == "" || key.Accepts == "" {
			t.Errorf("%+v", key)
		}
	}
}

func TestFailedRequestsAreDoubts(t *testing.T) {
	for _, policy := range peerage.Policies() {
		switch policy.Name {
		case "direct", "single", "hashring32", "maglev":
			continue // these may choose the other peer for ever
		}
		t.Run(policy.Name, func(t *testing.T) {
			up, err := net.Listen("tcp", "127.0.0.1:0")
			must(t, err)
			other, err := net.Listen("tcp", "127.0.0.1:0")
			must(t, err)
			defer other.Close()
			probing, err := peerage.NewProbingTransport(
				"interval=1h,slow-interval=1h,fast-interval=5ms,rise=1,fall=1,doubt-failures", nil)
			must(t, err)
			defer probing.Close()
			chooser, err := probing.NewChooser(policy.Name)
			must(t, err)
			defer chooser.Close()
			must(t, chooser.Start())
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members(up.Addr().String(), other.Addr().String())}))
			eventually(t, "both are up", func() bool { return chooser.Stats().Available == 2 })
			must(t, up.Close())
			eventually(t, "one is down", func() bool {
				pick, err := chooser.Choose(soon(t), nil)
				must(t, err)
				if pick.Peer().ID() == up.Addr().String() {
					pick.Finish(errors.New("refused"))
				} else {
					pick.Finish(nil)
				}
				return chooser.Stats().Available == 1
			})
		})
	}
}
