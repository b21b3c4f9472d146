package scaffold

import (
	"cmp"
	"go/parser"
	"go/token"
	"path"
	"regexp"
)

// startsHandler matches the imports of a program that Lambda starts. Any other is taken
// for a server that listens on a port.
var startsHandler = regexp.MustCompile(`"github\.com/aws/aws-lambda-go/|"` + regexp.QuoteMeta(Module) + `/functions/streamhttp"`)

// findGo finds the first main package.
func findGo(d directory) (*Plan, error) {
	var dir, code, first string
	for _, file := range d.with(".go") {
		text := d.text(file)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.PackageClauseOnly)
		if err == nil && parsed.Name.Name == "main" && (dir == "" || dir == path.Dir(file)) {
			dir, first = path.Dir(file), cmp.Or(first, file)
			code += text
		}
	}
	switch dir {
	case "":
		return nil, nil
	case ".":
	default:
		dir = "./" + dir
	}
	if startsHandler.MatchString(code) {
		return &Plan{What: "a Go handler in " + first, Package: dir, Handler: true}, nil
	}
	return &Plan{What: "a Go server in " + first, Package: dir, Port: port(code)}, nil
}
