//go:build !asan

// What the goroutine leaves undone is lost memory of C's, which the address sanitizer reports.

package peerage_test

import (
	"bytes"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"peerage.dev/go"
)

// A callback that ends its goroutine ends the call into C with it, which nothing can mend: but it is said.
func TestACallbackThatEndsItsGoroutine(t *testing.T) {
	var logged bytes.Buffer
	usual := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	defer slog.SetDefault(usual)
	leaves := func(p *peerage.Peer) error {
		if p.ID() == "bad" {
			runtime.Goexit()
		}
		return p.SetStatus(peerage.Available)
	}
	// In this order: what comes after the bad one is not added.
	chooser := running(t, &fake{onRetain: leaves}, "random", []string{"a"}, peerage.WithShuffle(false))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = chooser.Update(peerage.Updates{Add: peerage.Members("bad", "b")})
	}()
	<-done
	if text := logged.String(); !strings.Contains(text, "RetainPeer ended its goroutine") {
		t.Fatalf("%q", text)
	}
	// The rest goes on.
	equal(t, "chosen", choose(t, chooser, nil), "a")
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("c")}))
}
