package cloudfront

import (
	"net/url"
	"regexp"
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
	return sigv4.Normalize(escapes.ReplaceAllStringFunc(path, func(escape string) string {
		if c, _ := url.PathUnescape(escape); unreserved.MatchString(c) {
			return c
		}
		return escape
	}))
}

var (
	escapes    = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	unreserved = regexp.MustCompile(`^[A-Za-z0-9._~-]$`)
)
