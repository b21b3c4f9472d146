package cloudfrontjs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
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
	skipped     = regexp.MustCompile(`^(?:\s+|//[^\n]*|/\*(?s:.*?)\*/|;|'use strict'|"use strict")`)
	importStart = regexp.MustCompile(`^import[\s{*'"]`)
	importLine  = regexp.MustCompile(`^import\s+([A-Za-z_$][\w$]*)\s+from\s+(?:'([^'\n]*)'|"([^"\n]*)")`)
)

// rewriteImports turns the imports at the top of the code into calls of
// require, each within its own lines.
func rewriteImports(code, runtime string) (string, *Problem) {
	done, rest := new(strings.Builder), code
	for {
		if skip := skipped.FindString(rest); skip != "" {
			done.WriteString(skip)
			rest = rest[len(skip):]
			continue
		}
		if !importStart.MatchString(rest) {
			return done.String() + laterImports(rest, runtime), nil
		}
		before := code[:len(code)-len(rest)]
		place := Problem{Line: strings.Count(before, "\n") + 1, Column: len(before) - strings.LastIndex(before, "\n")}
		match := importLine.FindStringSubmatch(rest)
		if runtime == Runtime1 {
			place.Message, place.Hint = "import is not supported by "+runtime, "use var crypto = require('crypto'), or the runtime "+Runtime2
			return "", &place
		}
		if match == nil {
			place.Message, place.Hint = "this form of import is not supported", "write import cf from 'cloudfront'"
			return "", &place
		}
		name, module := match[1], match[2]+match[3]
		if !slices.Contains(modules[runtime], module) {
			place.Message, place.Hint = fmt.Sprintf("there is no module %q", module), "the modules are "+strings.Join(modules[runtime], ", ")
			return "", &place
		}
		fmt.Fprintf(done, "const %s=require('%s')%s", name, module, strings.Repeat("\n", strings.Count(match[0], "\n")))
		rest = rest[len(match[0]):]
	}
}

var laterImport = regexp.MustCompile(`(?m)^([ \t]*)import\s+([A-Za-z_$][\w$]*)\s+from\s+['"]([a-z]+)['"]`)

// laterImports rewrites the imports behind other statements, at the start of a
// line.
//
// Seen: functions that are deployed with them.
func laterImports(code, runtime string) string {
	if runtime == Runtime1 {
		return code
	}
	return laterImport.ReplaceAllStringFunc(code, func(statement string) string {
		match := laterImport.FindStringSubmatch(statement)
		if !slices.Contains(modules[runtime], match[3]) {
			return statement
		}
		return match[1] + "const " + match[2] + "=require('" + match[3] + "')" + strings.Repeat("\n", strings.Count(statement, "\n"))
	})
}
