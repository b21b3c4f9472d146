package cloudfront

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// cached returns a distribution that forwards only its key, and its log.
func cached(t *testing.T, policy CachePolicy, response ...string) (*Distribution, *logtest.Log) {
	t.Helper()
	log, written := logtest.New()
	d, err := New(Config{
		Default: Behavior{TargetOriginID: "origin", ViewerProtocolPolicy: viewerAllowAll, AllowedMethods: []string{"GET", "HEAD", "OPTIONS"}, CachePolicy: policy},
		Origins: map[string]Origin{"origin": {ID: "origin", DomainName: "url.example.com", Transport: originFunc(func(*http.Request) (*http.Response, error) {
			return answer(200, "page", response...), nil
		})}},
	}, log)
	if err != nil {
		t.Fatal(err)
	}
	return d, written
}

// keyOf returns the key of a request.
func keyOf(d *Distribution, method string) string {
	r := httptest.NewRequest(method, "/news?page=2&utm=x", nil)
	r.Header.Set("Authorization", "Bearer secret")
	r.Header.Set("Accept-Language", "de")
	r.Header.Set("Cookie", "session=secret; theme=dark")
	happened := new(trace.Trace)
	d.ServeHTTP(httptest.NewRecorder(), r.WithContext(trace.NewContext(r.Context(), happened)))
	return happened.Summary().CacheKey
}

func TestDistribution_tells_the_cache_key(t *testing.T) {
	none := Selection{Behavior: selectNone}
	named := func(names ...string) Selection { return Selection{Behavior: selectWhitelist, Names: names} }
	for name, test := range map[string]struct {
		policy CachePolicy
		method string
		want   string
	}{
		"all parts": {CachePolicy{MaxTTL: time.Hour, Headers: named("accept-language", "authorization", "x-missing"), Cookies: named("session"), QueryStrings: named("page")}, "GET",
			"/news?page=2 accept-language=de authorization=#bffde204 cookie:session=#2bb80d53"},
		"a HEAD":      {CachePolicy{MaxTTL: time.Hour, Headers: none, Cookies: none, QueryStrings: Selection{Behavior: selectAll}}, "HEAD", "/news?page=2&utm=x"},
		"not cached":  {CachePolicy{Headers: named("accept-language"), Cookies: none, QueryStrings: none}, "GET", ""},
		"a preflight": {CachePolicy{MaxTTL: time.Hour, Headers: named("accept-language"), Cookies: none, QueryStrings: none}, "OPTIONS", ""},
		"a file":      {CachePolicy{MaxTTL: time.Hour, Headers: none, Cookies: none, QueryStrings: none}, "GET", ""},
	} {
		d, _ := cached(t, test.policy)
		if got := keyOf(d, test.method); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestDistribution_warns_of_a_cached_cookie(t *testing.T) {
	for control, shared := range map[string]bool{
		"public, max-age=60": true, "s-maxage=60, max-age=0": true, "": false, "max-age=0": false, "private, max-age=60": false,
		"max-age=60, s-maxage=0": false, "no-store": false, `max-age=60, no-cache="Set-Cookie"`: false,
	} {
		d, written := cached(t, CachePolicy{MaxTTL: time.Hour, Headers: Selection{Behavior: selectNone}, Cookies: Selection{Behavior: selectAll}, QueryStrings: Selection{Behavior: selectNone}},
			"Set-Cookie", "session=1", "Cache-Control", control)
		keyOf(d, "GET")
		if got := strings.Contains(written.String(), "to other viewers"); got != shared {
			t.Errorf("Cache-Control %q: got a warning: %v, want %v", control, got, shared)
		}
	}
}
