package cloudfront

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestPathPattern_matches_as_CloudFront_documents(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"/images/*.jpg", "/images/a.jpg", true},
		{"images/*.jpg", "/images/a/b.jpg", true},
		{"/images/*.jpg", "/Images/a.jpg", false},
		{"/images/*.jpg", "/images/a.JPG", false},
		{"*.gif", "/deep/down/x.gif", true},
		{"/a?.html", "/ab.html", true},
		{"/a?.html", "/a.html", false},
		{"/a??.html", "/abc.html", true},
		{"/api/*", "/api", false},
		{"/api/*", "/api/", true},
		{"/api*", "/apis/x", true},
		{"*", "/", true},
		{"/", "/", true},
		{"/", "/a", false},
		{"/a**b", "/ab", true},
		{"/$.~*", "/$.~x", true},
		{"/a+b", "/aab", false},
	} {
		if got := matchPath(c.pattern, c.path); got != c.want {
			t.Errorf("%q on %q: %v, want %v", c.pattern, c.path, got, c.want)
		}
	}
}

func TestPathPattern_sees_the_normalized_path(t *testing.T) {
	for raw, want := range map[string]string{
		"/api/x/../item": "/api/item",
		"/api/%69tem":    "/api/item",
		"//api/item":     "/api/item",
		"/api//item/":    "/api/item/",
		"/a/./b":         "/a/b",
		"/a/.":           "/a/",
		"/a/b/..":        "/a/",
		"/../../a":       "/a",
		"/a%2Fb":         "/a%2Fb",
		"/a%20b":         "/a%20b",
		"/%zz%":          "/%zz%",
		"/a/.well":       "/a/.well",
		"/":              "/",
	} {
		if got := normalizePath(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestBehavior_first_match_wins_and_origin_gets_the_raw_path(t *testing.T) {
	first, second, last := &seen{}, &seen{}, &seen{}
	config := testConfig(last)
	config.Origins["first"] = Origin{ID: "first", DomainName: "first.example.com", Transport: first}
	config.Origins["second"] = Origin{ID: "second", DomainName: "second.example.com", Transport: second}
	one, two := config.Default, config.Default
	one.PathPattern, one.TargetOriginID = "/api/v?/*", "first"
	two.PathPattern, two.TargetOriginID = "/api/*", "second"
	config.Behaviors = []Behavior{one, two}
	d, _ := mustNew(t, config)
	for _, c := range []struct {
		path   string
		origin *seen
	}{
		{"/api/v1/x", first},
		{"/api/x/../v2/%78", first},
		{"/api/x", second},
		{"/other", last},
	} {
		ask(t, d, "GET", c.path, "")
		if c.origin.request == nil {
			t.Fatalf("%s went elsewhere", c.path)
		}
		if got := c.origin.request.URL.EscapedPath(); got != c.path {
			t.Errorf("%s arrived as %s", c.path, got)
		}
		c.origin.request = nil
	}
	if got := ask(t, d, "GET", "/api/v1/x", "").StatusCode; got != http.StatusOK {
		t.Errorf("status %d", got)
	}
}

func FuzzPathPattern(f *testing.F) {
	for _, seed := range [][2]string{{"/a*b?c", "/axxbyc"}, {"*", ""}, {"**?**", "/x"}, {"", "/"}, {"/%2e%2e", "/../.."}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		if len(pattern) > 60 || len(path) > 200 {
			return
		}
		var expression strings.Builder
		expression.WriteString(`^(?s:`)
		for _, c := range []byte(strings.TrimPrefix(pattern, "/")) {
			switch {
			case c == '*':
				expression.WriteString(`.*`)
			case c == '?':
				expression.WriteString(`.`)
			case c < 0x80:
				expression.WriteString(regexp.QuoteMeta(string(rune(c))))
			default:
				return // regexp speaks of runes, patterns of bytes
			}
		}
		for i := range len(path) {
			if path[i] >= 0x80 {
				return
			}
		}
		want := regexp.MustCompile(expression.String() + `)$`).MatchString(strings.TrimPrefix(path, "/"))
		if got := matchPath(pattern, path); got != want {
			t.Errorf("%q on %q: %v, want %v", pattern, path, got, want)
		}
		once := normalizePath("/" + path)
		if !strings.HasPrefix(once, "/") || strings.Contains(once, "//") || strings.Contains(once+"/", "/../") {
			t.Errorf("%q normalized to %q", path, once)
		}
	})
}
