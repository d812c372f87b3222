package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is a line of `go test -json`. A test is named by Test, or a package by the lack of it; one that does
// not build by ImportPath.
type event struct{ Action, Package, Test, Output, ImportPath string }

// results are the outcomes of cases: tests without subtests, and packages that fail beside their tests.
//
// A case is named as "peer/randpeer TestRandPeer/start_stop", "peer@random TestBindRealList" where the tests
// of a package run once for each policy, or "peer/randpeer" for a package.
type results struct {
	passed map[string]bool
	// What the failed ones printed.
	failed map[string]string
}

// readEvents adds the outcomes of one go test.
func (r results) readEvents(lines io.Reader, policy string) error {
	var events []event
	reader := bufio.NewReader(lines)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) == 0 && err == io.EOF {
			break
		}
		if err != nil && err != io.EOF {
			return err
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("go test -json printed %q, which is no event: %w", line, err)
		}
		events = append(events, e)
	}
	r.classify(events, policy)
	return nil
}

// step begins the name of a step of a test of YARPC's lists: one that fails makes the test fail, and so do
// many after it.
const step = "/action_#"

// A test of a package.
type test struct{ pkg, name string }

// parent is the test that this is a part of: at the top the package, a test without a name.
func (t test) parent() test {
	at := strings.LastIndex(t.name, "/")
	return test{t.pkg, t.name[:max(at, 0)]}
}

func (t test) String(policy string) string {
	name := short(t.pkg)
	if policy != "" {
		name += "@" + policy
	}
	return strings.TrimSpace(name + " " + t.name)
}

func (r results) classify(events []event, policy string) {
	printed, ended := map[test]*strings.Builder{}, map[test]string{}
	hasParts := map[test]bool{}
	partFailed := map[test]bool{}
	for _, e := range events {
		of := test{e.Package, e.Test}
		if e.Package == "" {
			of.pkg, _, _ = strings.Cut(e.ImportPath, " ")
		}
		whole, _, isStep := strings.Cut(e.Test, step)
		of.name = whole
		switch {
		case e.Action == "output" || e.Action == "build-output":
			if printed[of] == nil {
				printed[of] = &strings.Builder{}
			}
			// Some print messages of many megabytes.
			printed[of].WriteString(e.Output[:min(len(e.Output), 400)])
		case isStep:
		case e.Action == "start" || e.Action == "run":
			// Until it ends; a panic elsewhere may see to it that it never does.
			ended[of] = "fail"
			for t := of; t.name != ""; t = t.parent() {
				hasParts[t.parent()] = true
			}
		case e.Action == "pass" || e.Action == "fail" || e.Action == "skip":
			ended[of] = e.Action
		}
	}
	for of, action := range ended {
		if action == "fail" && of.name != "" {
			for t := of; t.name != ""; t = t.parent() {
				partFailed[t.parent()] = true
			}
		}
	}
	for of, action := range ended {
		switch {
		case action == "fail" && !partFailed[of]:
			text := ""
			if printed[of] != nil {
				text = printed[of].String()
			}
			r.failed[of.String(policy)] = text
		case action == "pass" && !hasParts[of] && of.name != "":
			r.passed[of.String(policy)] = true
		}
	}
}
