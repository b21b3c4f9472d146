package test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"testing"
)

// A property is a field of a struct as its comment and docs/properties.md describe it.
type property struct {
	Type, Default string
}

// properties returns the exported fields of a struct of infra.
func properties(t *testing.T, file, name string) map[string]property {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "../infra/"+file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]property{}
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if !ok || spec.Name.Name != name {
			return true
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			_, otherwise, found := strings.Cut(field.Doc.Text(), "Default: ")
			if !found {
				otherwise = "required"
			}
			fields[field.Names[0].Name] = property{types.ExprString(field.Type), strings.Join(strings.Fields(otherwise), " ")}
		}
		return false
	})
	return fields
}

func TestProperties_are_those_of_the_code(t *testing.T) {
	endpoint, behavior := properties(t, "endpoint_props.go", "EndpointProps"), properties(t, "behavior.go", "BehaviorProps")
	want := map[string]string{}
	for name, p := range endpoint {
		also := "no"
		if own, ok := behavior[name]; ok {
			if also = "yes"; own.Default != p.Default {
				p.Default += ". In a behavior: " + own.Default
			}
		}
		want[name] = "| `" + name + "` | `" + p.Type + "` | " + p.Default + " | " + also + " | "
	}
	for name, p := range behavior {
		if _, ok := endpoint[name]; !ok {
			want[name] = "| `" + name + "` | `" + p.Type + "` | " + p.Default + " | only | "
		}
	}

	page := read(t, "../docs/properties.md")["../docs/properties.md"]
	for _, row := range want {
		if !strings.Contains(page, "\n"+row) {
			t.Errorf("docs/properties.md has no row that begins with\n%s", row)
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `[^|]+` \\| .* \\| (?:yes|no|only) \\|").FindAllStringSubmatch(page, -1) {
		if want[row[1]] == "" {
			t.Errorf("docs/properties.md has %s, which is no property", row[1])
		}
	}
}
