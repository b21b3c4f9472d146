package streamhttp

import (
	"context"
	"io"
	"testing"
)

func FuzzRequest(f *testing.F) {
	for _, name := range []string{"cloudfront_get", "direct_post_binary", "direct_post_text"} {
		event := readEvent(f, name)
		f.Add(event.RequestContext.HTTP.Method, event.RawPath, event.RawQueryString, event.RequestContext.HTTP.SourceIP, event.Headers["cookie"], event.Body, event.IsBase64Encoded)
	}
	f.Add("GET", "http://evil.example/x", "", "", "", "", false)
	f.Add("GET", "/%zz", "?#", "", "", "", false)
	f.Fuzz(func(t *testing.T, method, path, query, ip, cookie, body string, encoded bool) {
		event := newEvent(method, path)
		event.RawQueryString, event.Body, event.IsBase64Encoded = query, body, encoded
		event.RequestContext.HTTP.SourceIP, event.Headers["cookie"] = ip, cookie
		r, err := newRequest(context.Background(), event)
		if err != nil {
			return
		}
		want := path
		if path == "" {
			want = "/"
		}
		if query != "" {
			want += "?" + query
		}
		if r.RequestURI != want || r.URL.Host != "" || r.URL.Scheme != "" {
			t.Errorf("target %q became %q at %q", want, r.RequestURI, r.URL)
		}
		if got, err := io.ReadAll(r.Body); err != nil || int64(len(got)) != r.ContentLength {
			t.Errorf("body has %d bytes (%v), Content-Length says %d", len(got), err, r.ContentLength)
		}
		r.Cookies()
		r.ParseForm()
	})
}
