package infra_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source returns the package's declarations, without those of tests.
func source(t *testing.T) (declarations []ast.Decl, doc string) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		declarations = append(declarations, file.Decls...)
		doc += file.Doc.Text()
	}
	return declarations, doc
}

// structs returns the package's structs by name.
func structs(t *testing.T) map[string]*ast.StructType {
	t.Helper()
	found := map[string]*ast.StructType{}
	declarations, _ := source(t)
	for _, declaration := range declarations {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			if spec, ok := spec.(*ast.TypeSpec); ok {
				if of, ok := spec.Type.(*ast.StructType); ok {
					found[spec.Name.Name] = of
				}
			}
		}
	}
	return found
}

// exportedFunctions returns the package's exported functions and methods.
func exportedFunctions(t *testing.T) (found []*ast.FuncDecl) {
	t.Helper()
	declarations, _ := source(t)
	for _, declaration := range declarations {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Name.IsExported() {
			found = append(found, function)
		}
	}
	return found
}

func isConstruct(of *ast.StructType) bool {
	return slices.ContainsFunc(of.Fields.List, func(field *ast.Field) bool {
		base := types.ExprString(field.Type)
		return len(field.Names) == 0 && (base == "construct.Base" || base == "awscdk.Stack")
	})
}

func TestDoc_names_every_construct_and_function(t *testing.T) {
	var exported []string
	for name, of := range structs(t) {
		if ast.IsExported(name) && (isConstruct(of) || strings.HasSuffix(name, "Options")) {
			exported = append(exported, name)
		}
	}
	for _, function := range exportedFunctions(t) {
		if name := function.Name.Name; function.Recv == nil && !strings.HasPrefix(name, "New") {
			exported = append(exported, name)
		}
	}
	_, doc := source(t)
	var named []string
	for _, item := range regexp.MustCompile(`(?m)^ +- ([\w, .\n]+):`).FindAllStringSubmatch(doc, -1) {
		named = append(named, strings.FieldsFunc(item[1], func(r rune) bool { return strings.ContainsRune(", \n", r) })...)
	}
	for _, name := range exported {
		if !slices.Contains(named, name) {
			t.Errorf("doc.go doesn't name %s: add it to the list", name)
		}
	}
	methods := []string{"Endpoint.AddBehavior"}
	for _, name := range named {
		if !slices.Contains(exported, name) && !slices.Contains(methods, name) {
			t.Errorf("doc.go names %s, which isn't a construct, a function or options of this package", name)
		}
	}
}

// The rule is in doc.go.
func TestProps_are_what_a_function_takes_and_Options_are_part_of_them(t *testing.T) {
	taken := map[string]string{}
	for _, function := range exportedFunctions(t) {
		for _, parameter := range function.Type.Params.List {
			name := types.ExprString(parameter.Type)
			taken[strings.TrimPrefix(strings.TrimPrefix(name, "..."), "*")] = function.Name.Name
		}
	}
	for name := range structs(t) {
		function, ok := taken[name]
		switch {
		case !ast.IsExported(name):
		case strings.HasSuffix(name, "Props") && !ok:
			t.Errorf("no function takes %s: call it Options", name)
		case strings.HasSuffix(name, "Options") && ok:
			t.Errorf("%s takes %s: call it Props", function, name)
		}
	}
}
