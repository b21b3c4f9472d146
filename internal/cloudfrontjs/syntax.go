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
	runtime, code     string
	file              *file.File
	refused, warnings []Problem
	seen              map[string]bool
	calls             map[string]Problem // where each method is first called
}

// checkSyntax finds what the runtime doesn't support, and what it may not
// support.
func checkSyntax(program *ast.Program, code, runtime string) *checker {
	c := &checker{runtime: runtime, code: code, file: program.File, seen: map[string]bool{}, calls: map[string]Problem{}}
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
		c.walk(reflect.ValueOf(n.Callee), s)
		s.argument = true
		c.walk(reflect.ValueOf(n.ArgumentList), s)
		return
	case *ast.NewExpression:
		c.walk(reflect.ValueOf(n.Callee), s)
		s.argument = true
		c.walk(reflect.ValueOf(n.ArgumentList), s)
		return
	case *ast.ArrayPattern, *ast.ObjectPattern:
		c.report(n.(ast.Node).Idx0(), "destructuring")
		return
	case *ast.BinaryExpression:
		c.chain(n)
		for _, name := range findings(n, s) {
			c.report(n.Idx0(), name)
		}
	default:
		if node, ok := n.(ast.Node); ok {
			for _, name := range findings(node, s) {
				c.report(node.Idx0(), name)
			}
		}
	}
	c.fields(v.Elem(), s)
}

// chain reports a < b < c, which the parser reads as a < (b < c).
func (c *checker) chain(n *ast.BinaryExpression) {
	right, ok := n.Right.(*ast.BinaryExpression)
	if !ok || !relational(n.Operator) || !relational(right.Operator) {
		return
	}
	if before := strings.TrimSpace(c.code[:int(right.Idx0())-1]); !strings.HasSuffix(before, "(") {
		problem := at(c.file, n.Idx0())
		problem.Message, problem.Hint = "a chain of comparisons isn't supported locally", "write a < b && b < c, or parentheses"
		c.refused = append(c.refused, problem)
	}
}

func relational(t token.Token) bool {
	return t == token.LESS || t == token.LESS_OR_EQUAL || t == token.GREATER || t == token.GREATER_OR_EQUAL
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

// findings names the rules that a node meets.
func findings(node ast.Node, s scope) []string {
	switch n := node.(type) {
	case *ast.LexicalDeclaration, *ast.ForDeclaration:
		return []string{"declaration"}
	case *ast.AwaitExpression:
		if s.argument {
			return []string{"await-in-argument"}
		}
	case *ast.ClassLiteral:
		return []string{"class"}
	case *ast.SuperExpression:
		return []string{"super"}
	case *ast.YieldExpression:
		return []string{"generator"}
	case *ast.ForOfStatement:
		return []string{"for-of"}
	case *ast.SpreadElement:
		return []string{"spread"}
	case *ast.OptionalChain:
		return []string{"optional-chain"}
	case *ast.MetaProperty:
		return []string{"meta"}
	case *ast.DebuggerStatement:
		return []string{"debugger"}
	case *ast.CatchStatement:
		if n.Parameter == nil {
			return []string{"catch"}
		}
	case *ast.TemplateLiteral:
		if n.Tag != nil {
			return []string{"tagged-template"}
		}
	case *ast.AssignExpression:
		if n.Operator == token.LOGICAL_OR || n.Operator == token.LOGICAL_AND || n.Operator == token.COALESCE {
			return []string{"logical-assign"}
		}
	case *ast.BinaryExpression:
		if n.Operator == token.COALESCE {
			return []string{"nullish"}
		}
	case *ast.PropertyShort:
		return []string{"shorthand"}
	case *ast.PropertyKeyed:
		return property(n)
	case *ast.NumberLiteral:
		return number(n.Literal)
	case *ast.RegExpLiteral:
		return flags(n.Flags)
	}
	return nil
}

func property(n *ast.PropertyKeyed) (names []string) {
	if n.Computed {
		names = append(names, "computed")
	}
	if n.Kind == ast.PropertyKindMethod {
		names = append(names, "method")
	}
	return names
}

func number(literal string) (names []string) {
	if strings.HasSuffix(literal, "n") {
		names = append(names, "bigint")
	}
	if strings.Contains(literal, "_") {
		names = append(names, "separator")
	}
	if len(literal) > 1 && literal[0] == '0' && strings.ContainsRune("bBoO", rune(literal[1])) {
		names = append(names, "radix")
	}
	return names
}

func flags(letters string) (names []string) {
	for _, flag := range letters {
		switch flag {
		case 'g', 'i', 'm':
		case 'y':
			names = append(names, "sticky")
		case 'u':
			names = append(names, "unicode-regexp")
		default:
			names = append(names, "regexp-flag")
		}
	}
	return names
}
