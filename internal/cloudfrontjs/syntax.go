package cloudfrontjs

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// scope is where a node stands.
type scope struct {
	functions int  // how many functions are around it
	argument  bool // whether it is part of a call's arguments
}

type checker struct {
	runtime           string
	file              *file.File
	refused, warnings []Problem
	seen              map[string]bool
	calls             map[string]Problem // where each method is first called
}

// checkSyntax finds what the runtime doesn't support, and what it may not
// support.
func checkSyntax(program *ast.Program, runtime string) *checker {
	c := &checker{runtime: runtime, file: program.File, seen: map[string]bool{}, calls: map[string]Problem{}}
	c.walk(reflect.ValueOf(program.Body), scope{})
	slices.SortStableFunc(c.refused, func(a, b Problem) int {
		return (a.Line-b.Line)*MaxCodeSize + a.Column - b.Column
	})
	return c
}

func (c *checker) report(idx file.Idx, name string) {
	r := rules[name]
	problem := at(c.file, idx)
	problem.Hint = r.instead
	switch {
	case r.verdict == unsure && !c.seen[name]:
		problem.Message = r.name + " is not on AWS's list for " + c.runtime
		c.warnings = append(c.warnings, problem)
	case r.verdict == refused, r.verdict == newIn2 && c.runtime == Runtime1:
		problem.Message = r.name + " is not supported by " + c.runtime
		problem.Hint = "use " + r.instead + "; see " + r.source
		c.refused = append(c.refused, problem)
	}
	c.seen[name] = true
}

// walk visits every node once. The parser's tree has no walker of its own.
func (c *checker) walk(v reflect.Value, s scope) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			c.walk(v.Elem(), s)
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct && v.Elem().Type().PkgPath() == astPackage {
			c.node(v, s)
		}
	case reflect.Slice:
		if statements, ok := v.Interface().([]ast.Statement); ok {
			c.redeclarations(statements)
		}
		for i := range v.Len() {
			c.walk(v.Index(i), s)
		}
	case reflect.Struct:
		if v.CanAddr() && v.Type().PkgPath() == astPackage {
			c.node(v.Addr(), s)
		}
	}
}

var astPackage = reflect.TypeFor[ast.Identifier]().PkgPath()

func (c *checker) fields(v reflect.Value, s scope) {
	for i := range v.NumField() {
		// DeclarationList repeats bindings that stand in the body.
		if v.Type().Field(i).Name != "DeclarationList" {
			c.walk(v.Field(i), s)
		}
	}
}

func (c *checker) node(v reflect.Value, s scope) {
	switch n := v.Interface().(type) {
	case *ast.FunctionLiteral:
		c.function(n.Idx0(), n.Async, n.Generator, n.ParameterList, s)
		s = scope{functions: s.functions + 1}
	case *ast.ArrowFunctionLiteral:
		c.function(n.Idx0(), n.Async, false, n.ParameterList, s)
		s = scope{functions: s.functions + 1}
	case *ast.CallExpression:
		if method, ok := n.Callee.(*ast.DotExpression); ok {
			name := method.Identifier.Name.String()
			if _, ok := c.calls[name]; !ok {
				c.calls[name] = at(c.file, method.Identifier.Idx)
			}
		}
		c.arguments(n.Callee, n.ArgumentList, s)
		return
	case *ast.NewExpression:
		c.arguments(n.Callee, n.ArgumentList, s)
		return
	}
	if node, ok := v.Interface().(ast.Node); ok {
		for _, name := range findings(node, s) {
			c.report(node.Idx0(), name)
		}
	}
	c.fields(v.Elem(), s)
}

// arguments visits what is called, and what it is called with.
func (c *checker) arguments(callee ast.Expression, arguments []ast.Expression, s scope) {
	c.walk(reflect.ValueOf(callee), s)
	s.argument = true
	c.walk(reflect.ValueOf(arguments), s)
}

func (c *checker) function(idx file.Idx, async, generator bool, parameters *ast.ParameterList, s scope) {
	if async {
		c.report(idx, "async")
		if s.functions > 0 {
			c.report(idx, "async-closure")
		}
	}
	if generator {
		c.report(idx, "generator")
	}
	for _, parameter := range parameters.List {
		if parameter.Initializer != nil {
			c.report(parameter.Idx0(), "default")
		}
	}
}

// redeclarations reports names that are declared twice in a block, at least
// once with const or let. The parser accepts them, engines don't.
func (c *checker) redeclarations(statements []ast.Statement) {
	first := map[string]declaration{}
	for _, statement := range statements {
		for _, declared := range declarations(statement) {
			if earlier, ok := first[declared.name]; ok && (earlier.lexical || declared.lexical) {
				problem := at(c.file, declared.idx)
				problem.Message = "SyntaxError: Identifier '" + declared.name + "' has already been declared"
				c.refused = append(c.refused, problem)
			}
			first[declared.name] = declared
		}
	}
}

// kinds are the rules that every node of a kind meets.
var kinds = map[reflect.Type]string{
	reflect.TypeFor[*ast.ArrayPattern]():       "destructuring",
	reflect.TypeFor[*ast.ClassLiteral]():       "class",
	reflect.TypeFor[*ast.DebuggerStatement]():  "debugger",
	reflect.TypeFor[*ast.ForDeclaration]():     "declaration",
	reflect.TypeFor[*ast.ForOfStatement]():     "for-of",
	reflect.TypeFor[*ast.LexicalDeclaration](): "declaration",
	reflect.TypeFor[*ast.MetaProperty]():       "meta",
	reflect.TypeFor[*ast.ObjectPattern]():      "destructuring",
	reflect.TypeFor[*ast.OptionalChain]():      "optional-chain",
	reflect.TypeFor[*ast.PropertyShort]():      "shorthand",
	reflect.TypeFor[*ast.SpreadElement]():      "spread",
	reflect.TypeFor[*ast.SuperExpression]():    "super",
	reflect.TypeFor[*ast.YieldExpression]():    "generator",
}

// findings names the rules that a node meets.
func findings(node ast.Node, s scope) (names []string) {
	add := func(name string, meets bool) {
		if meets {
			names = append(names, name)
		}
	}
	kind, meets := kinds[reflect.TypeOf(node)]
	add(kind, meets)
	switch n := node.(type) {
	case *ast.AwaitExpression:
		add("await-in-argument", s.argument)
	case *ast.CatchStatement:
		add("catch", n.Parameter == nil)
	case *ast.TemplateLiteral:
		add("tagged-template", n.Tag != nil)
	case *ast.AssignExpression:
		add("logical-assign", n.Operator == token.LOGICAL_OR || n.Operator == token.LOGICAL_AND || n.Operator == token.COALESCE)
	case *ast.BinaryExpression:
		add("nullish", n.Operator == token.COALESCE)
	case *ast.PropertyKeyed:
		add("computed", n.Computed)
		add("method", n.Kind == ast.PropertyKindMethod)
	case *ast.NumberLiteral:
		add("bigint", strings.HasSuffix(n.Literal, "n"))
		add("separator", strings.Contains(n.Literal, "_"))
		add("radix", len(n.Literal) > 1 && n.Literal[0] == '0' && strings.ContainsRune("bBoO", rune(n.Literal[1])))
	case *ast.RegExpLiteral:
		add("sticky", strings.Contains(n.Flags, "y"))
		add("unicode-regexp", strings.Contains(n.Flags, "u"))
		add("regexp-flag", strings.Trim(n.Flags, "gimyu") != "")
	}
	return names
}
