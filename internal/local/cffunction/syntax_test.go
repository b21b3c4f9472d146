package cffunction

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

func problems(code, runtime string) string {
	_, err := New(Config{Name: "demo", Code: code, Runtime: runtime}, slog.New(slog.DiscardHandler))
	if err == nil {
		return ""
	}
	if e := (*CompileError)(nil); !errors.As(err, &e) {
		return "not a CompileError: " + err.Error()
	}
	return err.Error()
}

func TestNew_rejects_syntax_that_runtime_2_does_not_list(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"class A {}", "2:1: class is not"},
		{"const a = class {}", "2:11: class is not"},
		{"function* g() {}", "2:1: a generator"},
		{"for (const x of []) {}", "2:1: for…of"},
		{"const [a] = []", "2:7: destructuring"},
		{"const {a} = {}", "2:7: destructuring"},
		{"let a; [a] = [1]", "2:8: destructuring"},
		{"[].forEach(([k, v]) => k)", "2:13: destructuring"},
		{"try { f() } catch ({message}) {}", "destructuring"},
		{"const a = [...[]]", "2:15: spread"},
		{"Math.max(...[])", "2:13: spread"},
		{"const a = {...event}", "2:15: spread"},
		{"function f(a = 1) {}", "2:12: a default parameter"},
		{"const f = (a = 1) => a", "a default parameter"},
		{"return event?.request", "2:8: optional chaining"},
		{"event.a ??= 1", "2:1: a logical assignment"},
		{"event.a ||= 1", "a logical assignment"},
		{"try { f() } catch {}", "catch without a binding"},
		{"String.raw`x`", "a tagged template"},
		{"return new.target", "new.target"},
		{"return 1n", "2:8: a BigInt"},
		{"return /a/s", "2:8: this regular expression flag"},
		{"debugger", "2:1: debugger"},
		{"with (event) {}", "2:1: SyntaxError"},
		{"return 0777", "SyntaxError"},
		{"return {", "SyntaxError"},
		{"import('x')", "2:1: this import"},
	} {
		got := problems(handler(c.body), Runtime2)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.body, got, c.want)
		}
	}
	got := problems("async function f(x) { return x }\nasync function handler(event) {\n  return f(await f(event.request))\n}", Runtime2)
	if !strings.Contains(got, "3:12: await in the arguments") {
		t.Errorf("got %q for await in arguments", got)
	}
}

func TestNew_takes_syntax_that_runtime_2_lists(t *testing.T) {
	compile(t, `
async function later(x) { return x }
const top = async function () { return 1_000 };
async function handler(event) {
  let n = 2 ** 3; n **= 2;
  const all = (first, ...rest) => rest.length;
  const text = `+"`a ${`b ${n}`}\n`"+`;
  outer: for (let i = 0; i < 2; i++) { for (const k in event) { if (k) continue outer; else break outer } }
  do { n-- } while (n > 0);
  switch (n) { case 0: break; default: throw new Error('x') }
  try { n.x.y } catch (e) { n = 1 } finally { n = 2 }
  const o = { get a() { return 1 }, set a(v) {}, 'b': 1 };
  const match = /(?<year>\d+)/y.exec('2026').groups.year;
  const waited = await later(text);
  return event.request;
}`)
}

func TestNew_warns_of_syntax_that_only_njs_is_known_to_take(t *testing.T) {
	for _, body := range []string{"const a = event.a ?? 1", "const x = 1, o = {x}", "const o = {f() {}}", "const o = {['a']: 1}", "const n = 0b1", "const r = /a/u", "async function inner() {}", "const f = async () => 1"} {
		var out bytes.Buffer
		_, err := New(Config{Code: handler(body)}, slog.New(slog.NewTextHandler(&out, nil)))
		if err != nil || !strings.Contains(out.String(), "2:") || !strings.Contains(out.String(), "hint=") {
			t.Errorf("%s: got %v and the log %q, want a warning with place and hint", body, err, out.String())
		}
	}
}

func TestNew_rejects_in_runtime_1_what_is_new_in_2(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"const a = 1", "const or let"}, {"for (let k in event) {}", "const or let"},
		{"return 1_0", "a numeric separator"}, {"return /a/y", "flag y"},
	} {
		if got := problems(handler(c.body), Runtime1); !strings.Contains(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.body, got, c.want)
		}
	}
	if got := problems("async "+handler(""), Runtime1); !strings.Contains(got, "async or await") {
		t.Errorf("got %q for async", got)
	}
	if got := problems("import qs from 'querystring'\n"+handler(""), Runtime1); !strings.Contains(got, "1:1: import") {
		t.Errorf("got %q for import", got)
	}
	if got := problems(handler("var f = (a, ...b) => `${a}`; return require('crypto')"), Runtime1); got != "" {
		t.Errorf("got %q for what 1.0 lists", got)
	}
}

func TestNew_rejects_code_over_10_KB_or_without_handler(t *testing.T) {
	code := handler("return event.request")
	if got := problems(code+strings.Repeat(" ", cloudfrontjs.MaxCodeSize-len(code)), Runtime2); got != "" {
		t.Errorf("10,240 bytes: got %q", got)
	}
	if got := problems(code+strings.Repeat(" ", cloudfrontjs.MaxCodeSize-len(code)+1), Runtime2); !strings.Contains(got, "10241 bytes") {
		t.Errorf("10,241 bytes: got %q", got)
	}
	if got := problems("function main() {}", Runtime2); !strings.Contains(got, "no function named handler") {
		t.Errorf("no handler: got %q", got)
	}
	for _, form := range []string{"var handler = function (e) { return e.request }", "const handler = (e) => e.request"} {
		if got := problems(form, Runtime2); got != "" {
			t.Errorf("%s: got %q", form, got)
		}
	}
	if got := problems("throw new Error('at load')\n"+code, Runtime2); !strings.Contains(got, "demo:1:7: Error: at load") {
		t.Errorf("a throw at load: got %q", got)
	}
}

func TestNew_rewrites_imports_at_the_top_and_keeps_lines(t *testing.T) {
	head := "// first\nimport cf from 'cloudfront';\nimport crypto from \"crypto\"\nimport qs from 'querystring'; import b from 'buffer'\n"
	f := compile(t, head+handler("if (!crypto.createHash || !qs.parse || !b.Buffer || !cf.kvs) return 0; throw new Error('here')"))
	if _, err := f.ViewerRequest(t.Context(), request()); err == nil || !strings.Contains(err.Error(), "demo:6:") {
		t.Errorf("got %v, want an error of line 6", err)
	}
	later := compile(t, "var a = 1;\nimport cf from 'cloudfront';\n"+handler("if (cf.kvs) throw new Error('here')"))
	if _, err := later.ViewerRequest(t.Context(), request()); err == nil || !strings.Contains(err.Error(), "demo:4:") {
		t.Errorf("got %v for an import behind a statement, want an error of line 4", err)
	}
	text := compile(t, handler("return {statusCode: 200, body: `\nimport x from 'y'`}"))
	if got := answer(t, text, request()); got != "\nimport x from 'y'" {
		t.Errorf("text that looks like an import became %q", got)
	}
	for _, c := range []struct{ code, want string }{
		{"import fs from 'fs'\n", `1:1: there is no module "fs"`},
		{"import {kvs} from 'cloudfront'\n", "1:1: this form of import"},
		{"/* a\nb */ import 'cloudfront'\n", "2:6: this form of import"},
		{"var a = 1\nimport fs from 'fs'\n", `2:1: there is no module "fs"`},
		{"export default 1\n", "1:1: export"},
	} {
		if got := problems(c.code+handler(""), Runtime2); !strings.Contains(got, c.want) {
			t.Errorf("%q\ngot  %q\nwant %q", c.code, got, c.want)
		}
	}
}

func TestRuntime_has_no_built_ins_beyond_the_list(t *testing.T) {
	for _, expression := range []string{"[].at", "[].flat", "''.matchAll", "Object.fromEntries", "globalThis.Map", "globalThis.Proxy",
		"globalThis.Reflect", "globalThis.setTimeout", "globalThis.process", "globalThis.GoError", "new Uint8Array(1).toHex", "console.error"} {
		if got := evaluate(t, "", expression); got != "undefined" {
			t.Errorf("%s is %s", expression, got)
		}
	}
	for _, expression := range []string{"[].includes", "''.replaceAll", "Object.entries", "Promise.any", "''.charCodeAt", "Symbol.for",
		"Array.from", "[].toSorted", "Uint8Array.from", "globalThis.InternalError", "DataView", "Buffer", "TextEncoder"} {
		if got := evaluate(t, "", "typeof "+expression); got != "function" {
			t.Errorf("%s is %s", expression, got)
		}
	}
	for _, name := range []string{"replaceAll: ''.replaceAll", "all: Promise.all", "view: globalThis.DataView", "buffer: globalThis.Buffer", "atob: globalThis.atob", "from: Array.from"} {
		f, err := New(Config{Name: "demo", Runtime: Runtime1, Code: fmt.Sprintf("function handler() { return {statusCode: 200, body: JSON.stringify({%s}) } }", name)}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if got := answer(t, f, request()); got != "{}" {
			t.Errorf("runtime 1.0 has %s", got)
		}
	}
}

func TestRuntime_evaluates_no_strings_and_stops_the_clock(t *testing.T) {
	for _, body := range []string{"eval('1')", "new Function('return 1')", "Function('return 1')", "(function () {}).constructor('return 1')",
		"(0, eval)('1')", "Object.getPrototypeOf(later).constructor('return 1')"} {
		_, err := compile(t, "async function later() {}\n"+handler("return "+body)).ViewerRequest(t.Context(), request())
		if err == nil || !strings.Contains(err.Error(), "evaluate code from strings") {
			t.Errorf("%s: got %v", body, err)
		}
	}
	if got := evaluate(t, "", "(function () { const a = Date.now(); for (let i = 0; i < 3e4; i++) {} return Date.now() - a + new Date().getTime() - a })()"); got != "0" {
		t.Errorf("the clock moved by %s ms within a run", got)
	}
	if got := evaluate(t, "", "(function () {}) instanceof Function && typeof this"); got != "undefined" {
		t.Errorf("this is %s, want undefined: functions are strict", got)
	}
}
