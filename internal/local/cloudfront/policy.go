package cloudfront

import (
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"time"
)

// A Selection says which headers, cookies or query strings of a viewer's
// request a policy picks.
type Selection struct {
	// Behavior is HeaderBehavior, CookieBehavior or QueryStringBehavior in
	// CloudFront's words: none, whitelist, all, allExcept, allViewer or
	// allViewerAndWhitelistCloudFront.
	Behavior string

	// Names are the names that Behavior speaks of. Header names match in any
	// case, cookies and query strings as they are written.
	Names []string
}

// A CachePolicy decides what is part of the cache key, and so travels to the
// origin. Its times to live are kept for the log only: nothing is cached.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
type CachePolicy struct {
	ID, Name                                 string
	MinTTL, DefaultTTL, MaxTTL               time.Duration
	Headers, Cookies, QueryStrings           Selection
	AcceptEncodingGzip, AcceptEncodingBrotli bool
}

// An OriginRequestPolicy decides what else travels to the origin.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
type OriginRequestPolicy struct {
	ID, Name                       string
	Headers, Cookies, QueryStrings Selection

	// Managed marks a policy of AWS's own: some of them hold back query strings
	// from S3 that a custom policy forwards.
	Managed bool
}

// The words of CloudFront for what a policy picks.
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

// NewCachePolicy returns the policy that a CachePolicyConfig describes, its
// intrinsics resolved. The error names every field that is missing, unknown or
// of the wrong type.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-cachepolicy-cachepolicyconfig.html
func NewCachePolicy(id string, config map[string]any) (CachePolicy, error) {
	p := newProperties("CachePolicyConfig", config)
	policy := CachePolicy{
		ID:         id,
		Name:       p.text("Name", required),
		MinTTL:     seconds(p.number("MinTTL", required)),
		DefaultTTL: seconds(p.number("DefaultTTL", required)),
		MaxTTL:     seconds(p.number("MaxTTL", required)),
	}
	p.text("Comment", optional)
	parameters := p.object("ParametersInCacheKeyAndForwardedToOrigin", required)
	policy.AcceptEncodingGzip = parameters.boolean("EnableAcceptEncodingGzip", required)
	policy.AcceptEncodingBrotli = parameters.boolean("EnableAcceptEncodingBrotli", optional)
	policy.Headers = parameters.selection("HeadersConfig", "HeaderBehavior", "Headers")
	policy.Cookies = parameters.selection("CookiesConfig", "CookieBehavior", "Cookies")
	policy.QueryStrings = parameters.selection("QueryStringsConfig", "QueryStringBehavior", "QueryStrings")
	if err := p.close(); err != nil {
		return CachePolicy{}, err
	}
	return policy, policy.validate()
}

// NewOriginRequestPolicy returns the policy that an OriginRequestPolicyConfig
// describes, its intrinsics resolved. The error names every field that is
// missing, unknown or of the wrong type.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-originrequestpolicy-originrequestpolicyconfig.html
func NewOriginRequestPolicy(id string, config map[string]any) (OriginRequestPolicy, error) {
	p := newProperties("OriginRequestPolicyConfig", config)
	policy := OriginRequestPolicy{
		ID:           id,
		Name:         p.text("Name", required),
		Headers:      p.selection("HeadersConfig", "HeaderBehavior", "Headers"),
		Cookies:      p.selection("CookiesConfig", "CookieBehavior", "Cookies"),
		QueryStrings: p.selection("QueryStringsConfig", "QueryStringBehavior", "QueryStrings"),
	}
	p.text("Comment", optional)
	if err := p.close(); err != nil {
		return OriginRequestPolicy{}, err
	}
	return policy, policy.validate()
}

func (p CachePolicy) validate() error {
	where := "cache policy " + p.label()
	if err := p.Headers.oneOf(where, "HeaderBehavior", selectNone, selectWhitelist); err != nil {
		return err
	}
	if err := p.Cookies.oneOf(where, "CookieBehavior", selectNone, selectWhitelist, selectAllExcept, selectAll); err != nil {
		return err
	}
	return p.QueryStrings.oneOf(where, "QueryStringBehavior", selectNone, selectWhitelist, selectAllExcept, selectAll)
}

func (p OriginRequestPolicy) validate() error {
	where := "origin request policy " + p.label()
	if err := p.Headers.oneOf(where, "HeaderBehavior", selectNone, selectWhitelist, selectAllViewer, selectAllViewerAndCF, selectAllExcept); err != nil {
		return err
	}
	// CloudFront takes neither in an origin request policy: they belong in the
	// cache policy.
	// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginRequestPolicyHeadersConfig.html
	// and aws/aws-cdk#13410.
	if p.Headers.Behavior == selectWhitelist {
		for _, name := range p.Headers.Names {
			if strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Accept-Encoding") {
				return fmt.Errorf("%s lists %s: CloudFront takes it only in a cache policy", where, name)
			}
		}
	}
	if err := p.Cookies.oneOf(where, "CookieBehavior", selectNone, selectWhitelist, selectAllExcept, selectAll); err != nil {
		return err
	}
	return p.QueryStrings.oneOf(where, "QueryStringBehavior", selectNone, selectWhitelist, selectAllExcept, selectAll)
}

func (p CachePolicy) label() string         { return label(p.Name, p.ID) }
func (p OriginRequestPolicy) label() string { return label(p.Name, p.ID) }

func label(name, id string) string {
	switch {
	case name == "" && id == "":
		return "(none)"
	case name == "":
		return id
	}
	return name
}

// caches reports whether CloudFront could answer from its cache.
func (p CachePolicy) caches() bool { return p.MaxTTL > 0 }

func (s Selection) oneOf(where, property string, allowed ...string) error {
	if !slices.Contains(allowed, s.Behavior) {
		return fmt.Errorf("%s: %s is %q, not one of %s", where, property, s.Behavior, strings.Join(allowed, ", "))
	}
	if named := s.Behavior != selectNone && s.Behavior != selectAll && s.Behavior != selectAllViewer; named && len(s.Names) == 0 {
		return fmt.Errorf("%s: %s is %q but names nothing", where, property, s.Behavior)
	}
	return nil
}

// A selector is a Selection made ready for use.
type selector struct {
	all   bool
	names map[string]bool // picked, or with all: left out
}

func newSelector(s Selection) selector {
	switch s.Behavior {
	case selectAll, selectAllViewer, selectAllViewerAndCF:
		return selector{all: true}
	case selectWhitelist:
		return selector{names: set(s.Names)}
	case selectAllExcept:
		return selector{all: true, names: set(s.Names)}
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

func (s selector) any() bool { return s.all || len(s.names) > 0 }

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
