package cloudfront

import (
	"cmp"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
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

// Validate returns why CloudFront rejects the policy, as a fault with the
// property below CachePolicyConfig.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-cachepolicy-cachepolicyconfig.html
func (p CachePolicy) Validate() error {
	err := p.Headers.validate("HeadersConfig.HeaderBehavior", selectNone, selectWhitelist)
	return fault.In("ParametersInCacheKeyAndForwardedToOrigin", cmp.Or(err, validateBoth(p.Cookies, p.QueryStrings)))
}

// Validate returns why CloudFront rejects the policy, as a fault with the
// property below OriginRequestPolicyConfig.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-originrequestpolicy-originrequestpolicyconfig.html
func (p OriginRequestPolicy) Validate() error {
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginRequestPolicyHeadersConfig.html
	// and aws/aws-cdk#13410.
	if p.Headers.Behavior == selectWhitelist {
		for _, name := range p.Headers.Names {
			if strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Accept-Encoding") {
				return fault.In("HeadersConfig.Headers", fault.New("list it in the cache policy", "lists %s, which CloudFront allows in cache policies only", name))
			}
		}
	}
	err := p.Headers.validate("HeadersConfig.HeaderBehavior", selectNone, selectWhitelist, selectAllViewer, selectAllViewerAndCF, selectAllExcept)
	return cmp.Or(err, validateBoth(p.Cookies, p.QueryStrings))
}

// validateBoth checks the selections that both kinds of policies have alike.
func validateBoth(cookies, queries Selection) error {
	return cmp.Or(
		cookies.validate("CookiesConfig.CookieBehavior", selectNone, selectWhitelist, selectAllExcept, selectAll),
		queries.validate("QueryStringsConfig.QueryStringBehavior", selectNone, selectWhitelist, selectAllExcept, selectAll),
	)
}

func (s Selection) validate(property string, allowed ...string) error {
	if err := oneOf(property, s.Behavior, allowed...); err != nil {
		return err
	}
	if named := s.Behavior != selectNone && s.Behavior != selectAll && s.Behavior != selectAllViewer; named && len(s.Names) == 0 {
		return fault.In(property, fault.New("list at least one name", "is %s without names", s.Behavior))
	}
	return nil
}

// oneOf returns an error if the value of a property isn't among those allowed.
func oneOf(property, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fault.In(property, fault.New("use one of "+strings.Join(allowed, ", "), "is %q, which CloudFront rejects", value))
}

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
