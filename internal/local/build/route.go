package build

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// A route is how requests of a behavior reach what responds to them.
type route struct {
	behavior cloudfront.Behavior
	origin   cloudfront.Origin
	caller   sigv4.Identity // of origin access control

	behaviorProperty, originProperty string // in the template

	// url is the function URL or REST API of the app that is the origin, or nil.
	url *endpoint
}

// routeRules return what is wrong with a route, or nil.
var routeRules = []func(route) *Finding{
	route.permission,
	route.unsigned,
	route.open,
	route.host,
	route.timeout,
	route.unhashed,
	route.deleted,
	route.methods,
	route.cacheKey,
	route.encoding,
}

// checkRoutes applies the rules to the behaviors of a distribution.
func (b *builder) checkRoutes(path string, config cloudfront.Config, origins []originProperties) {
	properties := map[string]string{}
	for i, origin := range origins {
		properties[origin.Id] = fmt.Sprintf("DistributionConfig.Origins[%d]", i)
	}
	check := func(property string, behavior cloudfront.Behavior) {
		origin := config.Origins[behavior.TargetOriginID]
		r := route{
			behavior: behavior, origin: origin, caller: b.keys.identities[config.Credentials.AccessKeyID],
			behaviorProperty: "DistributionConfig." + property, originProperty: properties[origin.ID], url: b.endpointAt(origin.DomainName),
		}
		for _, rule := range routeRules {
			if f := rule(r); f != nil {
				f.Path = path
				b.found(*f)
			}
		}
	}
	check("DefaultCacheBehavior", config.Default)
	for i, behavior := range config.Behaviors {
		check(fmt.Sprintf("CacheBehaviors[%d]", i), behavior)
	}
}

// signs reports whether origin access control signs the requests.
func (r route) signs() bool { return r.origin.OAC != nil && r.origin.OAC.SigningBehavior != signNever }

// signNever is the SigningBehavior of an origin access control that doesn't sign.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
const signNever = "never"

// hasAuthType reports whether the origin is a function URL with an AuthType.
func (r route) hasAuthType(authType string) bool { return r.url != nil && r.url.authType == authType }

// pattern names the behavior.
func (r route) pattern() string {
	if r.behavior.PathPattern == "" {
		return "behavior *"
	}
	return "behavior " + r.behavior.PathPattern
}

// edge reports whether the Lambda@Edge function at an event mentions one of the texts.
// One whose code isn't known might.
func (r route) edge(event cloudfront.EventType, texts ...string) bool {
	association, ok := r.behavior.Edge[event]
	return ok && (association.Mentions == nil || slices.ContainsFunc(texts, association.Mentions))
}

// viewer reports whether the CloudFront Function at viewer-request mentions a text.
func (r route) viewer(text string) bool {
	return r.behavior.ViewerRequest != nil && r.behavior.ViewerRequest.Mentions(text)
}

// endpointAt returns the function URL or REST API that has a domain name, nil if none
// has.
func (b *builder) endpointAt(domain string) *endpoint {
	for _, url := range b.app.endpoints {
		if strings.EqualFold(url.domain, domain) {
			return url
		}
	}
	return nil
}

// denial returns why what is reached doesn't let a caller in, nil if it does or isn't
// known.
func denial(reached http.RoundTripper, caller sigv4.Identity) *fault.Error {
	if url, ok := reached.(*endpoint); ok {
		reached = url.server
	}
	if guard, ok := reached.(interface {
		Denial(caller sigv4.Identity) *fault.Error
	}); ok {
		return guard.Denial(caller)
	}
	return nil
}
