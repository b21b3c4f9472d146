package cloudfrontjs

import (
	"strings"
	"testing"
)

func TestParse_reports_problems_with_their_place(t *testing.T) {
	for code, want := range map[string]string{
		"function f() {\n  return a?.b;\n}":                "2:10: optional chaining (?.) is not supported by cloudfront-js-2.0",
		"import cf from 'cloudfront';\nimport x from 'fs'": `2:1: there is no module "fs"`,
		"export function f() {}":                           "1:1: export is not supported",
		"function f( {":                                    "1:14: SyntaxError",
		"const a = 1;\nlet a = 2;":                         "2:5: SyntaxError: Identifier 'a' has already been declared",
		"const a = 1;\nfunction a() {}":                    "2:1: SyntaxError: Identifier 'a' has already been declared",
		"function f() { var a; const a = 1; }":             "1:29: SyntaxError: Identifier 'a' has already been declared",
		"import a from 'crypto';\nvar a;":                  "2:5: SyntaxError: Identifier 'a' has already been declared",
		"// " + strings.Repeat("x", MaxCodeSize):           "the code has 10243 bytes, CloudFront's limit is 10240",
	} {
		_, problems := Parse("function.js", code, Runtime2)
		if len(problems) == 0 || !strings.HasPrefix(problems[0].String(), want) {
			t.Errorf("%.60q: got %v, want %q", code, problems, want)
		}
	}
}

func TestParse_accepts_names_in_scopes_of_their_own(t *testing.T) {
	for _, code := range []string{
		"var a; var a; function b() {} function b() {}",
		"const a = 1; function f(b) { const a = b; { const a = 2; } return a; }",
		"if (true) { let a = 1; } else { let a = 2; }",
	} {
		if _, problems := Parse("function.js", code, Runtime2); len(problems) > 0 {
			t.Errorf("%q: got %v, want none", code, problems)
		}
	}
}

func TestScript_Lookup_finds_names_of_the_top_level(t *testing.T) {
	script, problems := Parse("function.js", "import cf from 'cloudfront';\nvar empty;\nfunction f() { function inner() {} }\nconst g = function () {};", Runtime2)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, line := range map[string]int{"cf": 1, "f": 3, "g": 4, "empty": 0, "inner": 0, "other": 0} {
		place, ok := script.Lookup(name)
		if ok != (line > 0) || place.Line != line {
			t.Errorf("%s: got %v at line %d, want line %d", name, ok, place.Line, line)
		}
	}
}

func TestScript_Call_finds_methods_that_are_called(t *testing.T) {
	script, problems := Parse("function.js", "import cf from 'cloudfront';\nasync function f() {\n  return await cf.kvs().get('a');\n}", Runtime2)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if place, ok := script.Call("kvs"); !ok || place.Line != 3 {
		t.Errorf("got %v at line %d, want a call at line 3", ok, place.Line)
	}
	if _, ok := script.Call("updateRequestOrigin"); ok {
		t.Error("got a call of updateRequestOrigin, want none")
	}
}

func TestParse_takes_imports_wherever_they_are_statements(t *testing.T) {
	for code, want := range map[string]string{
		`var a=1;import cf from"cloudfront";import c from'crypto';`: "var a=1;const cf=require('cloudfront');const c=require('crypto');",
		"const t = `\nimport cf from 'cloudfront'`":                 "const t = `\nimport cf from 'cloudfront'`",
		"/*\nimport cf from 'cloudfront'\n*/":                       "/*\nimport cf from 'cloudfront'\n*/",
	} {
		script, problems := Parse("function.js", code, Runtime2)
		if len(problems) > 0 || script.Code != want {
			t.Errorf("%s: got %v and %+v", code, problems, script)
		}
	}
}

func TestParse_takes_named_groups_with_Perls_syntax(t *testing.T) {
	for code, want := range map[string]string{
		`var a = /(?P<x>a)(b)(?P<y>c)/`: `var a = /(?<x>a)(b)(?<y>c)/`,
		`var a = /\(?P</`:               `var a = /\(?P</`,
	} {
		script, problems := Parse("function.js", code, Runtime2)
		if len(problems) > 0 || script.Code != want {
			t.Errorf("%s: got %v and %+v", code, problems, script)
		}
	}
}
