package functionurl

import (
	"net/http"
	"strings"
	"testing"
)

func TestURL_responds_preflight_without_function_and_signature(t *testing.T) {
	config := &CORS{AllowOrigins: []string{"https://a.example", "https://b.example"}, AllowMethods: []string{"GET", "POST"}, AllowHeaders: []string{"x-one", "x-two"}, AllowCredentials: true, MaxAge: 300}
	tests := map[string]map[string]string{
		"https://b.example": {"Access-Control-Allow-Origin": "https://b.example", "Access-Control-Allow-Methods": "GET,POST", "Access-Control-Allow-Headers": "x-one,x-two",
			"Access-Control-Allow-Credentials": "true", "Access-Control-Max-Age": "300", "Vary": "Origin"},
		"https://evil.example": {"Access-Control-Allow-Origin": "", "Access-Control-Allow-Methods": ""},
	}
	for origin, headers := range tests {
		u, _ := newURL(t, mustNotRun(t), func(c *Config) { c.CORS = config })
		req := newRequest(t, http.MethodOptions, "/", "")
		req.Header.Set("Origin", origin)
		req.Header.Set("Access-Control-Request-Method", "POST")
		resp, _ := roundTrip(t, u, req)
		if resp.StatusCode != 200 || resp.Header.Get("X-Amzn-Requestid") == "" {
			t.Errorf("%s: got %d %v", origin, resp.StatusCode, resp.Header)
		}
		for name, want := range headers {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", origin, name, got, want)
			}
		}
	}
}

func TestURL_passes_preflight_on_without_CORS_configuration(t *testing.T) {
	u, _ := newURL(t, mustNotRun(t), nil)
	req := newRequest(t, http.MethodOptions, "/", "")
	req.Header.Set("Origin", "https://a.example")
	req.Header.Set("Access-Control-Request-Method", "POST")
	if resp, _ := roundTrip(t, u, req); resp.StatusCode != 403 {
		t.Errorf("got %d, want the 403 of an unsigned request", resp.StatusCode)
	}
}

func TestURL_adds_its_CORS_headers_to_those_of_the_function(t *testing.T) {
	tests := []struct {
		name         string
		cors         *CORS
		origin, want string
		expose       string
		warns        bool
	}{
		{"configured", &CORS{AllowOrigins: []string{"*"}, ExposeHeaders: []string{"date", "x-note"}}, "https://a.example", "https://own.example, *", "own, date,x-note", true},
		{"with credentials", &CORS{AllowOrigins: []string{"*"}, AllowCredentials: true}, "https://a.example", "https://own.example, https://a.example", "own", true},
		{"another origin", &CORS{AllowOrigins: []string{"https://b.example"}}, "https://a.example", "https://own.example", "own", false},
		{"no origin", &CORS{AllowOrigins: []string{"*"}}, "", "https://own.example", "own", false},
		{"not configured", nil, "https://a.example", "https://own.example", "own", false},
	}
	for _, test := range tests {
		u, log := newURL(t, streams(`{"headers":{"access-control-allow-origin":"https://own.example","access-control-expose-headers":"own"}}`+nuls), func(c *Config) { c.CORS = test.cors })
		req := newRequest(t, http.MethodGet, "/", "")
		if test.origin != "" {
			req.Header.Set("Origin", test.origin)
		}
		resp, _ := roundTrip(t, u, signed(t, edge, req, ""))
		if got := strings.Join(resp.Header["Access-Control-Allow-Origin"], ", "); got != test.want {
			t.Errorf("%s: allows %q, want %q", test.name, got, test.want)
		}
		if got := strings.Join(resp.Header["Access-Control-Expose-Headers"], ", "); got != test.expose {
			t.Errorf("%s: exposes %q, want %q", test.name, got, test.expose)
		}
		if warned := strings.Contains(log.String(), "two sets of CORS headers"); warned != test.warns {
			t.Errorf("%s: log %s", test.name, log)
		}
	}
}
