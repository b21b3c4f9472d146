package cloudfront

import (
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// forwarding is what the cache policy or the origin request policy of a behavior
// forwards to the origin.
type forwarding struct {
	headers, cookies, queries union
	cloudFront                []string // CloudFront-* headers to add
	gzip, brotli              bool
}

func newForwarding(b Behavior) forwarding {
	f := forwarding{
		headers: union{newHeaderSelector(b.CachePolicy.Headers)},
		cookies: union{newSelector(b.CachePolicy.Cookies)},
		queries: union{newSelector(b.CachePolicy.QueryStrings)},
		gzip:    b.CachePolicy.AcceptEncodingGzip,
		brotli:  b.CachePolicy.AcceptEncodingBrotli,
	}
	f.addCloudFront(b.CachePolicy.Headers.Names)
	if p := b.OriginRequestPolicy; p != nil {
		f.headers = append(f.headers, newHeaderSelector(p.Headers))
		f.cookies = append(f.cookies, newSelector(p.Cookies))
		f.queries = append(f.queries, newSelector(p.QueryStrings))
		if p.Headers.Behavior != selectAllExcept {
			f.addCloudFront(p.Headers.Names)
		}
		if p.AddsCloudFront {
			f.addCloudFront(addedToAllViewer)
		}
	}
	return f
}

// addedToAllViewer are the headers that AllViewerExceptHostHeader adds and the
// local edge knows. It adds the viewer's location and TLS version too.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
// Seen: none of them arrived (DhananjayThomble/URL-Shortener-App#302), so nothing of this module depends on them.
var addedToAllViewer = []string{
	"Cloudfront-Forwarded-Proto", "Cloudfront-Viewer-Http-Version", "Cloudfront-Is-Android-Viewer", "Cloudfront-Is-Ios-Viewer",
	"Cloudfront-Is-Smarttv-Viewer", "Cloudfront-Is-Tablet-Viewer", "Cloudfront-Is-Mobile-Viewer", "Cloudfront-Is-Desktop-Viewer",
}

func (f *forwarding) addCloudFront(names []string) {
	for _, name := range names {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		if strings.HasPrefix(canonical, "Cloudfront-") && !slices.Contains(f.cloudFront, canonical) {
			f.cloudFront = append(f.cloudFront, canonical)
		}
	}
}

// always are the headers that are forwarded whatever the policies say.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
// Inferred: Origin, which that table has too, needs a policy, as the managed
// policies CORS-CustomOrigin and CORS-S3Origin serve no other purpose.
var always = headers.Set(
	"Cache-Control", "Content-Length", "Content-Md5", "Content-Type", "Date", "From", "If-Match",
	"If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Max-Forwards",
	"Pragma", "Range", "Request-Range", "Transfer-Encoding", "Via", "Warning", "X-Forwarded-For",
)

// never are the viewer's headers that are never forwarded, besides the hop-by-hop
// ones. The viewer's Transfer-Encoding is: CloudFront sends a chunked body chunked.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
var never = headers.Set("Expect", "X-Forwarded-Proto", "X-Real-Ip", "X-Amz-Cf-Id")

// header reports whether a header of the viewer is forwarded. Cookie, Host,
// User-Agent, Accept-Encoding and Authorization have special rules.
func (f *forwarding) header(name string) bool {
	switch {
	case always[name]:
		return true
	case never[name], headers.HopByHop(name), strings.HasPrefix(name, "X-Edge-"):
		return false
	}
	return f.headers.picks(name)
}

// authorization reports whether the viewer's Authorization is forwarded: if a
// policy selects it, and with methods whose responses aren't cached.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html#add-origin-custom-headers-forward-authorization
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomClientAuth
func (f *forwarding) authorization(method string, cached []string) bool {
	if f.headers.picks("Authorization") {
		return true
	}
	return !isRead(method) && !slices.Contains(cached, method)
}

// cookie returns the part of a Cookie header that is forwarded.
func (f *forwarding) cookie(values []string) string {
	var kept []string
	for pair := range headers.Cookies(values) {
		if name, _, _ := strings.Cut(pair, "="); f.cookies.picks(name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "; ")
}

// query returns the part of a query string that is forwarded, each parameter as
// it is written and in its place.
func (f *forwarding) query(raw string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		if name, _, _ := strings.Cut(pair, "="); f.queries.picks(name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// acceptEncoding returns the value that is forwarded, empty for none. CloudFront
// normalizes it if the cache policy caches compressed objects.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html#cache-policy-compressed-objects
func (f *forwarding) acceptEncoding(values []string) string {
	if len(values) == 0 {
		return ""
	}
	value := strings.Join(values, ", ")
	if !f.gzip && !f.brotli {
		if f.headers.picks("Accept-Encoding") {
			return value
		}
		return ""
	}
	var normal []string
	if f.brotli && accepts(value, "br") {
		normal = append(normal, "br")
	}
	if f.gzip && accepts(value, "gzip") {
		normal = append(normal, "gzip")
	}
	if len(normal) == 0 {
		return "identity"
	}
	return strings.Join(normal, ",")
}

func accepts(value, coding string) bool {
	for item := range strings.SplitSeq(value, ",") {
		if name, _, _ := strings.Cut(item, ";"); strings.EqualFold(strings.TrimSpace(name), coding) {
			return true
		}
	}
	return false
}

// cloudFrontHeaders returns the headers of CloudFront's own that the local edge
// knows. The device is a guess from User-Agent.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
// Inferred: what tells devices apart. AWS doesn't publish its rules.
func (v *visit) cloudFrontHeaders() map[string]string {
	scheme, agent := "http", strings.ToLower(v.request.header.Get("User-Agent"))
	if v.tls { // the truth, whatever the request counts as
		scheme = "https"
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(agent, word) })
	}
	tv := has("smart-tv", "smarttv", "appletv")
	tablet := has("ipad") || has("android") && !has("mobile")
	mobile := has("iphone", "ipod") || has("mobile") && !tv
	return map[string]string{
		"Cloudfront-Forwarded-Proto":     scheme,
		"Cloudfront-Viewer-Http-Version": v.proto,
		"Cloudfront-Viewer-Address":      v.address,
		"Cloudfront-Is-Android-Viewer":   strconv.FormatBool(has("android")),
		"Cloudfront-Is-Ios-Viewer":       strconv.FormatBool(has("iphone", "ipad", "ipod")),
		"Cloudfront-Is-Smarttv-Viewer":   strconv.FormatBool(tv),
		"Cloudfront-Is-Tablet-Viewer":    strconv.FormatBool(tablet),
		"Cloudfront-Is-Mobile-Viewer":    strconv.FormatBool(mobile),
		"Cloudfront-Is-Desktop-Viewer":   strconv.FormatBool(!tv && !tablet && !mobile),
	}
}

// unknownCloudFrontHeaders returns the headers that the policies forward and only
// AWS knows.
func (f *forwarding) unknownCloudFrontHeaders() []string {
	known := new(visit).cloudFrontHeaders()
	return slices.DeleteFunc(slices.Clone(f.cloudFront), func(name string) bool {
		_, ok := known[name]
		return ok
	})
}
