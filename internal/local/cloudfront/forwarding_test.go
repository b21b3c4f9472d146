package cloudfront

import (
	"net/http"
	"strings"
	"testing"
)

func selection(behavior string, names ...string) Selection { return Selection{behavior, names} }

func TestPolicies_decide_which_headers_travel(t *testing.T) {
	disabled, optimized := "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"
	originControl := "83da9c7e-98b4-4e11-a168-04f0df8e2c65"
	sent := []string{
		"Host", "www.example.com", "User-Agent", "curl/8", "Accept", "*/*", "Accept-Encoding", "gzip, br;q=0.5, zstd",
		"Authorization", "Bearer x", "Cookie", "a=1; b=2", "Origin", "https://o", "X-Custom", "c", "Referer", "r",
		"Content-Type", "text/plain", "Cache-Control", "no-cache", "Te", "trailers", "Connection", "X-Hop", "X-Hop", "h",
		"X-Edge-Test", "e", "X-Forwarded-Proto", "http", "X-Real-Ip", "1.2.3.4", "Expect", "100-continue", "Upgrade", "h2c",
		"X-Amz-Cf-Id", "spoofed", "X-Forwarded-For", "203.0.113.9", "Via", "1.1 proxy",
		"X-Forwarded-Host", "evil.example", "X_Forwarded_Host", "evil.example", "Forwarded", "host=evil.example",
	}
	hop := []string{"Te", "Connection", "X-Hop", "X-Edge-Test", "X-Forwarded-Proto", "X-Real-Ip", "Expect", "Upgrade", "Transfer-Encoding"}
	for _, c := range []struct {
		name, cache, origin, method string
		want                        map[string]string
		not                         []string
	}{
		{"no origin request policy", disabled, "", "GET",
			map[string]string{"Host": testDomain, "User-Agent": "Amazon CloudFront", "Cache-Control": "no-cache", "Content-Type": "text/plain"},
			[]string{"Accept", "Accept-Encoding", "Authorization", "Cookie", "Origin", "X-Custom", "Referer"}},
		{"Authorization travels with POST", disabled, "", "POST",
			map[string]string{"Authorization": "Bearer x"}, []string{"X-Custom"}},
		{"AllViewerExceptHostHeader", disabled, "b689b0a8-53d0-40ab-baf2-68738e2966ac", "GET",
			map[string]string{"Host": testDomain, "User-Agent": "curl/8", "Accept": "*/*", "Accept-Encoding": "gzip, br;q=0.5, zstd",
				"Authorization": "Bearer x", "Cookie": "a=1; b=2", "X-Custom": "c", "Referer": "r",
				"X-Forwarded-Host": "evil.example", "X_forwarded_host": "evil.example", "Forwarded": "host=evil.example"}, nil},
		{"AllViewer", disabled, "216adef6-5c7f-47e4-b989-5492eafa07d3", "GET",
			map[string]string{"Host": "www.example.com", "X-Custom": "c"}, nil},
		{"CachingOptimized normalizes Accept-Encoding", optimized, "b689b0a8-53d0-40ab-baf2-68738e2966ac", "GET",
			map[string]string{"Accept-Encoding": "br,gzip"}, nil},
		{"UserAgentRefererHeaders", disabled, "acba4595-bd28-49b8-b9fe-13317c0390fa", "GET",
			map[string]string{"User-Agent": "curl/8", "Referer": "r"}, []string{"X-Custom", "Accept"}},
		{"CORS-S3Origin", disabled, "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "GET",
			map[string]string{"Origin": "https://o", "User-Agent": "Amazon CloudFront"}, []string{"X-Custom"}},
		{"HostHeaderOnly", disabled, "bf0718e1-ba1e-49d1-88b1-f726733018ae", "GET",
			map[string]string{"Host": "www.example.com"}, []string{"Origin"}},
		{"UseOriginCacheControlHeaders", originControl, "", "GET",
			map[string]string{"Host": "www.example.com", "Origin": "https://o", "Cookie": "a=1; b=2"}, []string{"X-Custom"}},
		{"AllViewerAndCloudFrontHeaders-2022-06", disabled, "33f36d7e-f396-46d9-90e0-52428a34d9dc", "GET",
			map[string]string{"Cloudfront-Forwarded-Proto": "http", "Cloudfront-Viewer-Http-Version": "1.1", "Cloudfront-Is-Desktop-Viewer": "true",
				"Cloudfront-Is-Mobile-Viewer": "false", "Cloudfront-Viewer-Address": "192.0.2.1:1234"}, []string{"Cloudfront-Viewer-City"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			origin := &seen{}
			config := testConfig(origin)
			config.Default.CachePolicy, _ = ManagedCachePolicies[c.cache]
			config.Default.OriginRequestPolicy = nil
			if p, ok := ManagedOriginRequestPolicies[c.origin]; ok {
				config.Default.OriginRequestPolicy = &p
			}
			d, _ := mustNew(t, config)
			ask(t, d, c.method, "/", "", sent...)
			got := origin.request
			got.Header.Set("Host", got.Host)
			for name, want := range c.want {
				if got := strings.Join(got.Header.Values(name), ", "); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			for _, name := range append(c.not, hop...) {
				if values, ok := got.Header[name]; ok {
					t.Errorf("%s traveled: %q", name, values)
				}
			}
			for name, want := range map[string]string{
				"X-Forwarded-For": "203.0.113.9, 192.0.2.1",
				"Via":             "1.1 proxy, 1.1 " + viaHost(testID) + " (CloudFront)",
			} {
				if got := got.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if id := got.Header.Get("X-Amz-Cf-Id"); len(id) != 56 || !strings.HasSuffix(id, "==") {
				t.Errorf("X-Amz-Cf-Id is %q", id)
			}
		})
	}
}

func TestPolicies_decide_which_cookies_and_query_strings_travel(t *testing.T) {
	for _, c := range []struct {
		name                   string
		cache, origin          Selection
		query, cookies         string
		wantQuery, wantCookies string
	}{
		{"none", none, none, "a=1&b=2", "a=1; b=2", "", ""},
		{"all", none, all, "a=1&&b=2&a=%2F+x&c", "a=1; b=2", "a=1&&b=2&a=%2F+x&c", "a=1; b=2"},
		{"whitelist keeps order and writing", whitelist("b", "c"), none, "c=%zz&a=1&b&b=2", "c=3;a=1; b=2", "c=%zz&b&b=2", "c=3; b=2"},
		{"the union of both policies", whitelist("a"), whitelist("c"), "a=1&b=2&c=3", "a=1; b=2; c=3", "a=1&c=3", "a=1; c=3"},
		{"allExcept", selection(selectAllExcept, "a"), none, "a=1&b=2", "a=1; b=2", "b=2", "b=2"},
		{"allExcept and whitelist", selection(selectAllExcept, "a"), whitelist("a"), "a=1&b=2", "a=1; b=2", "a=1&b=2", "a=1; b=2"},
		{"names are case-sensitive", whitelist("A"), none, "a=1&A=2", "a=1; A=2", "A=2", "A=2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			origin := &seen{}
			config := testConfig(origin)
			config.Default.CachePolicy = CachePolicy{Name: "C", Headers: none, Cookies: c.cache, QueryStrings: c.cache}
			config.Default.OriginRequestPolicy = &OriginRequestPolicy{Name: "O", Headers: none, Cookies: c.origin, QueryStrings: c.origin}
			d, _ := mustNew(t, config)
			ask(t, d, "GET", "/x?"+c.query, "", "Cookie", c.cookies)
			if got := origin.request.URL.RawQuery; got != c.wantQuery {
				t.Errorf("query %q, want %q", got, c.wantQuery)
			}
			if got := origin.request.Header.Get("Cookie"); got != c.wantCookies {
				t.Errorf("cookies %q, want %q", got, c.wantCookies)
			}
		})
	}
}

func TestSetCookie_travels_only_where_cookies_are_forwarded(t *testing.T) {
	for _, forwarded := range []bool{true, false} {
		config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
			return answer(200, "", "Set-Cookie", "a=1", "Set-Cookie", "b=2"), nil
		}))
		if !forwarded {
			config.Default.OriginRequestPolicy = nil
		}
		d, _ := mustNew(t, config)
		got := ask(t, d, "GET", "/", "").Header.Values("Set-Cookie")
		if forwarded && len(got) != 2 || !forwarded && len(got) != 0 {
			t.Errorf("forwarded=%v: %q", forwarded, got)
		}
	}
}

func TestAcceptEncoding_is_normalized_as_the_cache_policy_says(t *testing.T) {
	for _, c := range []struct {
		gzip, brotli bool
		sent, want   string
	}{
		{true, true, "gzip, deflate, br", "br,gzip"},
		{true, true, "gzip", "gzip"},
		{true, true, "br", "br"},
		{true, false, "gzip, br", "gzip"},
		{false, true, "gzip", "identity"},
		{true, true, "deflate", "identity"},
		{true, true, "GZIP;q=0.5", "gzip"},
		{true, true, "", ""},
		{false, false, "gzip", ""},
	} {
		f := newForwarding(Behavior{CachePolicy: CachePolicy{AcceptEncodingGzip: c.gzip, AcceptEncodingBrotli: c.brotli, Headers: none}})
		var values []string
		if c.sent != "" {
			values = []string{c.sent}
		}
		if got := f.acceptEncoding(values); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestDevices_are_told_by_User_Agent(t *testing.T) {
	const (
		iPad   = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
		pixel  = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/120 Mobile Safari/537.36"
		laptop = "Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36"
		tv     = "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0)"
	)
	for agent, want := range map[string]string{
		iPad: "Ios Tablet Mobile", pixel: "Android Mobile", laptop: "Desktop", tv: "Smarttv",
	} {
		var got []string
		for _, kind := range []string{"Android", "Ios", "Smarttv", "Tablet", "Mobile", "Desktop"} {
			v := &visit{request: request{header: http.Header{"User-Agent": {agent}}}}
			if v.cloudFrontHeaders()["Cloudfront-Is-"+kind+"-Viewer"] == "true" {
				got = append(got, kind)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", agent, got, want)
		}
	}
}
