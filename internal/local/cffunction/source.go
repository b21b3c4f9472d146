package cffunction

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// MaxCodeSize is the most bytes that a function's code may have: 10 KB.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
const MaxCodeSize = 10 * 1024

// sourceName stands in the engine's stack traces for the function's code.
const sourceName = "function.js"

// The code runs inside a function, so that each request has its own variables.
// Everything before it stands on its first line, which keeps line numbers.
const (
	prefix = "(function(){"
	suffix = "\n;return handler})"
)

// A source is checked code, ready to be compiled.
type source struct {
	wrapped  string
	handler  Problem // its place only
	warnings []Problem
}

func parse(config Config) (*source, []Problem) {
	if size := len(config.Code); size > MaxCodeSize {
		return nil, []Problem{{Message: fmt.Sprintf("the code has %d bytes and CloudFront takes at most %d", size, MaxCodeSize),
			Hint: "drop comments, or minify it; move data to a key value store"}}
	}
	code, problem := rewriteImports(config.Code, config.Runtime)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	program, err := parser.ParseFile(nil, sourceName, code, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, []Problem{syntaxProblem(code, err)}
	}
	refused, warnings := checkSyntax(program, config.Runtime)
	if len(refused) > 0 {
		return nil, refused
	}
	idx, ok := findHandler(program)
	if !ok {
		return nil, []Problem{{Message: "there is no function named handler", Hint: "write function handler(event) { … } at the top level"}}
	}
	return &source{wrapped: prefix + code + suffix, handler: at(program.File, idx), warnings: warnings}, nil
}

func at(f *file.File, idx file.Idx) Problem {
	position := f.Position(int(idx) - 1)
	return Problem{Line: position.Line, Column: position.Column}
}

// findHandler returns the place of the entry point.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/writing-function-code.html
func findHandler(program *ast.Program) (file.Idx, bool) {
	for _, statement := range program.Body {
		var bindings []*ast.Binding
		switch s := statement.(type) {
		case *ast.FunctionDeclaration:
			if s.Function.Name != nil && s.Function.Name.Name == "handler" {
				return s.Idx0(), true
			}
		case *ast.VariableStatement:
			bindings = s.List
		case *ast.LexicalDeclaration:
			bindings = s.List
		}
		for _, binding := range bindings {
			if name, ok := binding.Target.(*ast.Identifier); ok && name.Name == "handler" && binding.Initializer != nil {
				return statement.Idx0(), true
			}
		}
	}
	return 0, false
}

// syntaxProblem reads the first of the parser's errors; the others follow from it.
func syntaxProblem(code string, err error) Problem {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return Problem{Message: "SyntaxError: " + err.Error()}
	}
	first := list[0]
	problem := Problem{Line: first.Position.Line, Column: first.Position.Column, Message: "SyntaxError: " + first.Message}
	lines := strings.Split(code, "\n")
	if problem.Line < 1 || problem.Line > len(lines) {
		return problem
	}
	rest := lines[problem.Line-1]
	rest = rest[min(max(problem.Column-1, 0), len(rest)):]
	switch {
	case strings.HasPrefix(rest, "import"):
		problem.Message, problem.Hint = "this import is not supported", "import only at the top of the code, as import cf from 'cloudfront'"
	case strings.HasPrefix(rest, "export"):
		problem.Message, problem.Hint = "export is not supported", "CloudFront calls the function named handler; export nothing"
	}
	return problem
}

// problem places an error of the compiler, which saw the wrapped code.
func (s *source) problem(err error) Problem {
	var syntax *goja.CompilerSyntaxError
	if errors.As(err, &syntax) && syntax.File != nil {
		position := syntax.File.Position(syntax.Offset)
		line, column := unwrap(position.Line, position.Column)
		return Problem{Line: line, Column: column, Message: "SyntaxError: " + syntax.Message}
	}
	return Problem{Message: err.Error()}
}

// unwrap turns a place in the wrapped code into one in the function's own.
func unwrap(line, column int) (int, int) {
	if line == 1 {
		column = max(column-len(prefix), 1)
	}
	return line, column
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
			return done.String() + rest, nil
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
		if !hasModule(runtime, module) {
			place.Message, place.Hint = fmt.Sprintf("there is no module %q", module), "the modules are "+strings.Join(modules[runtime], ", ")
			return "", &place
		}
		fmt.Fprintf(done, "const %s=require('%s')%s", name, module, strings.Repeat("\n", strings.Count(match[0], "\n")))
		rest = rest[len(match[0]):]
	}
}
