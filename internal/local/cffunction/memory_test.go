package cffunction

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestFunction_can_not_use_up_the_memory(t *testing.T) {
	for _, body := range []string{
		"let s = 'x'; for (;;) s += s",
		"const a = []; for (;;) a.push(new Uint8Array(1 << 20))",
		"let a = [1]; for (;;) a = a.concat(a)",
		"return 'x'.repeat(1 << 30)",
		"return 'x'.padStart(1 << 30)",
		"return new Array(1 << 30).join('x')",
		"return Array(1 << 30).fill(1)",
		"return new Uint8Array(Math.pow(2, 40))",
		"return new (new Uint8Array(1).constructor)(Math.pow(2, 40))",
		"return new ArrayBuffer(Math.pow(2, 40))",
		"return new Float64Array({length: Math.pow(2, 33)})",
		"return Buffer.alloc(Math.pow(2, 40))",
		"return Array.from({length: Math.pow(2, 32) - 1})",
		"return Array.apply(null, {length: Math.pow(2, 32) - 1})",
		"const a = []; a[4294967294] = 1; return a.sort()",
	} {
		var thrown *Error
		_, err := compile(t, handler(body)).ViewerRequest(t.Context(), request())
		if !errors.As(err, &thrown) || thrown.Code != ExecutionError || !strings.Contains(err.Error(), "memory") && !strings.Contains(err.Error(), "ran longer") {
			t.Errorf("%s: got %v", body, err)
		}
		// How far a string grows before it is stopped depends on the machine's load,
		// so only what stays is limited.
		runtime.GC()
		if size := heap(); size > 512<<20 {
			t.Errorf("%s: %d bytes of the heap stay in use", body, size)
		}
	}
}

func TestBounded_built_ins_do_what_the_language_says(t *testing.T) {
	for expression, want := range map[string]string{
		"'a-b-c'.replace('-', '$&$&') + 'a-b-c'.replace(/(-)(b)/, '$2$1')":                               "a--b-cab--c",
		"'a-b'.replace(/(?<x>b)/g, function (m, p, at, s, groups) { return at + s + groups.x })":         "a-2a-bb",
		"'aXbX'.replaceAll('X', function (m, at) { return at })":                                         "a1b3",
		"'x'.padStart(3) + 'x'.padEnd(3, 'ab') + 'ab'.repeat(2)":                                         "  xxababab",
		"[1, [2, 3], null, undefined, 'x'].join() + [1, 2].join('') + [[]].join()":                       "1,2,3,,,x12",
		"(function () { const a = [1]; a.push(a); return a.join() + a.join() })()":                       "1,1,",
		"JSON.stringify({a: [1, 'x', undefined], b: undefined, d: new Date(0)})":                         `{"a":[1,"x",null],"d":"1970-01-01T00:00:00.000Z"}`,
		"JSON.stringify({a: 1, b: {a: 2, c: 3}}, ['b', 'c']) + JSON.stringify([1], null, 1)":             "{\"b\":{\"c\":3}}[\n 1\n]",
		"JSON.stringify({a: 1, b: 2}, function (key, value) { return key === 'a' ? undefined : value })": `{"b":2}`,
		"JSON.stringify(undefined)":                                                                            "undefined",
		"new Uint8Array([1, 2]) instanceof Uint8Array":                                                         "true",
		"Buffer.from('a') instanceof Uint8Array && !(new Uint8Array(1) instanceof Buffer)":                     "true",
		"new Uint16Array(new Uint8Array([1, 2]).buffer).length + Uint8Array.from([7]).join()":                  "17",
		"new Uint8Array(2).constructor === Uint8Array && Uint8Array.BYTES_PER_ELEMENT":                         "1",
		"Math.max.apply(null, [1, 3, 2]) + [3, 1, 2].sort().map(function (x) { return x * 2 }).concat([9], 8)": "32,4,6,9,8",
	} {
		if got := evaluate(t, "", expression); got != want {
			t.Errorf("%s: got %q, want %q", expression, got, want)
		}
	}
}
