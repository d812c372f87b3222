package peerage_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"peerage.dev/go"
)

// replaced gives a file another content at once, as tools that know what they do.
func replaced(t *testing.T, path, lines string) {
	t.Helper()
	must(t, os.WriteFile(path+".new", []byte(lines), 0o600))
	must(t, os.Rename(path+".new", path))
}

func TestStaticPeersAreThereAfterTheStart(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "round-robin", nil)
	updater, err := peerage.NewUpdater(chooser, "static:a:1,b:1*3")
	must(t, err)
	equal(t, "age", updater.Status().Age < 0, true)
	must(t, updater.Start())
	must(t, updater.Start())
	status := updater.Status()
	if !status.Running || status.Peers != 2 || status.Successes != 1 || status.Err != nil || status.Age < 0 {
		t.Fatalf("%+v", status)
	}
	equal(t, "weight", chooser.Introspect().Peers[1].Weight, 3)
	must(t, updater.Stop())
	must(t, updater.Stop())
	retained, released := transport.counts()
	equal(t, "retained", retained, 2)
	equal(t, "released", released, 2)
	wants(t, updater.Start(), peerage.ErrStopped)
	must(t, updater.Close())
	must(t, updater.Close())
	wants(t, updater.Start(), peerage.ErrStopped)
	updater.Refresh()
	equal(t, "running", updater.Status().Running, false)
}

func TestAFileIsFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	chooser := running(t, &fake{}, "fewest-pending-requests", nil)
	updater, err := peerage.Feed(chooser, "file:"+path+"#poll=10ms,backoff=10ms,max-backoff=10ms")
	must(t, err)
	defer updater.Close()
	eventually(t, "there is no file", func() bool { return updater.Status().Err != nil })
	if text := updater.Status().Err.Error(); !strings.Contains(text, path) {
		t.Fatal(text)
	}
	replaced(t, path, "a:1\n")
	equal(t, "chosen", choose(t, chooser, nil), "a:1")
	// The end of this request is not kept for a next choice: the peer could not be released.
	replaced(t, path, "b:1\nc:1\n")
	eventually(t, "a:1 has left", func() bool {
		stats := chooser.Stats()
		return stats.Peers == 2 && stats.Departing == 0
	})
	replaced(t, path, "# none today\n")
	eventually(t, "the answer was empty", func() bool { return updater.Status().Empties > 0 })
	equal(t, "available", chooser.Stats().Available, 2)
	begun := time.Now()
	must(t, updater.Close())
	if took := time.Since(begun); took > time.Second {
		t.Fatal("a stop took ", took)
	}
	equal(t, "peers", chooser.Stats().Peers, 0)
}

func TestAnUpdaterThatNothingRefersToGoesOn(t *testing.T) {
	transport := &fake{}
	before := peerage.Handles()
	chooser, err := peerage.NewChooser(transport, "random")
	must(t, err)
	must(t, chooser.Start())
	_, err = peerage.Feed(chooser, "static:a:1,b:1")
	must(t, err)
	for range 3 {
		collected := make(chan struct{})
		runtime.AddCleanup(&[64]byte{}, func(done chan struct{}) { close(done) }, collected)
		for done := false; !done; {
			runtime.GC()
			select {
			case <-collected:
				done = true
			case <-time.After(time.Millisecond):
			}
		}
	}
	equal(t, "peers", chooser.Stats().Peers, 2)
	chooser = nil
	settle(t, before)
	// The updater is given back on a goroutine of its own, which no handle of Go's stands for.
	eventually(t, "the peers are released", func() bool {
		_, released := transport.counts()
		return released == 2
	})
}

func TestURIsThatAreNone(t *testing.T) {
	chooser := running(t, &fake{}, "random", nil)
	for uri, says := range map[string]string{
		"":                  `no source is called ""`,
		"consul:a":          `no source is called "consul"; need one of static, file, dns`,
		"static:a:1,b:1*0":  `at byte 11: "b:1*0": the weight behind *`,
		"static:a:1#poll=1": `there is no key "poll"`,
	} {
		_, err := peerage.Feed(chooser, uri)
		wants(t, err, peerage.ErrInvalidArgument)
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", uri, err)
		}
	}
	_, err := peerage.Feed(running(t, &fake{}, "direct", nil), "static:a:1")
	wants(t, err, peerage.ErrUnsupported)
	closed := running(t, &fake{}, "random", nil)
	must(t, closed.Close())
	_, err = peerage.Feed(closed, "static:a:1")
	wants(t, err, peerage.ErrStopped)
}

func TestWhatIsRefusedWhileASourceIsReadIsLogged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	replaced(t, path, "a:1\nb:1\n")
	transport := &fake{onRetain: func(peer *peerage.Peer) error {
		if peer.ID() == "a:1" {
			return errors.New("no route")
		}
		if peer.ID() == "c:1" {
			panic("no idea")
		}
		return peer.SetStatus(peerage.Available)
	}}
	before := peerage.Handles()
	chooser := running(t, transport, "random", nil)
	updater, err := peerage.Feed(chooser, "file:"+path+"#poll=10ms")
	must(t, err)
	equal(t, "chosen", choose(t, chooser, nil), "b:1")
	replaced(t, path, "c:1\nd:1\n")
	eventually(t, "d:1 is there", func() bool { return chooser.Stats().Available == 1 && choose(t, chooser, nil) == "d:1" })
	must(t, updater.Close())
	must(t, chooser.Close())
	updater, chooser = nil, nil
	settle(t, before+1) // that of the test's cleanup
}

func TestSchemesAreListed(t *testing.T) {
	available := 0
	for _, row := range peerage.Schemes() {
		equal(t, row.Name, peerage.Has(row.Name), row.Available)
		if row.Form == "" || row.About == "" || len(row.Keys) < 4 {
			t.Errorf("%+v", row)
		}
		if row.Available {
			available++
			continue
		}
		_, err := peerage.Feed(running(t, &fake{}, "random", nil), row.Name+":a:80")
		wants(t, err, peerage.ErrUnsupported)
	}
	if available < 2 {
		t.Errorf("only %d schemes", available)
	}
	equal(t, "smoke signals", peerage.Has("smoke signals"), false)
	equal(t, "a NUL", peerage.Has("static\x00"), false)
}
