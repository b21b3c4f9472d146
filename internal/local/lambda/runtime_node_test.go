package lambda

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestNode_runs_every_kind_of_handler(t *testing.T) {
	commonJS := `exports.handler = async (event) => ({ got: event });`
	for name, test := range map[string]struct {
		runtime, handler string
		files            map[string]string
		want             string
	}{
		"CommonJS, async":              {"nodejs20.x", "index.handler", map[string]string{"index.js": commonJS}, `{"got":{"a":1}}`},
		"CommonJS in a folder":         {"nodejs20.x", "src/app.handler", map[string]string{"src/app.cjs": commonJS}, `{"got":{"a":1}}`},
		"ES module":                    {"nodejs22.x", "index.handler", map[string]string{"index.mjs": `export const handler = async (event) => ({ got: event });`}, `{"got":{"a":1}}`},
		"ES module by package.json":    {"nodejs22.x", "src/index.handler", map[string]string{"package.json": `{"type":"module"}`, "src/index.js": `export const handler = async () => 'esm';`}, `"esm"`},
		"ES module with top await":     {"nodejs22.x", "index.handler", map[string]string{"index.mjs": `const x = await Promise.resolve(7); export const handler = async () => x;`}, `7`},
		"function in an object":        {"nodejs20.x", "index.api.get", map[string]string{"index.js": `exports.api = { get: async () => 'nested' };`}, `"nested"`},
		"callback":                     {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 'called'), 10); };`}, `"called"`},
		"callback, timer left":         {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {}, 60000); callback(null, 'early'); };`}, `"early"`},
		"callback waits for the loop":  {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context, callback) => { const r = { n: 0 }; setTimeout(() => { r.n = 1; }, 50); callback(null, r); };`}, `{"n":1}`},
		"context.succeed":              {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context) => { setTimeout(() => context.succeed('ok'), 5); };`}, `"ok"`},
		"async, and a callback":        {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = async (event, context, callback) => { await 1; callback(null, 'called'); return 'lost'; };`}, `"called"`},
		"async, and a late callback":   {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = async (event, context, callback) => { setTimeout(() => callback(null, 'late'), 5); return 'kept'; };`}, `"kept"`},
		"async, the callback waits":    {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = async (event, context, callback) => { const r = { n: 0 }; setTimeout(() => { r.n = 1; }, 50); callback(null, r); };`}, `{"n":1}`},
		"callback, then thrown":        {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context, callback) => { callback(null, 'called'); throw new Error('lost'); };`}, `"called"`},
		"callback, then done":          {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context, callback) => { callback(null, 'called'); context.done(null, 'lost'); };`}, `"called"`},
		"callback with a promise":      {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = (event, context, callback) => callback(null, Promise.resolve('lost'));`}, `{}`},
		"default export, from Node 24": {"nodejs24.x", "index.handler", map[string]string{"index.mjs": `export default { handler: async () => 'default' };`}, `"default"`},
		"sync, ignored before Node 24": {"nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = () => 'lost';`}, `null`},
		"sync, on Node 24":             {"nodejs24.x", "index.handler", map[string]string{"index.js": `exports.handler = () => 'kept';`}, `"kept"`},
		"promise that never settles":   {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = () => new Promise(() => {});`}, `null`},
		"undefined":                    {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => {};`}, `null`},
		"not ASCII":                    {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => 'Grüße 🌍';`}, `"Grüße 🌍"`},
		"context": {"nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async (e, c) => [c.functionName, c.memoryLimitInMB, c.functionVersion, c.awsRequestId.length,
			c.getRemainingTimeInMillis() > 4000, process.cwd() === __dirname, process.env._X_AMZN_TRACE_ID.startsWith('Root=1-')];`}, `["Managed","128","$LATEST",36,true,true,true]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, _ := newParallel(t, managed(test.runtime, test.handler, code(t, test.files)))
			for range 2 {
				response, body := invoke(t, f, `{"a":1}`)
				if body != test.want || response.ContentType != "application/json" {
					t.Errorf("response %s (%s), want %s", body, response.ContentType, test.want)
				}
			}
		})
	}
}

func TestNode_sees_no_package_json_above_the_code(t *testing.T) {
	dir := code(t, map[string]string{
		"package.json":           `{"type":"module"}`,
		"cdk.out/asset/index.js": `const lib = require('./lib.js'); exports.handler = async () => lib.word;`,
		"cdk.out/asset/lib.js":   `exports.word = 'required';`,
	})
	f, _ := newFunction(t, managed("nodejs20.x", "index.handler", filepath.Join(dir, "cdk.out/asset")))
	if _, body := invoke(t, f, `{}`); body != `"required"` {
		t.Errorf("response %s", body)
	}
}

const streamingHandler = `
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');
const { existsSync } = require('node:fs');
exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
  if (event.fail === 'first') throw new TypeError('before');
  if (event.fail === 'last') { stream.end('all'); throw new TypeError('after'); }
  if (event.prelude) stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'] });
  if (event.end) return void stream.end(event.end === true ? undefined : event.end);
  if (event.pipe) return pipeline(Readable.from(['piped ', 'and ', 'done']), stream);
  if (event.big) { const chunk = Buffer.alloc(65536, 120); await pipeline(Readable.from((function* () { for (let i = 0; i < event.big; i++) yield chunk; })()), stream); return; }
  stream.write('one ');
  if (event.fail === 'later') throw new TypeError('after');
  if (event.exit) { setTimeout(() => process.exit(9), 50); return new Promise(() => {}); }
  if (event.hang) return;
  if (event.throw) setTimeout(() => { throw new RangeError('uncaught'); }, 20);
  if (event.throw) return;
  while (event.gate && !existsSync(event.gate)) await new Promise((r) => setTimeout(r, 5));
  stream.write({ two: 2 });
  stream.end();
  await stream.finished;
});`

func TestNode_streams(t *testing.T) {
	config := managed("nodejs20.x", "index.handler", code(t, map[string]string{"index.js": streamingHandler}))
	config.MaxEnvironments, config.Timeout = 1, time.Minute
	f, log := newFunction(t, config)
	gate, open := newGate(t)
	response, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"prelude":true,"gate":%q}`, gate)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	prelude := `{"statusCode":201,"headers":{"x-a":"b"},"cookies":["c=d"]}` + "\x00\x00\x00\x00\x00\x00\x00\x00"
	first := make([]byte, len(prelude)+len("one "))
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != prelude+"one " {
		t.Fatalf("begin %q, %v", first, err)
	}
	open()
	rest, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || string(rest) != `{"two":2}` {
		t.Errorf("rest %q, %v", rest, err)
	}
	if response.ContentType != "application/vnd.awslambda.http-integration-response" {
		t.Errorf("response %+v", response)
	}

	for event, want := range map[string]string{
		`{"pipe":true}`:                "piped and done",
		`{"prelude":true,"pipe":true}`: prelude + "piped and done",
		`{"end":true}`:                 "",
		`{"end":"all"}`:                "all",
		`{"fail":"last"}`:              "all",
		`{"prelude":true,"end":true}`:  "",
		`{"big":32}`:                   strings.Repeat("x", 32*65536),
	} {
		eventuallyIdle(t, f, 1)
		if _, body := invoke(t, f, event); body != want {
			t.Errorf("%s: %d bytes, want %d: %.100q", event, len(body), len(want), body)
		}
	}
	eventually(t, "a word that the prelude is lost", func() bool { return log.find("ended without a write()") != nil })
	eventuallyIdle(t, f, 1)
	if response, _ := invoke(t, f, `{}`); response.ContentType != "application/octet-stream" || response.Environment != "Managed#1" {
		t.Errorf("without a prelude: %+v", response)
	}
	eventuallyIdle(t, f, 1)
	if failure := invokeError(t, f, `{"fail":"first"}`); failure.Type != "TypeError" || failure.Message != "before" {
		t.Errorf("before the first byte: %+v", failure)
	}
	// The process writes the line to a pipe that is read beside the Runtime API.
	eventually(t, "the stack trace in the log", func() bool { return log.find(`"stack":["TypeError: before"`) != nil })
}

func TestNode_streams_break_off(t *testing.T) {
	config := managed("nodejs20.x", "index.handler", code(t, map[string]string{"index.js": streamingHandler}))
	config.Timeout = 2 * time.Second
	f, _ := newFunction(t, config)
	for event, want := range map[string]string{
		`{"fail":"later"}`: "TypeError: after",
		`{"exit":true}`:    "Runtime.ExitError: Runtime exited with error: exit status 9",
		`{"throw":true}`:   "Runtime.ExitError: Runtime exited with error: exit status 129",
		`{"hang":true}`:    "Sandbox.Timedout: Task timed out after 2.00 seconds",
	} {
		response, err := f.Invoke(context.Background(), JSON(event), InvokeOptions{RequestID: "ID"})
		if err != nil {
			t.Errorf("%s: %v", event, err)
			continue
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if string(body) != "one " || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %q, %v; want %s", event, body, err, want)
		}
	}
}

func TestNode_waits_after_a_stream_until_nothing_is_left_to_do(t *testing.T) {
	gate, open := newGate(t)
	dir := code(t, map[string]string{"index.js": fmt.Sprintf(`exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
  context.callbackWaitsForEmptyEventLoop = event.waits;
  stream.end('done');
  const timer = setInterval(() => { if (require('node:fs').existsSync(%q)) clearInterval(timer); }, 5);
});`, gate)})
	for _, test := range []struct {
		runtime string
		waits   bool
	}{{"nodejs22.x", true}, {"nodejs22.x", false}, {"nodejs24.x", true}} {
		f, _ := newParallel(t, managed(test.runtime, "index.handler", dir))
		event := fmt.Sprintf(`{"waits":%v}`, test.waits)
		invoke(t, f, event)
		want := "Managed#2"
		if !test.waits || test.runtime == "nodejs24.x" {
			want = "Managed#1"
			eventuallyIdle(t, f, 1)
		}
		if response, _ := invoke(t, f, event); response.Environment != want {
			t.Errorf("%+v: the next request got %s, want %s", test, response.Environment, want)
		}
	}
	open()
}

func TestNode_reports_errors_as_Lambda_does(t *testing.T) {
	for name, test := range map[string]struct{ runtime, source, wantType, wantMessage string }{
		"thrown":       {"nodejs20.x", `exports.handler = async () => { throw new RangeError('too far'); };`, "RangeError", "too far"},
		"thrown, sync": {"nodejs20.x", `exports.handler = () => { throw new RangeError('too far'); };`, "RangeError", "too far"},
		"called back":  {"nodejs20.x", `exports.handler = (e, c, cb) => cb(new RangeError('too far'));`, "RangeError", "too far"},
		"a string":     {"nodejs20.x", `exports.handler = async () => { throw 'text'; };`, "string", "text"},
		"failed":       {"nodejs20.x", `exports.handler = async (e, c) => c.fail(new RangeError('too far'));`, "RangeError", "too far"},
		"failed, why?": {"nodejs20.x", `exports.handler = (e, c) => c.fail();`, "string", "handled"},
		"both ways":    {"nodejs20.x", `exports.handler = async (e, c, cb) => { cb(new RangeError('too far')); return 'lost'; };`, "RangeError", "too far"},
		"not JSON":     {"nodejs20.x", `exports.handler = async () => ({ n: 1n });`, "Error", "Unable to stringify response body"},
		"not JSON, 24": {"nodejs24.x", `exports.handler = async () => ({ n: 1n });`, "Runtime.JSONStringifyError", "Unable to stringify response body"},
		"no answer":    {"nodejs24.x", `exports.handler = () => new Promise(() => {});`, "Runtime.ExitError", "Runtime exited without providing a reason"},
		"uncaught":     {"nodejs20.x", `exports.handler = () => new Promise(() => setTimeout(() => { throw new RangeError('lost'); }, 5));`, "RangeError", "lost"},
		"rejected":     {"nodejs20.x", `exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); setTimeout(() => {}, 1000); });`, "Runtime.UnhandledPromiseRejection", "Error: lost"},
		"uncaught, 24": {"nodejs24.x", `exports.handler = () => new Promise(() => setTimeout(() => { throw new RangeError('lost'); }, 5));`, "Runtime.ExitError", "Runtime exited with error: exit status 1"},
		"rejected, 24": {"nodejs24.x", `exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); setTimeout(() => {}, 1000); });`, "Runtime.ExitError", "Runtime exited with error: exit status 1"},
		"exit":         {"nodejs20.x", `exports.handler = async () => process.exit(4);`, "Runtime.ExitError", "Runtime exited with error: exit status 4"},
		"no handler":   {"nodejs20.x", `exports.other = 1;`, "Runtime.HandlerNotFound", "index.handler is undefined or not exported"},
		"no function":  {"nodejs20.x", `exports.handler = 1;`, "Runtime.HandlerNotFound", "index.handler is not a function"},
		"no package":   {"nodejs20.x", `import 'nowhere';`, "Error", "Cannot find package 'nowhere'"},
		"no module":    {"nodejs20.x", `require('nowhere');`, "Runtime.ImportModuleError", "Error: Cannot find module 'nowhere'"},
		"syntax":       {"nodejs20.x", `exports.handler = = 1;`, "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected token '='"},
		"at load":      {"nodejs20.x", `throw new Error('no configuration');`, "Error", "no configuration"},
		"callback, 24": {"nodejs24.x", `exports.handler = (e, c, cb) => cb();`, "Runtime.CallbackHandlerDeprecated", "AWS Lambda has removed support"},
		"callback, 26": {"nodejs26.x", `exports.handler = (e, c, cb) => cb();`, "Runtime.CallbackHandlerDeprecated", "AWS Lambda has removed support"},
		"stream, sync": {"nodejs20.x", `exports.handler = awslambda.streamifyResponse(() => {});`, "Error", "Streaming does not support non-async handlers."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			name := "index.js"
			if strings.HasPrefix(test.source, "import ") {
				name = "index.mjs"
			}
			f, log := newParallel(t, managed(test.runtime, "index.handler", code(t, map[string]string{name: test.source})))
			_, err := f.Invoke(context.Background(), JSON(`{}`), InvokeOptions{RequestID: "ID"})
			var failure *FunctionError
			if !errors.As(err, &failure) || failure.Type != test.wantType || !strings.HasPrefix(failure.Message, test.wantMessage) {
				t.Fatalf("got %v", err)
			}
			eventually(t, "the error is logged", func() bool { return log.failure() != nil })
		})
	}
}

func TestNode_warns_of_another_version(t *testing.T) {
	f, log := newFunction(t, managed("nodejs24.x", "index.handler", code(t, map[string]string{"index.js": `exports.handler = async () => { console.log('one\ntwo'); };`})))
	invoke(t, f, `{}`)
	version, err := exec.Command("node", "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	warned := log.find("on nodejs24.x on AWS") != nil
	if same := strings.HasPrefix(string(version), "v24."); warned == same {
		t.Errorf("on Node.js %s warned: %v", version, warned)
	}
	eventually(t, "the console's lines", func() bool { return log.find("one") != nil && log.find("two") != nil })
}

func TestNode_reports_a_wrong_handler(t *testing.T) {
	dir := code(t, map[string]string{"index.js": ""})
	for handler, want := range map[string]string{
		"handler":          "Runtime.MalformedHandlerName: 'handler' is not a valid handler name",
		"../index.handler": "Runtime.MalformedHandlerName: '../index.handler' is not a valid handler name",
		"other.handler":    "Runtime.ImportModuleError: Error: Cannot find module 'other'",
	} {
		f, log := newParallel(t, managed("nodejs20.x", handler, dir))
		if failure := invokeError(t, f, `{}`); failure.short() != want {
			t.Errorf("%s: got %v", handler, failure)
		}
		f.Close()
		if lines := fmt.Sprint(log.lines); !strings.Contains(lines, "check Handler") {
			t.Errorf("%s: the log has %s", handler, lines)
		}
	}
}

func TestNode_New_fails_without_Node(t *testing.T) {
	t.Setenv("PATH", "/no/such")
	_, err := New(managed("nodejs20.x", "index.handler", t.TempDir()), (&record{}).logger())
	if err == nil || err.Error() != "Runtime: runtime nodejs20.x needs Node.js, and no node in PATH runs" || fault.HintOf(err) != "install Node.js" {
		t.Errorf("got %v (%s)", err, fault.HintOf(err))
	}
}
