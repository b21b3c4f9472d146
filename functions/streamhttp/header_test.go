package streamhttp

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPreludeHeader_joins_values_and_lists_cookies(t *testing.T) {
	headers, cookies := preludeHeader(http.Header{
		"Vary":                        {"Accept", "Origin"},
		"X-AggregateInfo-Result":      {"OK"},
		"X-Broken":                    {" one\r\nSet-Cookie: evil=1 "},
		"X-None":                      nil,
		"Set-Cookie":                  {"a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"},
		"Connection":                  {"keep-alive"},
		"Keep-Alive":                  {"timeout=5"},
		"Transfer-Encoding":           {"chunked"},
		"upgrade":                     {"h2c"},
		"Trailer":                     {"X-Sum"},
		http.TrailerPrefix + "X-Late": {"1"},
		"Not A Name":                  {"1"},
		"Größe":                       {"1"},
		"":                            {"1"},
		"!#$%&'*+-.^_`|~09azAZ":       {"1"},
	})
	wantHeaders := map[string]string{
		"Vary":                   "Accept,Origin",
		"X-AggregateInfo-Result": "OK",
		"X-Broken":               "one  Set-Cookie: evil=1",
		"!#$%&'*+-.^_`|~09azAZ":  "1",
	}
	wantCookies := []string{"a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"}
	if diff := cmp.Diff(wantHeaders, headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantCookies, cookies); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
}
