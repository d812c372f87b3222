package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// heading is that of the table's section, and of the columns that say what it is.
const (
	heading = "## YARPC's own tests"
	columns = "| case | why it fails |"
)

// An expected failure. In a case a * stands for any text.
type expected struct {
	cases, reason string
	pattern       *regexp.Regexp
}

// readTable finds the expected failures in a page.
func readTable(page string) ([]expected, error) {
	_, section, found := strings.Cut(page, heading+"\n")
	if !found {
		return nil, fmt.Errorf("there is no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	_, rows, found := strings.Cut(section, columns+"\n|---|---|\n")
	if !found {
		return nil, fmt.Errorf("section %q has no table that begins %q", heading, columns)
	}
	var table []expected
	for row := range strings.SplitSeq(rows, "\n") {
		if !strings.HasPrefix(row, "|") {
			break
		}
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		if len(cells) != 2 || len(cells[0]) < 3 || cells[0][0] != '`' || strings.TrimSpace(cells[1]) == "" {
			return nil, fmt.Errorf("the row %q is not | `case` | why |", row)
		}
		name := strings.Trim(cells[0], "`")
		pattern := strings.ReplaceAll(regexp.QuoteMeta(name), `\*`, `.*`)
		table = append(table, expected{name, cells[1], regexp.MustCompile("^" + pattern + "$")})
	}
	return table, nil
}

// wrong says what the results and the table do not have in common: cases that fail and are not in it, and
// those in it that do not fail, or are no cases.
func wrong(got results, table []expected) []string {
	var found []string
	for name, text := range got.failed {
		if !slices.ContainsFunc(table, func(e expected) bool { return e.pattern.MatchString(name) }) {
			found = append(found, fmt.Sprintf("%s fails, and the table does not say so:\n%s", name, text))
		}
	}
	for _, e := range table {
		fails := false
		for name := range got.failed {
			fails = fails || e.pattern.MatchString(name)
		}
		if !fails {
			found = append(found, fmt.Sprintf("%s is in the table, and nothing of that name fails", e.cases))
		}
		for name := range got.passed {
			if e.pattern.MatchString(name) {
				found = append(found, fmt.Sprintf("%s passes, which the row %q of the table denies", name, e.cases))
			}
		}
	}
	slices.Sort(found)
	return found
}
