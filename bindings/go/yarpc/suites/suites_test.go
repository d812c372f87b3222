package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// What go test -json prints for a package with a case that fails in a step, one that fails, one that passes
// and one that does not end; and for a package that does not build.
const printed = `{"Action":"start","Package":"go.uber.org/yarpc/a"}
{"Action":"run","Package":"go.uber.org/yarpc/a","Test":"TestOne"}
{"Action":"run","Package":"go.uber.org/yarpc/a","Test":"TestOne/x"}
{"Action":"run","Package":"go.uber.org/yarpc/a","Test":"TestOne/x/action_#0:_peertest.StartAction"}
{"Action":"output","Package":"go.uber.org/yarpc/a","Test":"TestOne/x/action_#0:_peertest.StartAction","Output":"not equal\n"}
{"Action":"fail","Package":"go.uber.org/yarpc/a","Test":"TestOne/x/action_#0:_peertest.StartAction"}
{"Action":"fail","Package":"go.uber.org/yarpc/a","Test":"TestOne/x"}
{"Action":"run","Package":"go.uber.org/yarpc/a","Test":"TestOne/y"}
{"Action":"pass","Package":"go.uber.org/yarpc/a","Test":"TestOne/y"}
{"Action":"fail","Package":"go.uber.org/yarpc/a","Test":"TestOne"}
{"Action":"run","Package":"go.uber.org/yarpc/a","Test":"TestTwo"}
{"Action":"skip","Package":"go.uber.org/yarpc/a","Test":"TestTwo"}
{"Action":"run","Package":"go.uber.org/yarpc/a","Test":"TestThree"}
{"Action":"fail","Package":"go.uber.org/yarpc/a"}
{"ImportPath":"go.uber.org/yarpc/b [go.uber.org/yarpc/b.test]","Action":"build-output","Output":"undefined: New\n"}
{"ImportPath":"go.uber.org/yarpc/b [go.uber.org/yarpc/b.test]","Action":"build-fail"}
{"Action":"start","Package":"go.uber.org/yarpc/b"}
{"Action":"fail","Package":"go.uber.org/yarpc/b"}
`

func read(t *testing.T, policy string) results {
	t.Helper()
	got := results{map[string]bool{}, map[string]string{}}
	if err := got.readEvents(strings.NewReader(printed), policy); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCasesAreTheSmallestParts(t *testing.T) {
	got := read(t, "random")
	want := []string{"a@random TestOne/x", "a@random TestThree", "b@random"}
	if failed := slices.Sorted(maps.Keys(got.failed)); !slices.Equal(failed, want) {
		t.Errorf("%q failed", failed)
	}
	if passed := slices.Sorted(maps.Keys(got.passed)); !slices.Equal(passed, []string{"a@random TestOne/y"}) {
		t.Errorf("%q passed", passed)
	}
	if text := got.failed["a@random TestOne/x"]; text != "not equal\n" {
		t.Error(text)
	}
	if text := got.failed["b@random"]; text != "undefined: New\n" {
		t.Error(text)
	}
}

func TestWhatIsNoEventIsAnError(t *testing.T) {
	err := results{}.readEvents(strings.NewReader("go: no such module\n"), "")
	if err == nil || !strings.Contains(err.Error(), `"go: no such module\n"`) {
		t.Error(err)
	}
}

func TestTable(t *testing.T) {
	const page = "# Page\n\n## YARPC's own tests\n\ntext\n\n| case | why it fails |\n|---|---|\n"
	for _, c := range []struct{ rows, want string }{
		{"| `a TestOne/x` | r |\n| `a TestThree` | r |\n| `b` | r |\n\n| `c` | of another table |\n", ""},
		{"| `a TestOne/x` | r |\n| `*` | r |\n", "a TestOne/y passes"},
		{"| `a Test*x` | r |\n| `a TestThree` | r |\n", "b fails, and the table does not say so:\nundefined: New"},
		{"| `a TestOne/x` | r |\n| `a TestThree` | r |\n| `b` | r |\n| `c` | r |\n", "c is in the table, and nothing"},
	} {
		table, err := readTable(page + c.rows)
		if err != nil {
			t.Fatal(err)
		}
		found := wrong(read(t, ""), table)
		if c.want == "" && len(found) > 0 || c.want != "" && (len(found) != 1 || !strings.HasPrefix(found[0], c.want)) {
			t.Errorf("%q:\n%q", c.rows, found)
		}
	}
}

func TestTableThatIsNone(t *testing.T) {
	const head = "## YARPC's own tests\n| case | why it fails |\n|---|---|\n"
	for page, want := range map[string]string{
		"# Page\n":                      `there is no section "## YARPC's own tests"`,
		"## YARPC's own tests\n\ntext":  "has no table",
		head + "| a TestOne | r |\n":    "the row",
		head + "| `a TestOne` |\n":      "the row",
		head + "| `a TestOne` |  |\n":   "the row",
		head + "| `a` | one | more |\n": "the row",
	} {
		if _, err := readTable(page); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", page, err)
		}
	}
}
