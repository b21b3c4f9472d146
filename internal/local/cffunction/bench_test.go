package cffunction

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/http/httpguts"
)

func BenchmarkViewerRequest(b *testing.B) {
	f := compile(b, handler("const h = event.request.headers; h['x-original-host'] = {value: h.host.value}; return event.request"))
	r := request()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.ViewerRequest(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkViewerRequest_parallel(b *testing.B) {
	f := compile(b, handler("return event.request"))
	r := request()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := f.ViewerRequest(b.Context(), r); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		compile(b, handler("return event.request"))
	}
}

// A request goes through a function that changes nothing as it came, whatever
// bytes it has; and through one that touches every field with the same values.
func FuzzViewerRequest_gives_back_what_came(f *testing.F) {
	f.Add("/", "a=1&b&a=2&=&&c==", "X-A", "1", "a=b; c; =d; a=e;;", "h")
	f.Add("/%20+://x", "__proto__=1&constructor=2&0=x&%zz", "__proto__", "", "__proto__=x; 1=2", "xn--é")
	f.Add("*", "\xff=\xfe&é=\u2028", "Via", "caf\xe9\x01", "\xff", "")
	identity := compile(f, handler("return event.request"))
	rebuild := compile(f, handler(`const r = event.request, copy = JSON.parse(JSON.stringify(r)); return copy`))
	f.Fuzz(func(t *testing.T, uri, query, name, text, cookie, host string) {
		if name = http.CanonicalHeaderKey(name); !httpguts.ValidHeaderFieldName(name) {
			return
		}
		r := &Request{Method: "GET", URI: uri, RawQuery: query,
			Header: http.Header{name: {text, "second"}, "Host": {host}, "Cookie": {cookie}}}
		want := *r
		want.Header = r.Header.Clone()
		for _, function := range []*Function{identity, rebuild} {
			result, err := function.ViewerRequest(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&want, result.Request, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(&want, r, cmpopts.EquateEmpty()); diff != "" {
				t.Error("the caller's request changed:", diff)
			}
		}
	})
}

// Whatever a function returns is a result or one of the package's errors.
func FuzzViewerRequest_survives_any_answer(f *testing.F) {
	f.Add(`{"statusCode":200,"headers":{"a":{"value":"b"}}}`)
	f.Add(`{"uri":"/","method":"GET","headers":{"a":{"value":"b","multiValue":[{"value":null}]}},"cookies":[1],"querystring":{"":{}}}`)
	f.Add(`[[[[[]]]]]`)
	function := compile(f, handler("return JSON.parse(event.request.headers.answer.value)"))
	f.Fuzz(func(t *testing.T, text string) {
		r := request()
		r.Header.Set("Answer", text)
		result, err := function.ViewerRequest(t.Context(), r)
		if (err == nil) == (result.Request == nil && result.Response == nil) {
			t.Errorf("got %+v and %v", result, err)
		}
		if result.Request != nil && !strings.HasPrefix(result.Request.URI, "/") {
			t.Errorf("uri %q", result.Request.URI)
		}
	})
}

func FuzzNew_rejects_or_compiles_any_code(f *testing.F) {
	f.Add("function handler(e) { return e.request }")
	f.Add("import a from 'crypto'; ({a, ...b} = c => `${async () => {await x}}`)")
	f.Add("/* import x")
	f.Fuzz(func(_ *testing.T, code string) {
		parse(Config{Code: code, Runtime: Runtime2})
		parse(Config{Code: code, Runtime: Runtime1})
	})
}
