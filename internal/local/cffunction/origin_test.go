package cffunction

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func changedOrigin(t *testing.T, call string) (*OriginUpdate, string) {
	t.Helper()
	var log bytes.Buffer
	f, err := New(Config{Name: "demo", Code: "import cf from 'cloudfront';\n" + handler(call+"; return event.request")}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	result, err := f.ViewerRequest(t.Context(), request())
	if err != nil {
		t.Fatal(call, err)
	}
	return result.Request.Origin, log.String()
}

func TestCF_helpers_choose_an_origin(t *testing.T) {
	path := "/v2"
	full := &OriginUpdate{DomainName: "api.example.com", HostHeader: "h.example.com", OriginPath: &path, CustomHeaders: map[string]string{"x-a": "1"}}
	full.Timeouts.ReadTimeout = 7
	for call, want := range map[string]*OriginUpdate{
		"": nil,
		"cf.updateRequestOrigin({domainName: 'api.example.com', hostHeader: 'h.example.com', originPath: '/v2', customHeaders: {'x-a': '1'}, timeouts: {readTimeout: 7}})": full,
		"cf.selectRequestOriginById('other')":                    {ID: "other"},
		"cf.selectRequestOriginById('other', {hostHeader: 'h'})": {ID: "other", HostHeader: "h"},
		"cf.createRequestOriginGroup({originIds: [{originId: 'a'}, {originId: 'b'}], failoverCriteria: {statusCodes: [500]}})": {ID: "a"},
	} {
		got, log := changedOrigin(t, call)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", call, diff)
		}
		if group := strings.Contains(call, "Group"); group != strings.Contains(log, "has no failover locally") {
			t.Errorf("%s: the log says %s", call, log)
		}
	}
}

func TestCF_helpers_work_at_viewer_request_only(t *testing.T) {
	f := compile(t, "import cf from 'cloudfront';\n"+handler("cf.selectRequestOriginById('a'); return event.response"))
	var thrown *Error
	if _, err := f.ViewerResponse(t.Context(), request(), response()); !errors.As(err, &thrown) || thrown.Code != ExecutionError || !strings.Contains(err.Error(), "viewer-request only") {
		t.Errorf("got %v", err)
	}
	f = compile(t, "import cf from 'cloudfront';\n"+handler("event.response.headers['x-place'] = {value: JSON.stringify(cf.edgeLocation)}; return event.response"))
	got, err := f.ViewerResponse(t.Context(), request(), response())
	if err != nil || got.Header.Get("X-Place") != "{}" {
		t.Errorf("edgeLocation at viewer-response: %v, %v", got, err)
	}
}

func TestCF_helpers_reject_properties_by_name(t *testing.T) {
	for call, want := range map[string]string{
		"cf.updateRequestOrigin({timeouts: {readTimeout: '7'}})":  "cf.updateRequestOrigin: Timeouts.ReadTimeout has the wrong type, string",
		"cf.updateRequestOrigin({customHeaders: {'x-a': 1}})":     "cf.updateRequestOrigin: CustomHeaders has the wrong type, number",
		"cf.updateRequestOrigin({domain: 'a.example.com'})":       `cf.updateRequestOrigin: unknown property "domain"`,
		"cf.updateRequestOrigin([])":                              "cf.updateRequestOrigin: the argument has the wrong type, array",
		"cf.updateRequestOrigin({id: 'other'})":                   "use cf.selectRequestOriginById",
		"cf.selectRequestOriginById(7)":                           "cf.selectRequestOriginById takes a string",
		"cf.createRequestOriginGroup({originIds: ['only']})":      "cf.createRequestOriginGroup takes two originIds",
		"cf.updateRequestOrigin({mTLSConfig: 'off', sni: 'a.b'})": "",
	} {
		f := compile(t, "import cf from 'cloudfront';\n"+handler(call+"; return event.request"))
		_, err := f.ViewerRequest(t.Context(), request())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", call, err, want)
		}
	}
}

func TestCF_logCustomData_and_edgeLocation(t *testing.T) {
	_, log := changedOrigin(t, "cf.logCustomData('x'.repeat(900)); console.log(cf.edgeLocation.name)")
	if !strings.Contains(log, "cf.logCustomData: "+strings.Repeat("x", 800)+`"`) || !strings.Contains(log, "msg=LOC") {
		t.Errorf("the log says %s", log)
	}
}

func TestQuerystring_may_be_text(t *testing.T) {
	if got := changed(t, "r.querystring = 'a=1&b=%20'").RawQuery; got != "a=1&b=%20" {
		t.Errorf("got %q", got)
	}
	if got := changed(t, "r.querystring = ''").RawQuery; got != "" {
		t.Errorf("got %q", got)
	}
}

func TestRegExp_takes_groups_with_Perls_syntax(t *testing.T) {
	if got := evaluate(t, "", `/(?P<year>\d+)/.exec('in 2026').groups.year`); got != "2026" {
		t.Errorf("got %q", got)
	}
}

func TestNative_errors_have_names_of_the_language(t *testing.T) {
	for expression, want := range map[string]string{
		"(function () { try { atob('*') } catch (e) { return e.name + (e instanceof TypeError) } })()":                      "TypeErrortrue",
		"(function () { try { require('fs') } catch (e) { return e.name + (e instanceof Error) + e.constructor.name } })()": "ErrortrueError",
	} {
		if got := evaluate(t, "", expression); got != want {
			t.Errorf("%s: got %s, want %s", expression, got, want)
		}
	}
}

func TestConsole_writes_objects_as_JSON(t *testing.T) {
	_, log := changedOrigin(t, "console.log({a: 1, b: ['x']}); console.log([1]); console.log(new Error('e')); const o = {}; o.o = o; console.log(o)")
	for _, want := range []string{`{\"a\":1,\"b\":[\"x\"]}`, "msg=[1]", `msg="Error: e"`, "[object Object]"} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s in %s", want, log)
		}
	}
}

func TestArray_from_and_its_like_are_those_of_runtime_2(t *testing.T) {
	if got := evaluate(t, "", "Array.from('ab', (c) => c + c).toReversed().join()"); got != "bb,aa" {
		t.Errorf("got %s", got)
	}
}
