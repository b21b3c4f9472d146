package cloudfrontjs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
)

// modules names what a function may import or require. The pages show import
// for cloudfront and require for the others. Inferred: each works in both forms.
//
// See: functions-javascript-runtime-20.html, "Built-in modules"; functions-custom-methods.html
var modules = map[string][]string{
	Runtime1: {"crypto", "querystring"},
	Runtime2: {"buffer", "cloudfront", "crypto", "querystring"},
}

// Modules returns the names of the modules that a runtime has.
func Modules(runtime string) []string {
	return slices.Clone(modules[runtime])
}

var (
	importStart = regexp.MustCompile(`^import[\s{*'"]`)
	importLine  = regexp.MustCompile(`^import\s+([A-Za-z_$][\w$]*)\s+from\s*(?:'([^'\n]*)'|"([^"\n]*)")`)
)

// parse parses code, whose imports it turns into calls of require, each within
// its own lines. The parser stops at each import, wherever one is a statement.
//
// Seen: functions that are deployed with imports behind other statements.
func parse(name, code, runtime string) (string, *ast.Program, *Problem) {
	for {
		program, err := parser.ParseFile(nil, name, code, 0, parser.WithDisableSourceMaps)
		if err == nil {
			return code, program, nil
		}
		problem, offset := syntaxProblem(code, err)
		if !importStart.MatchString(code[offset:]) {
			return "", nil, &problem
		}
		match := importLine.FindStringSubmatch(code[offset:])
		if runtime == Runtime1 {
			problem.Message, problem.Hint = "import is not supported by "+runtime, "use var crypto = require('crypto'), or the runtime "+Runtime2
			return "", nil, &problem
		}
		if match == nil {
			problem.Message, problem.Hint = "this form of import is not supported", "write import cf from 'cloudfront'"
			return "", nil, &problem
		}
		as, module := match[1], match[2]+match[3]
		if !slices.Contains(modules[runtime], module) {
			problem.Message, problem.Hint = fmt.Sprintf("there is no module %q", module), "the modules are "+strings.Join(modules[runtime], ", ")
			return "", nil, &problem
		}
		code = code[:offset] + "const " + as + "=require('" + module + "')" + strings.Repeat("\n", strings.Count(match[0], "\n")) + code[offset+len(match[0]):]
	}
}
