package peerage_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"peerage.dev/go"
)

// lines is a log in memory.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *lines) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

func logTo(l *lines, level slog.Level) peerage.Option {
	return peerage.WithLog(slog.NewTextHandler(l, &slog.HandlerOptions{Level: level}))
}

func TestLog(t *testing.T) {
	for level, want := range map[slog.Level]struct{ info, debug bool }{
		slog.LevelDebug: {info: true, debug: true},
		slog.LevelInfo:  {info: true},
		slog.LevelError: {},
		slog.Level(100): {},
	} {
		log, transport := &lines{}, idle()
		chooser := running(t, transport, "random", []string{"a"}, logTo(log, level), peerage.WithName("users"))
		must(t, transport.peer("a").SetStatus(peerage.Connecting))
		equal(t, "info at "+level.String(), log.has("users"), want.info)
		line := `msg="users: peer \"a\" is Connecting, and was Unavailable"`
		equal(t, "words at "+level.String(), log.has(line), want.info)
		equal(t, "lines below the level", log.has("DEBUG"), false)
		_ = want.debug
		must(t, chooser.Close())
	}
}

type faulty struct{ slog.Handler }

func (faulty) Handle(context.Context, slog.Record) error { panic("bug") }

func TestALogThatPanics(t *testing.T) {
	transport := idle()
	chooser, err := peerage.NewChooser(transport, "random",
		peerage.WithLog(faulty{slog.NewTextHandler(&lines{}, nil)}), peerage.WithDefaultTimeout(time.Millisecond))
	must(t, err)
	defer chooser.Close()
	must(t, chooser.Start())
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}), peerage.ErrPanic)
	wants(t, transport.peer("a").SetStatus(peerage.Connecting), peerage.ErrPanic)
	equal(t, "status", transport.peer("a").Status(), peerage.Connecting)
}
