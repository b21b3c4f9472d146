package cloudfront

import (
	"cmp"
	"net/textproto"
	"slices"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// A Selection says which headers, cookies or query strings of a viewer's
// request a policy forwards.
type Selection struct {
	// Behavior is HeaderBehavior, CookieBehavior or QueryStringBehavior in
	// CloudFront's words: none, whitelist, all, allExcept, allViewer or
	// allViewerAndWhitelistCloudFront.
	Behavior string

	// Names are the names that Behavior applies to. Header names match in any
	// case, cookies and query strings as they are written.
	Names []string
}

// A CachePolicy selects the cache key, which is forwarded to the origin. MaxTTL
// only decides whether the log says that nothing is cached.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
type CachePolicy struct {
	Name                                     string
	MaxTTL                                   time.Duration
	Headers, Cookies, QueryStrings           Selection
	AcceptEncodingGzip, AcceptEncodingBrotli bool
}

// An OriginRequestPolicy selects what else is forwarded to the origin.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
type OriginRequestPolicy struct {
	Name                           string
	Headers, Cookies, QueryStrings Selection

	// AddsCloudFront says that CloudFront's own headers are added, though Headers
	// doesn't name them.
	AddsCloudFront bool
}

// Values of Selection.Behavior.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginRequestPolicyHeadersConfig.html
const (
	selectNone           = "none"
	selectWhitelist      = "whitelist"
	selectAll            = "all"
	selectAllExcept      = "allExcept"
	selectAllViewer      = "allViewer"
	selectAllViewerAndCF = "allViewerAndWhitelistCloudFront"
)

// A selector is a Selection that is ready for use.
type selector struct {
	all   bool
	names map[string]bool // picked, or with all: left out
}

func newSelector(s Selection) selector {
	switch s.Behavior {
	case selectAll, selectAllViewer, selectAllViewerAndCF:
		return selector{all: true}
	case selectWhitelist:
		return selector{names: headers.Set(s.Names...)}
	case selectAllExcept:
		return selector{all: true, names: headers.Set(s.Names...)}
	}
	return selector{}
}

func newHeaderSelector(s Selection) selector {
	canonical := make([]string, len(s.Names))
	for i, name := range s.Names {
		canonical[i] = textproto.CanonicalMIMEHeaderKey(name)
	}
	return newSelector(Selection{Behavior: s.Behavior, Names: canonical})
}

func (s selector) picks(name string) bool { return s.all != s.names[name] }

// A union picks what one of its selectors picks.
type union []selector

func (u union) picks(name string) bool {
	return slices.ContainsFunc(u, func(s selector) bool { return s.picks(name) })
}

// any reports whether anything may be picked.
func (u union) any() bool {
	return slices.ContainsFunc(u, func(s selector) bool { return s.all || len(s.names) > 0 })
}

// ForwardedValues are the settings of a behavior from before cache policies. What
// they name is forwarded, and with the exception of QueryStringCacheKeys part of the
// cache key.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ForwardedValues.html
type ForwardedValues struct {
	// Cookies names cookies if Forward is whitelist; otherwise it is all or none.
	// Default: none.
	Cookies struct {
		Forward          string
		WhitelistedNames []string
	}

	// Headers are names, or "*" for all headers, whose responses aren't cached.
	// Default: none.
	Headers []string

	// QueryString forwards all query strings, whatever QueryStringCacheKeys says.
	QueryString          bool
	QueryStringCacheKeys []string
}

// CachePolicy returns the policy that stands for the settings and the behavior's
// TTLs in seconds, nil for the default.
func (f ForwardedValues) CachePolicy(minTTL, defaultTTL, maxTTL *float64) CachePolicy {
	p := CachePolicy{Name: "of ForwardedValues", Headers: none, QueryStrings: none}
	p.Cookies = Selection{cmp.Or(f.Cookies.Forward, selectNone), f.Cookies.WhitelistedNames}
	if f.QueryString {
		p.QueryStrings = all
	}
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html
	// Inferred: a TTL that isn't set gives way to those that are, as in cache policies.
	p.MaxTTL = ttl(maxTTL, max(365*day, ttl(minTTL, 0), ttl(defaultTTL, 0)))
	switch {
	case slices.Contains(f.Headers, "*"):
		p.Headers, p.MaxTTL = all, 0
	case len(f.Headers) > 0:
		p.Headers = whitelist(f.Headers...)
	}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
	if !newHeaderSelector(p.Headers).picks("Accept-Encoding") {
		p.AcceptEncodingGzip, p.AcceptEncodingBrotli = true, true
	}
	return p
}

func ttl(seconds *float64, otherwise time.Duration) time.Duration {
	if seconds == nil {
		return otherwise
	}
	return time.Duration(*seconds * float64(time.Second))
}
