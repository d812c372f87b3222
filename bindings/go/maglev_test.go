package peerage_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"peerage.dev/go"
)

// Who has a key under maglev, by the file that Rust and C read too.
func TestKeysOfMaglevHaveTheOwnersOfTheFile(t *testing.T) {
	text, err := os.ReadFile("../../tests/golden/maglev.txt")
	if os.IsNotExist(err) {
		t.Skip("the file is in the repository, and this is a copy of the package")
	}
	must(t, err)
	transport := &fake{}
	chooser := running(t, transport, "maglev", nil)
	answers := 0
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var first, second string
		if strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		fmt.Sscan(rest, &first, &second)
		switch word {
		case "member":
			member := peerage.Member{ID: first}
			_, err := fmt.Sscan(second, &member.Weight)
			must(t, err)
			must(t, chooser.Update(peerage.Updates{Add: []peerage.Member{member}}))
		case "key":
			equal(t, first, choose(t, chooser, &peerage.Request{ShardKey: first}), second)
			answers++
		case "down":
			must(t, transport.peer(first).SetStatus(peerage.Unavailable))
		case "up":
			must(t, transport.peer(first).SetStatus(peerage.Available))
		default:
			t.Fatalf("line %q", line)
		}
	}
	equal(t, "answers", answers, 180)
}
