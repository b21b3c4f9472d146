package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The values have what a policy or a function could change: order, commas, escapes, case.
//
// See: https://www.w3.org/TR/trace-context/ and https://www.w3.org/TR/baggage/
var traceContext = map[string]string{
	"Traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	"Tracestate":  "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,tenant@system=a:b",
	"Baggage":     "userId=alice,serverNode=DF%2028,isProduction=false;property=value",
}

func TestTrace_context_passes_the_path_unchanged(t *testing.T) {
	e := serve(t, built.assembly)
	var header []string
	for name, value := range traceContext {
		header = append(header, name, value)
	}
	for method, body := range map[string][]byte{http.MethodGet: nil, http.MethodPost: []byte("x")} {
		_, got := send(t, method, e.URL+"/inspect", body, header...)
		var seen struct{ Headers http.Header }
		if err := json.Unmarshal(got, &seen); err != nil {
			t.Fatalf("%v: %s", err, got)
		}
		for name, want := range traceContext {
			if got := seen.Headers[name]; fmt.Sprint(got) != "["+want+"]" {
				t.Errorf("%s: got %s %q, want %q", method, name, got, want)
			}
		}
	}
}

func TestTrace_ID_of_AWS_reaches_the_handler_and_the_viewer(t *testing.T) {
	e := serve(t, built.assembly)
	const given = "Root=1-67891233-abcdef012345678912345678"
	for _, test := range []struct {
		header []string
		want   string
	}{
		{nil, `^Root=1-[0-9a-f]{8}-[0-9a-f]{24}`},
		{[]string{"X-Amzn-Trace-Id", given}, `^Self=1-[0-9a-f]{8}-[0-9a-f]{24};` + given},
	} {
		response, got := send(t, http.MethodGet, e.URL+"/inspect", nil, test.header...)
		var seen struct{ Headers http.Header }
		if err := json.Unmarshal(got, &seen); err != nil {
			t.Fatalf("%v: %s", err, got)
		}
		id := seen.Headers.Get("X-Amzn-Trace-Id")
		if !regexp.MustCompile(test.want).MatchString(id) || strings.TrimSpace(response.Header.Get("X-Amzn-Trace-Id")) != id {
			t.Errorf("%v: the handler got %q and the viewer %q, want %s", test.header, id, response.Header.Get("X-Amzn-Trace-Id"), test.want)
		}
	}
}
