package peerage_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// Every exported name, method and field has a comment.
func TestExportedNamesAreDocumented(t *testing.T) {
	entries, err := os.ReadDir(".")
	must(t, err)
	seen := 0
	check := func(name *ast.Ident, comments ...*ast.CommentGroup) {
		if !name.IsExported() {
			return
		}
		seen++
		for _, comment := range comments {
			if comment.Text() != "" {
				return
			}
		}
		t.Errorf("%s is not documented", name)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.ParseComments)
		must(t, err)
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				check(node.Name, node.Doc)
				return false
			case *ast.GenDecl:
				for _, spec := range node.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						check(spec.Name, node.Doc, spec.Doc)
					case *ast.ValueSpec:
						check(spec.Names[0], node.Doc, spec.Doc)
					}
				}
			case *ast.Field:
				for _, name := range node.Names {
					check(name, node.Doc, node.Comment)
				}
			}
			return true
		})
	}
	if seen < 60 {
		t.Fatalf("looked at %d names only", seen)
	}
}
