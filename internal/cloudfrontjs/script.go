// Package cloudfrontjs checks the code of CloudFront Functions without running
// it: its size, its syntax, and what it imports. The constructs reject at synth
// what the local edge rejects when it loads a function.
//
// Left out: what only shows at run time, such as a name that isn't defined.
package cloudfrontjs

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// The runtimes of CloudFront Functions, in AWS's words.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_FunctionConfig.html
const (
	Runtime1 = "cloudfront-js-1.0"
	Runtime2 = "cloudfront-js-2.0"
)

// MaxCodeSize is the largest code of a function, 10 KB, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
const MaxCodeSize = 10 * 1024

// A Problem is one place of the code that CloudFront's engine can't run.
type Problem struct {
	// Line and Column count from 1. They are 0 for a problem of the whole code.
	Line, Column int

	// Message says what is wrong.
	Message string

	// Hint says what to do instead; it may be empty.
	Hint string
}

// String returns the problem as line:column: message (hint), without the parts
// that are empty.
func (p Problem) String() string {
	text := p.Message
	if p.Line > 0 {
		text = fmt.Sprintf("%d:%d: %s", p.Line, p.Column, text)
	}
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// A Script is code that a runtime can load.
type Script struct {
	// Code is the code with require instead of import, on the same lines.
	Code string

	// Warnings are uses of syntax that AWS doesn't document, but that the engine
	// supports.
	Warnings []Problem

	program *ast.Program
	calls   map[string]Problem
}

// perlGroup is the start of a named group, unless its parenthesis is escaped.
var perlGroup = regexp.MustCompile(`(^|[^\\])\(\?P<`)

// Parse checks code for a runtime. It returns at least one problem if the
// runtime can't load it. name stands for the code in positions that an engine
// reports.
func Parse(name, code, runtime string) (*Script, []Problem) {
	if size := len(code); size > MaxCodeSize {
		return nil, []Problem{{Message: fmt.Sprintf("the code has %d bytes, CloudFront's limit is %d", size, MaxCodeSize),
			Hint: "remove comments, minify it, or move data to a key value store"}}
	}
	// Named groups of regular expressions have Perl's syntax.
	// See: functions-javascript-runtime-20.html, "Regular expressions"
	code = perlGroup.ReplaceAllString(code, "${1}(?<")
	code, program, problem := parse(name, code, runtime)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	found := checkSyntax(program, runtime)
	if len(found.refused) > 0 {
		return nil, found.refused
	}
	return &Script{Code: code, Warnings: found.warnings, program: program, calls: found.calls}, nil
}

// Call returns the place of the first call of a method with a name.
func (s *Script) Call(method string) (place Problem, ok bool) {
	place, ok = s.calls[method]
	return place, ok
}

// Lookup returns the place of the function, variable or import that is declared
// under a name at the top level. A variable without a value doesn't count.
func (s *Script) Lookup(name string) (place Problem, ok bool) {
	for _, statement := range s.program.Body {
		for _, declared := range declarations(statement) {
			if declared.name == name && declared.defined {
				return at(s.program.File, statement.Idx0()), true
			}
		}
	}
	return Problem{}, false
}

// A declaration is a name that a statement declares.
type declaration struct {
	name    string
	idx     file.Idx
	lexical bool
	defined bool
}

func declarations(statement ast.Statement) []declaration {
	var bindings []*ast.Binding
	lexical := false
	switch s := statement.(type) {
	case *ast.FunctionDeclaration:
		if s.Function.Name != nil {
			return []declaration{{name: s.Function.Name.Name.String(), idx: s.Idx0(), defined: true}}
		}
	case *ast.VariableStatement:
		bindings = s.List
	case *ast.LexicalDeclaration:
		bindings, lexical = s.List, true
	}
	var all []declaration
	for _, binding := range bindings {
		if name, ok := binding.Target.(*ast.Identifier); ok {
			all = append(all, declaration{name.Name.String(), name.Idx0(), lexical, binding.Initializer != nil})
		}
	}
	return all
}

func at(f *file.File, idx file.Idx) Problem {
	position := f.Position(int(idx) - 1)
	return Problem{Line: position.Line, Column: position.Column}
}

// syntaxProblem reads the first of the parser's errors, and returns its offset
// too; the others follow from it.
func syntaxProblem(code string, err error) (problem Problem, offset int) {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return Problem{Message: "SyntaxError: " + err.Error()}, len(code)
	}
	first := list[0]
	problem = Problem{Line: first.Position.Line, Column: first.Position.Column, Message: "SyntaxError: " + first.Message}
	lines := strings.SplitAfter(code, "\n")
	if problem.Line < 1 || problem.Line > len(lines) {
		return problem, len(code)
	}
	before := strings.Join(lines[:problem.Line-1], "")
	offset = min(len(before)+max(problem.Column-1, 0), len(code))
	switch rest := code[offset:]; {
	case strings.HasPrefix(rest, "import"):
		problem.Message, problem.Hint = "this import is not supported", "import a module as import cf from 'cloudfront'"
	case strings.HasPrefix(rest, "export"):
		problem.Message, problem.Hint = "export is not supported", "CloudFront calls a function by its name; remove export"
	}
	return problem, offset
}

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
