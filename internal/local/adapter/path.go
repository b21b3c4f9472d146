package adapter

import (
	"fmt"
	"net/url"
	"strings"
)

// newURL returns a URL of the app, whose request line has exactly this path and
// query, normalized as the adapter does it.
func newURL(address, path, query string) *url.URL {
	query, _, _ = strings.Cut(query, "#")
	// See: https://url.spec.whatwg.org/#special-query-percent-encode-set
	u := &url.URL{Scheme: "http", Host: address, RawQuery: encode(query, " \"<>'")}
	path = normalizePath(path)
	if strings.HasPrefix(path, "//") {
		// An opaque one would be sent with the scheme and the host.
		u.RawPath = path
		u.Path, _ = url.PathUnescape(path)
		return u
	}
	u.Opaque = path
	return u
}

// normalizePath returns a path as URLs of the WHATWG have it: without . and ..,
// with a slash for a backslash, and percent-encoded where it must be. What is
// encoded stays as it is.
//
// See: https://url.spec.whatwg.org/#path-state
// Seen: 1.0.0-rc1.
func normalizePath(path string) string {
	path = strings.NewReplacer(`\`, "/", "\t", "", "\n", "", "\r", "").Replace(path)
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var kept []string
	for i, segment := range segments {
		last := i == len(segments)-1
		dots := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
		switch dots {
		case "..":
			kept = kept[:max(0, len(kept)-1)]
			fallthrough
		case ".":
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, encode(segment, " \"<>`#?{}"))
		}
	}
	return "/" + strings.Join(kept, "/")
}

// encode percent-encodes control characters, what isn't ASCII, and more.
func encode(s, more string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || strings.IndexByte(more, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
