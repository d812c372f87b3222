package main

import (
	"slices"
	"strings"
)

const yarpc = "go.uber.org/yarpc"

// short is a package's path below YARPC's.
func short(path string) string {
	if path == yarpc {
		return "."
	}
	return strings.TrimPrefix(path, yarpc+"/")
}

// tested finds the packages whose tests link a list, with their names. What only links one is left out.
func (t tree) tested() (map[string]string, error) {
	// -e: a test of YARPC's tools needs what is not in its module.
	out, err := t.goIn("list", "-mod=mod", "-e", "-test", "-f", `{{.ImportPath}}|{{.Name}}|{{join .Deps " "}}`, "./...")
	if err != nil {
		return nil, err
	}
	lists := []string{yarpc + "/peer", yarpc + "/peer/abstractlist", yarpc + "/peer/peerlist", yarpc + "/peer/peerlist/v2"}
	for _, dir := range replaced {
		lists = append(lists, yarpc+"/"+dir)
	}
	names, found := map[string]string{}, map[string]string{}
	for line := range strings.SplitSeq(out, "\n") {
		path, rest, _ := strings.Cut(line, "|")
		name, deps, _ := strings.Cut(rest, "|")
		names[path] = name
		path, isTest := strings.CutSuffix(path, ".test")
		_, skip := unused[short(path)]
		if !isTest || skip {
			continue
		}
		if slices.ContainsFunc(strings.Fields(deps), func(d string) bool { return slices.Contains(lists, d) }) {
			found[short(path)] = names[path]
		}
	}
	return found, nil
}
