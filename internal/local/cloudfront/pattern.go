package cloudfront

import (
	"encoding/hex"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// matchPath reports whether a normalized path matches a path pattern of a cache
// behavior: * matches any characters, slashes too, ? exactly one; case counts;
// the leading slash of a pattern is optional.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
func matchPath(pattern, path string) bool {
	pattern, path = strings.TrimPrefix(pattern, "/"), strings.TrimPrefix(path, "/")
	return wildcard.Match(pattern, path)
}

// normalizePath returns the path that patterns match: escapes of unreserved
// characters decoded, dot segments removed, repeated slashes made one. The
// origin still gets the path as the viewer wrote it.
//
// Seen: on CloudFront //api/item, /api/x/../item and /api/%69tem all match the
// behavior of /api/item. Inferred: slashes later in a path collapse too.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
// and https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
func normalizePath(path string) string {
	if strings.Contains(path, "%") {
		path = decodeUnreserved(path)
	}
	return sigv4.Normalize(path)
}

func decodeUnreserved(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			if c, err := hex.DecodeString(path[i+1 : i+3]); err == nil && unreserved(c[0]) {
				b.WriteByte(c[0])
				i += 2
				continue
			}
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
