package cloudfront

import (
	"strings"
	"testing"
	"time"
)

func forwarded(query bool, cookies string, headers ...string) ForwardedValues {
	f := ForwardedValues{QueryString: query, Headers: headers}
	f.Cookies.Forward = cookies
	return f
}

func TestForwardedValues_forward_what_they_name(t *testing.T) {
	some := forwarded(true, "whitelist", "X-A", "Origin")
	some.Cookies.WhitelistedNames, some.QueryStringCacheKeys = []string{"b"}, []string{"x"}
	for name, c := range map[string]struct {
		values                       ForwardedValues
		query, cookies, host, header string
		encoding, agent              string
	}{
		"nothing":    {forwarded(false, ""), "", "", testDomain, "", "br,gzip", "Amazon CloudFront"},
		"some":       {some, "x=1&y=2", "b=2", testDomain, "a", "br,gzip", "Amazon CloudFront"},
		"everything": {forwarded(true, "all", "*"), "x=1&y=2", "a=1; b=2", "www.example.com", "a", "gzip, br, zstd", "curl/8"},
		"Host":       {forwarded(false, "none", "host"), "", "", "www.example.com", "", "br,gzip", "Amazon CloudFront"},
	} {
		t.Run(name, func(t *testing.T) {
			origin := &seen{}
			config := testConfig(origin)
			config.Default.CachePolicy, config.Default.OriginRequestPolicy = c.values.CachePolicy(nil, nil, nil), nil
			d, log := mustNew(t, config)
			ask(t, d, "GET", "/?x=1&y=2", "", "Host", "www.example.com", "Cookie", "a=1; b=2", "X-A", "a", "Accept-Encoding", "gzip, br, zstd", "User-Agent", "curl/8")
			got := origin.request
			if got.URL.RawQuery != c.query || got.Header.Get("Cookie") != c.cookies || got.Host != c.host || got.Header.Get("X-A") != c.header ||
				got.Header.Get("Accept-Encoding") != c.encoding || got.Header.Get("User-Agent") != c.agent {
				t.Errorf("the origin got %s %s %v", got.Host, got.URL, got.Header)
			}
			if forwards := config.Default.Forwards("host"); forwards != (c.host != testDomain) {
				t.Errorf("Forwards returns %v for Host", forwards)
			}
			if cached := strings.Contains(log.String(), "cache policy of ForwardedValues"); cached != (name != "everything") {
				t.Errorf("the log says %s", log)
			}
		})
	}
}

func TestForwardedValues_have_CloudFronts_TTLs(t *testing.T) {
	seconds := func(n float64) *float64 { return &n }
	for _, c := range []struct {
		least, usual, most *float64
		want               time.Duration
	}{
		{nil, nil, nil, 365 * day},
		{seconds(0), seconds(0), seconds(0), 0},
		{seconds(2 * 86400), nil, nil, 365 * day},
		{nil, nil, seconds(60), time.Minute},
	} {
		if p := forwarded(false, "").CachePolicy(c.least, c.usual, c.most); p.MaxTTL != c.want {
			t.Errorf("got %v, want %v", p.MaxTTL, c.want)
		}
	}
}
