package cloudfront

import "net/textproto"

// Forwards reports whether a header of the viewer reaches the origin, as far as the
// policies decide. CloudFront may normalize it.
func (b Behavior) Forwards(header string) bool {
	forward := newForwarding(b)
	name := textproto.CanonicalMIMEHeaderKey(header)
	return forward.headers.picks(name) || name == "Accept-Encoding" && (forward.gzip || forward.brotli)
}

// Keys reports whether the cache key has a header of the viewer, by its canonical name.
func (b Behavior) Keys(header string) bool {
	return newHeaderSelector(b.CachePolicy.Headers).picks(header)
}

// Unkeyed returns what the origin gets of every viewer, though the cache key has none of
// it: cookies, query strings or Authorization. Where nothing can be cached, it is nothing.
func (b Behavior) Unkeyed() (kinds []string) {
	if b.CachePolicy.MaxTTL == 0 || b.OriginRequestPolicy == nil {
		return nil
	}
	for _, kind := range []struct {
		name      string
		key, sent Selection
	}{
		{"cookies", b.CachePolicy.Cookies, b.OriginRequestPolicy.Cookies},
		{"query strings", b.CachePolicy.QueryStrings, b.OriginRequestPolicy.QueryStrings},
	} {
		if newSelector(kind.sent).all && !(union{newSelector(kind.key)}).any() {
			kinds = append(kinds, kind.name)
		}
	}
	if newHeaderSelector(b.OriginRequestPolicy.Headers).picks("Authorization") && !b.Keys("Authorization") {
		kinds = append(kinds, "Authorization")
	}
	return kinds
}
