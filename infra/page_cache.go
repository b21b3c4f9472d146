package infra

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// PageCacheProps are the properties of a PageCache: what handlers read of a
// request, besides its path, the viewer's host, and the headers of conditions and
// ranges. Nothing else reaches them.
type PageCacheProps struct {
	// Headers are the headers that the handler reads, such as "Accept-Language".
	// "Authorization" stands for its copy, X-Original-Authorization. CloudFront
	// allows 10 headers in a key by default, of which X-Original-Host and X-Forwarded-Host
	// are two, and Cors of an endpoint adds three.
	//
	// Default: none
	Headers *[]*string

	// Cookies are the cookies that the handler reads, by default at most 10. Without any,
	// CloudFront removes Set-Cookie from responses. With some, it caches
	// Set-Cookie with the page, so pages that set cookies need Cache-Control:
	// no-store.
	//
	// Default: none
	Cookies *[]*string

	// QueryStrings are the query strings that the handler reads, by default at most
	// 10.
	//
	// Default: all
	QueryStrings *[]*string

	// DefaultTtl is how long CloudFront keeps a response that has neither
	// Cache-Control nor Expires.
	//
	// Default: 0 seconds; only responses that say so are cached
	DefaultTtl awscdk.Duration

	// MaxTtl is the longest that CloudFront keeps a response, whatever its
	// Cache-Control says.
	//
	// Default: 1 year
	MaxTtl awscdk.Duration
}

// A PageCache defines the cache policy of behaviors whose GET and HEAD responses
// CloudFront caches as their Cache-Control says. There is no minimum: it would
// cache what the handler marks private or no-store. Only what is in the key
// reaches the handler, so that no viewer gets a page made for another.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
type PageCache struct {
	construct.Base

	// CachePolicy is the policy. Its name is unique over regions and stacks.
	CachePolicy awscloudfront.CachePolicy
}

// preflightHeaders are what a function URL reads to respond to requests of pages
// of other origins.
var preflightHeaders = []string{"origin", "access-control-request-method", "access-control-request-headers"}

// NewPageCache defines a PageCache. The props may be nil. It panics with an *Error
// if a header can't be in a key.
func NewPageCache(scope constructs.Construct, id *string, props *PageCacheProps) *PageCache {
	defer construct.Within(scope, id, props)()
	props = construct.CopyOf(props)
	headers := props.headers(scope, id)
	c := new(PageCache)
	constructs.NewConstruct_Override(c, scope, id)
	policy := props.policy(headers)
	policy.CachePolicyName = construct.GlobalName(c)
	c.CachePolicy = awscloudfront.NewCachePolicy(c, jsii.String("CachePolicy"), policy)
	return c
}

// policy returns the props of the cache policy whose key has the headers. It doesn't
// cache compressed responses: a compressed stream ends in a 502.
//
// See: https://github.com/opennextjs/opennextjs-aws/issues/1127
func (p *PageCacheProps) policy(headers []string) *awscloudfront.CachePolicyProps {
	policy := &awscloudfront.CachePolicyProps{
		Comment:             jsii.String("What handlers read of a request is in the key"),
		HeaderBehavior:      awscloudfront.CacheHeaderBehavior_AllowList(*jsii.Strings(headers...)...),
		CookieBehavior:      awscloudfront.CacheCookieBehavior_None(),
		QueryStringBehavior: awscloudfront.CacheQueryStringBehavior_All(),
		MinTtl:              awscdk.Duration_Seconds(jsii.Number(0)),

		EnableAcceptEncodingGzip:   jsii.Bool(false),
		EnableAcceptEncodingBrotli: jsii.Bool(false),
	}
	policy.DefaultTtl = cmp.Or(p.DefaultTtl, policy.MinTtl)
	policy.MaxTtl = cmp.Or(p.MaxTtl, awscdk.Duration_Days(jsii.Number(365)))
	if names := p.Cookies; names != nil && len(*names) > 0 {
		policy.CookieBehavior = awscloudfront.CacheCookieBehavior_AllowList(*names...)
	}
	switch names := p.QueryStrings; {
	case names != nil && len(*names) == 0:
		policy.QueryStringBehavior = awscloudfront.CacheQueryStringBehavior_None()
	case names != nil:
		policy.QueryStringBehavior = awscloudfront.CacheQueryStringBehavior_AllowList(*names...)
	}
	return policy
}

// headers returns the headers of the key, in lower case: the copies of Host, and those
// that the props name. A header of which original_host makes copies stands for these.
func (p *PageCacheProps) headers(scope constructs.Construct, id *string) []string {
	copies := edge.CopiedHeaders()
	key := slices.Clone(copies["host"])
	for _, name := range texts(p.Headers) {
		name = strings.ToLower(name)
		if hint := notInKey[name]; hint != "" {
			construct.Fail(scope, id, "got %q in Headers: %s", name, hint)
		}
		names := copies[name]
		if names == nil {
			names = []string{name}
		}
		for _, name := range names {
			if !slices.Contains(key, name) {
				key = append(key, name)
			}
		}
	}
	return key
}

// notInKey are headers that a key can't have, and what to do.
var notInKey = map[string]string{
	"host":            "remove it, the key has the viewer's as X-Original-Host and X-Forwarded-Host, and a function URL accepts only its own",
	"cookie":          "name the cookies in Cookies",
	"accept-encoding": "remove it, a stream must not be compressed",
}

// cachePolicy defines the cache policy of a behavior in scope, or returns nil. With
// cors the function URL responds to preflight requests.
func (p *BehaviorProps) cachePolicy(scope constructs.Construct, cors *awscloudfront.ResponseHeadersCorsBehavior) awscloudfront.ICachePolicy {
	if p.PageCache == nil {
		return nil
	}
	props := *p.PageCache
	if cors != nil {
		props.Headers = jsii.Strings(append(texts(props.Headers), preflightHeaders...)...)
	}
	return NewPageCache(scope, jsii.String("PageCache"), &props).CachePolicy
}

func (p *BehaviorProps) checkCaching(scope constructs.Construct, id *string) {
	checkCachedMethods(scope, id, p.PageCache != nil, p.AllowedMethods)
	checkInvalidationPaths(scope, id, p.InvalidationPaths)
	if p.PageCache == nil && p.InvalidationPaths != nil {
		construct.Fail(scope, id, "got InvalidationPaths without PageCache: nothing of the handler is cached, remove them")
	}
}

// checkCachedMethods panics with an *Error about the construct id in scope if a
// behavior with a cache policy has AllowedMethods with bodies.
func checkCachedMethods(scope constructs.Construct, id *string, caches bool, methods awscloudfront.AllowedMethods) {
	if caches && methods != nil && acceptsBodies(methods) {
		construct.Fail(scope, id, "got AllowedMethods with POST where pages are cached: only what is in the key reaches the handler, too little for forms, "+
			"allow GET, HEAD and OPTIONS, and serve forms by another behavior, such as of AddBehavior")
	}
}

func allowedMethods(given awscloudfront.AllowedMethods, caches bool) awscloudfront.AllowedMethods {
	switch {
	case given != nil:
		return given
	case caches:
		return awscloudfront.AllowedMethods_ALLOW_GET_HEAD_OPTIONS()
	}
	return awscloudfront.AllowedMethods_ALLOW_ALL()
}
