package peerage_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"peerage.dev/go"
)

func namesOf(t *testing.T, keys []peerage.KeyRow) string {
	t.Helper()
	var names []string
	for _, key := range keys {
		if key.About == "" || key.Accepts == "" {
			t.Errorf("nothing is said of %q", key.Name)
		}
		names = append(names, key.Name)
	}
	return strings.Join(names, " ")
}

func TestCatalogue(t *testing.T) {
	var names []string
	keys := map[string]string{}
	for _, policy := range peerage.Policies() {
		names = append(names, policy.Name)
		keys[policy.Name] = namesOf(t, policy.Keys)
		if policy.About == "" {
			t.Errorf("nothing is said of %q", policy.Name)
		}
		chooser, err := peerage.NewChooser(&fake{}, policy.Name)
		must(t, err)
		equal(t, "name", chooser.Name(), policy.Name)
		must(t, chooser.Close())
	}
	equal(t, "policies", strings.Join(names, " "), "round-robin weighted-round-robin random "+
		"two-random-choices fewest-pending-requests least-loaded least-latency least-reported hashring32 maglev single direct")
	equal(t, "keys of direct", keys["direct"], "keep")
	equal(t, "keys of hashring32", keys["hashring32"], "replicas delimiter peer-override-header "+
		"offset-header max-offset offset-generator alternate-shard-key-header bound")
	equal(t, "a key", peerage.Policies()[8].Keys[0], peerage.KeyRow{
		Name: "replicas", About: "points of each member on the ring",
		Accepts: "a whole number from 1 to 65536", Default: "100",
	})
	equal(t, "keys of options", namesOf(t, peerage.OptionKeys()),
		"name capacity shuffle seed fail-fast timeout max-pending queue max-waiting eject panic "+
			"panic-threshold subset client spill zone")
}

func TestTheDefaultTimeoutIsTheLibrarys(t *testing.T) {
	for _, key := range peerage.OptionKeys() {
		if key.Name == "timeout" {
			library, err := time.ParseDuration(key.Default)
			must(t, err)
			equal(t, "default timeout", library, peerage.DefaultTimeout)
			return
		}
	}
	t.Fatal("no option is called timeout")
}

// What is special about a policy is asked from C: no text of this package's own is a policy's name.
func TestNoPolicyIsKnownByName(t *testing.T) {
	names, looked := map[string]bool{}, 0
	for _, policy := range peerage.Policies() {
		names[strconv.Quote(policy.Name)] = true
	}
	entries, err := os.ReadDir(".")
	must(t, err)
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		must(t, err)
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, is := node.(*ast.BasicLit); is && literal.Kind == token.STRING {
				looked++
				if names[literal.Value] {
					t.Errorf("%s knows %s", entry.Name(), literal.Value)
				}
			}
			return true
		})
	}
	if looked < 50 {
		t.Fatalf("looked at %d texts only", looked)
	}
}

// A text sets what no other option sets, wherever it is given.
func TestOptionsAsText(t *testing.T) {
	text := peerage.WithOptions(`fail-fast,timeout=1h,name=a\,b,seed=7,shuffle=off`)
	chooser := running(t, idle(), "round-robin", []string{"a"}, text)
	equal(t, "name", chooser.Name(), "a,b")
	_, err := chooser.Choose(context.Background(), nil)
	wants(t, err, peerage.ErrNoPeer)

	for _, options := range [][]peerage.Option{
		{text, peerage.WithFailFast(false), peerage.WithDefaultTimeout(time.Millisecond)},
		{peerage.WithFailFast(false), peerage.WithDefaultTimeout(time.Millisecond), text},
		{peerage.WithFailFast(false), peerage.WithDefaultTimeout(0), text},
		{peerage.WithOptions("timeout=1ms")},
		{peerage.WithOptions("timeout=0s")},
	} {
		chooser := running(t, idle(), "round-robin", []string{"a"}, options...)
		_, err := chooser.Choose(context.Background(), nil)
		wants(t, err, peerage.ErrTimedOut)
	}

	order := func(options ...peerage.Option) (ids string) {
		chooser := running(t, &fake{}, "round-robin", strings.Split("abcdefghij", ""), options...)
		for range 10 {
			ids += choose(t, chooser, nil)
		}
		return ids
	}
	equal(t, "not shuffled", order(peerage.WithOptions("shuffle=off")), "abcdefghij")
	seeded := order(peerage.WithSeed(7))
	equal(t, "with the same seed", order(peerage.WithOptions("seed=7")), seeded)
	equal(t, "shuffled above the text", order(peerage.WithShuffle(true), text), seeded)

	_, err = peerage.NewChooser(&fake{}, "random", peerage.WithOptions("timeout=soon"))
	wants(t, err, peerage.ErrInvalidArgument)
	want := `peerage: options at byte 0: timeout="soon" must be a whole number of ns, us, ms, s, m ` +
		"or h, such as 200ms, or forever"
	equal(t, "error", err.Error(), want)
}

// Texts of any kind of memory may be given: they stay where they are while C reads them.
func TestTextsOfOptionsStay(t *testing.T) {
	for n := range 200 {
		name := strings.Repeat("x", n)
		options := "timeout=" + strings.Repeat("0", n) + "7ms"
		chooser, err := peerage.NewChooser(&fake{}, "direct:keep="+strings.Repeat("0", n)+"1",
			peerage.WithName(name+"y"), peerage.WithOptions(options))
		must(t, err)
		equal(t, "name", chooser.Name(), name+"y")
		must(t, chooser.Close())
		if n%50 == 0 {
			runtime.GC()
		}
	}
}
