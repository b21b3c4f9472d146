package sigv4

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// canonical returns a request without a body whose canonical form, as the
// signer makes it, is the one that AWS documents for req. The signer trims
// header values but keeps runs of spaces, and its query parser drops what it
// cannot decode, so that two different queries would have one signature.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func canonical(req *http.Request) (*http.Request, error) {
	if req.URL == nil {
		return nil, errors.New("sigv4: the request has no URL: give it one before it is signed")
	}
	c := &http.Request{Method: req.Method, Host: req.Host, Header: make(http.Header, len(req.Header)+3)}
	if c.Method == "" {
		c.Method = http.MethodGet
	}
	if c.Host == "" {
		c.Host = req.URL.Host
	}
	if c.Host == "" {
		return nil, errors.New("sigv4: the request names no host: set Host, since the host is always signed")
	}
	u := *req.URL
	u.RawQuery = canonicalQuery(u.RawQuery)
	c.URL = &u
	for name, values := range req.Header {
		if name == "Host" || name == "Authorization" {
			continue
		}
		collapsed := make([]string, len(values))
		for i, v := range values {
			collapsed[i] = collapseSpaces(v)
		}
		c.Header[name] = collapsed
	}
	return c, nil
}

// collapseSpaces makes each run of spaces one space.
func collapseSpaces(value string) string {
	if !strings.Contains(value, "  ") && !strings.Contains(value, "\t") {
		return value
	}
	return strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' }), " ")
}

// canonicalQuery rewrites a query so that url.ParseQuery takes every parameter
// of it: semicolons and stray percent signs are data.
func canonicalQuery(raw string) string {
	if raw == "" || (!strings.Contains(raw, ";") && validQuery(raw)) {
		return raw
	}
	var b strings.Builder
	for parameter := range strings.SplitSeq(raw, "&") {
		if parameter == "" {
			continue
		}
		name, value, _ := strings.Cut(parameter, "=")
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(unescape(name)))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(unescape(value)))
	}
	return b.String()
}

func validQuery(raw string) bool {
	_, err := url.ParseQuery(raw)
	return err == nil
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// normalized returns u with the empty and the relative segments of its path
// resolved, and whether that changed it.
func normalized(u *url.URL) (*url.URL, bool) {
	escaped := u.EscapedPath()
	clean := path.Clean("/" + escaped)
	if clean != "/" && (strings.HasSuffix(escaped, "/") || strings.HasSuffix(escaped, "/.") || strings.HasSuffix(escaped, "/..")) {
		clean += "/"
	}
	if escaped == "" || clean == escaped {
		return u, false
	}
	decoded, err := url.PathUnescape(clean)
	if err != nil {
		return u, false
	}
	n := *u
	n.Path, n.RawPath = decoded, clean
	return &n, true
}
