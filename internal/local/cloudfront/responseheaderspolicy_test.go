package cloudfront

import (
	"net/http"
	"strings"
	"testing"
)

func TestResponseHeadersPolicy_adds_and_removes(t *testing.T) {
	custom := ResponseHeadersPolicy{
		CORS: &CORS{
			AccessControlAllowCredentials: true,
			AccessControlAllowHeaders:     Items{[]string{"X-A", "X-B"}},
			AccessControlAllowMethods:     Items{[]string{"ALL"}},
			AccessControlAllowOrigins:     Items{[]string{"https://a.example.com", "*.example.org"}},
			AccessControlExposeHeaders:    Items{[]string{"X-C"}},
			AccessControlMaxAgeSec:        new(600),
			OriginOverride:                true,
		},
		Headers: []ResponseHeader{{Name: "X-Origin-Wins", Value: "policy"}, {Name: "X-Policy-Wins", Value: "policy", Override: true}},
		Remove:  []string{"X-Powered-By", "Server"},
	}
	managed := func(id string) ResponseHeadersPolicy {
		p, ok := ManagedResponseHeadersPolicies[id]
		if !ok {
			t.Fatal(id)
		}
		return p
	}
	for _, c := range []struct {
		name, method string
		policy       ResponseHeadersPolicy
		sent         []string
		want         map[string]string
	}{
		{"custom, preflight", "OPTIONS", custom, []string{"Origin", "https://x.example.org", "Access-Control-Request-Method", "PUT"}, map[string]string{
			"Access-Control-Allow-Origin": "https://x.example.org", "Access-Control-Allow-Credentials": "true",
			"Access-Control-Allow-Headers": "X-A, X-B", "Access-Control-Allow-Methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
			"Access-Control-Max-Age": "600", "Access-Control-Expose-Headers": "X-C",
		}},
		{"custom, simple", "GET", custom, []string{"Origin", "https://a.example.com"}, map[string]string{
			"Access-Control-Allow-Origin": "https://a.example.com", "Access-Control-Allow-Methods": "", "Access-Control-Max-Age": "",
			"X-Origin-Wins": "origin", "X-Policy-Wins": "policy", "X-Powered-By": "", "Server": "CloudFront",
		}},
		{"custom, foreign origin", "GET", custom, []string{"Origin", "https://evil.test"}, map[string]string{"Access-Control-Allow-Origin": "http://origin"}},
		{"custom, same origin", "GET", custom, nil, map[string]string{"Access-Control-Allow-Origin": "http://origin"}},
		{"SimpleCORS leaves the origin's", "GET", managed("60669652-455b-4ae9-85a4-c4c02393f86c"), []string{"Origin", "https://a"}, map[string]string{"Access-Control-Allow-Origin": "http://origin"}},
		{"CORS-With-Preflight leaves the origin's", "OPTIONS", managed("5cc3b908-e619-4b99-88e5-2cf7f45965bd"), []string{"Origin", "https://a", "Access-Control-Request-Method", "PUT"}, map[string]string{
			"Access-Control-Allow-Origin": "http://origin", "Access-Control-Allow-Methods": "", "Access-Control-Expose-Headers": "",
		}},
		{"SecurityHeadersPolicy", "GET", managed("67f7725c-6f97-4210-82d7-5512b31e9d03"), nil, map[string]string{
			"Referrer-Policy": "strict-origin-when-cross-origin", "Strict-Transport-Security": "max-age=31536000",
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "ORIGIN", "X-Xss-Protection": "1; mode=block",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := testConfig(originFunc(func(*http.Request) (*http.Response, error) {
				return answer(200, "", "Access-Control-Allow-Origin", "http://origin", "X-Frame-Options", "ORIGIN",
					"X-Content-Type-Options", "origin", "X-Origin-Wins", "origin", "X-Policy-Wins", "origin", "X-Powered-By", "p", "Server", "s"), nil
			}))
			config.Default.ResponseHeadersPolicy = &c.policy
			d, _ := mustNew(t, config)
			resp := ask(t, d, c.method, "/", "", c.sent...)
			for name, want := range c.want {
				if got := strings.Join(resp.Header.Values(name), ", "); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}
