package cloudfront

import (
	"cmp"
	"slices"
	"time"
)

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
