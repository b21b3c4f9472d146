package bucket

import (
	"net/http"
	"strings"
	"testing"
)

const siteHost = "site.s3-website-eu-west-1.amazonaws.com"

func TestWebsite_answers_with_index_and_error_documents(t *testing.T) {
	dir := tree(t, map[string]string{"index.html": "home", "blog/index.html": "blog", "blog/post": "post", "404.html": "oops"})
	moved := Layer{Dirs: []string{tree(t, map[string]string{"old": ""})}, Header: http.Header{"X-Amz-Website-Redirect-Location": {"/new"}}}
	listed := `{"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Principal":"*","Resource":["arn:aws:s3:::site","arn:aws:s3:::site/*"]}]}`
	tests := []struct {
		name, policy, method, path, errors string
		status                             int
		body, location                     string
	}{
		{"root", publicPolicy, "GET", "/", "", 200, "home", ""},
		{"object", publicPolicy, "GET", "/blog/post?v=1&response-expires=x", "", 200, "post", ""},
		{"directory", publicPolicy, "GET", "/blog/", "", 200, "blog", ""},
		{"directory without slash", publicPolicy, "GET", "/blog", "", 302, "", "/blog/"},
		{"missing", publicPolicy, "GET", "/nope", "", 403, "<li>Code: AccessDenied</li>", ""},
		{"missing, listed", listed, "GET", "/nope", "", 404, "<li>Code: NoSuchKey</li>", ""},
		{"missing, with error document", listed, "GET", "/nope", "404.html", 404, "oops", ""},
		{"private", "", "GET", "/", "404.html", 403, "AccessDenied", ""},
		{"redirect", publicPolicy, "GET", "/old", "", 301, "", "/new"},
		{"another method", publicPolicy, "POST", "/", "", 405, "MethodNotAllowed", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, _ := newBucket(t, test.policy, Layer{Dirs: []string{dir}}, moved)
			site := b.Website(Website{Hosts: []string{siteHost}, IndexDocument: "index.html", ErrorDocument: test.errors})
			req, err := http.NewRequest(test.method, "http://"+siteHost+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, body := send(t, site, req)
			want(t, resp, body, test.status, test.body)
			if got := resp.Header.Get("Location"); got != test.location {
				t.Errorf("Location is %q, want %q", got, test.location)
			}
		})
	}
}

func TestWebsite_takes_no_HTTPS_and_no_other_host(t *testing.T) {
	b, _ := newBucket(t, publicPolicy, Layer{Dirs: []string{tree(t, map[string]string{"index.html": "home"})}})
	site := b.Website(Website{Hosts: []string{siteHost}, IndexDocument: "index.html"})
	if _, err := site.RoundTrip(request(t, http.MethodGet, "/")); err == nil || !strings.Contains(err.Error(), "HTTPS") {
		t.Errorf("got %v, want that it takes no HTTPS", err)
	}
	req := request(t, http.MethodGet, "/")
	req.URL.Scheme = "http"
	resp, body := send(t, site, req)
	want(t, resp, body, http.StatusNotFound, "NoSuchBucket")
}
