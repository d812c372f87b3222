package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A tree is a copy of YARPC's module.
type tree struct{ root string }

// goIn runs the go command in the tree and returns what it prints.
func (t tree) goIn(args ...string) (string, error) {
	command := exec.Command("go", args...)
	command.Dir = t.root
	command.Stderr = os.Stderr
	out, err := command.Output()
	return strings.TrimSpace(string(out)), err
}

// copyYARPC makes a tree at root of the version that this module requires.
func copyYARPC(root string) (tree, error) {
	t := tree{root}
	if err := os.RemoveAll(root); err != nil {
		return t, err
	}
	// Downloads it, where it is not in the cache yet.
	if _, err := (tree{}).goIn("mod", "download", "go.uber.org/yarpc"); err != nil {
		return t, err
	}
	source, err := tree{}.goIn("list", "-m", "-f", "{{.Dir}}", "go.uber.org/yarpc")
	if err != nil {
		return t, err
	}
	if err := os.CopyFS(root, os.DirFS(source)); err != nil {
		return t, err
	}
	// The module cache is read-only, and so is a copy of it.
	return t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return os.Chmod(path, 0o755)
		}
		if err == nil {
			return os.Chmod(path, 0o644)
		}
		return err
	})
}

// swap puts peerage's lists into the places of YARPC's. This module is in the folder here.
func (t tree) swap(here string) error {
	for _, dir := range replaced {
		if err := t.removeCode(dir); err != nil {
			return err
		}
	}
	for _, file := range append(internals, "peer/single.go") {
		if err := os.Remove(filepath.Join(t.root, file)); err != nil {
			return err
		}
	}
	if err := os.CopyFS(t.root, os.DirFS(filepath.Join(here, "suites/testdata"))); err != nil {
		return err
	}
	for _, e := range edits {
		if err := e.make(t.root); err != nil {
			return err
		}
	}
	return t.require(here)
}

// removeCode removes the package but for its tests.
func (t tree) removeCode(dir string) error {
	files, err := filepath.Glob(filepath.Join(t.root, dir, "*.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

// require makes the tree depend on this module, and know the sums of all that it requires.
func (t tree) require(here string) error {
	_, err := t.goIn("mod", "edit", "-toolchain=none",
		"-require=peerage.dev/go/yarpc@v0.0.0", "-replace=peerage.dev/go/yarpc="+here,
		"-require=peerage.dev/go@v0.0.0", "-replace=peerage.dev/go="+filepath.Dir(here))
	if err != nil {
		return err
	}
	theirs, err := os.ReadFile(filepath.Join(t.root, "go.sum"))
	if err != nil {
		return err
	}
	ours, err := os.ReadFile(filepath.Join(here, "go.sum"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(t.root, "go.sum"), bytes.Join([][]byte{theirs, ours}, nil), 0o644)
}

// hook lets the tests of a package make a peer.Single of peerage's.
func (t tree) hook(dir, name string) error {
	code := "package " + name + "_test\n\nimport _ \"go.uber.org/yarpc/peerage\"\n"
	return os.WriteFile(filepath.Join(t.root, dir, "peerage_single_test.go"), []byte(code), 0o644)
}
