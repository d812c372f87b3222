// Suites runs YARPC's own tests against the lists of peerage.dev/go/yarpc: those of its peer lists, and of all
// that makes one.
//
//	go run ./suites [-unmodified] [-only REGEXP] FOLDER
//
// from the folder of the adapter. It copies the module of YARPC that go.mod names into the folder, puts
// peerage's lists into the places of YARPC's (see testdata), and runs the tests with `go test`. They have to
// fail as the table in README.md says, and nowhere else.
//
// With -unmodified the copy stays as it is and nothing is compared: what fails then is YARPC's own.
package main

import (
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

func main() {
	log.SetFlags(0)
	unmodified := flag.Bool("unmodified", false, "run the tests with YARPC's own lists")
	only := flag.String("only", "", "packages to test, a regular expression")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: go run ./suites [-unmodified] [-only REGEXP] FOLDER")
	}
	wanted, err := regexp.Compile(*only)
	check(err)
	here, err := os.Getwd()
	check(err)
	page, err := os.ReadFile("README.md")
	check(err)
	table, err := readTable(string(page))
	check(err)

	root, err := filepath.Abs(flag.Arg(0))
	check(err)
	t, err := copyYARPC(root)
	check(err)
	if !*unmodified {
		check(t.swap(here))
	}
	packages, err := t.tested()
	check(err)
	maps.DeleteFunc(packages, func(p, _ string) bool { return !wanted.MatchString(p) })
	if !*unmodified {
		for dir, name := range packages {
			check(t.hook(dir, name))
		}
	}
	got := results{map[string]bool{}, map[string]string{}}
	once, each := split(packages, *unmodified)
	check(t.run(once, "", got))
	if len(each) > 0 {
		for _, policy := range policies {
			check(t.run(each, policy, got))
		}
	}
	fmt.Printf("%d cases of %d packages pass, %d fail\n", len(got.passed), len(packages), len(got.failed))
	if *unmodified || *only != "" {
		for _, name := range slices.Sorted(maps.Keys(got.failed)) {
			fmt.Printf("%s fails:\n%s\n", name, got.failed[name])
		}
		return
	}
	if found := wrong(got, table); len(found) > 0 {
		for _, what := range found {
			fmt.Println(what)
		}
		os.Exit(1)
	}
	// Something is wrong with the copy, or with what lists the packages, when there are far fewer.
	if least := 2_000; len(got.passed) < least {
		log.Fatalf("suites: only %d cases pass, want at least %d", len(got.passed), least)
	}
}

// split parts the packages whose tests run once from those whose tests run for each policy.
func split(packages map[string]string, unmodified bool) (once, each []string) {
	for _, p := range slices.Sorted(maps.Keys(packages)) {
		if !unmodified && slices.Contains(engine, p) {
			each = append(each, p)
		} else {
			once = append(once, p)
		}
	}
	return once, each
}

func check(err error) {
	if err != nil {
		log.Fatal("suites: ", err)
	}
}
