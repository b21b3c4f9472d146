package build

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// A route is how requests of a behavior reach what responds to them, or only the
// function URL.
type route struct {
	behavior cloudfront.Behavior
	origin   cloudfront.Origin
	caller   sigv4.Identity // of origin access control

	// url is the function URL or REST API of the app that is the origin, or nil.
	url *endpoint
}

// checkRoutes applies the rules to the behaviors of a distribution.
func (b *builder) checkRoutes(path string, config cloudfront.Config, origins []originProperties) {
	check := func(property string, behavior cloudfront.Behavior) {
		r := route{behavior: behavior, origin: config.Origins[behavior.TargetOriginID], caller: b.keys.identities[config.Credentials.AccessKeyID]}
		r.url = b.endpointAt(r.origin.DomainName)
		at := slices.IndexFunc(origins, func(o originProperties) bool { return o.Id == r.origin.ID })
		b.check(path, r, routeRules, map[string]string{atBehavior: "DistributionConfig." + property, atOrigin: fmt.Sprintf("DistributionConfig.Origins[%d]", at)})
	}
	check("DefaultCacheBehavior", config.Default)
	for i, behavior := range config.Behaviors {
		check(fmt.Sprintf("CacheBehaviors[%d]", i), behavior)
	}
}

// check applies rules to a route, whose properties have names in the template.
func (b *builder) check(path string, r route, rules []routeRule, properties map[string]string) {
	for _, rule := range rules {
		if rule.at == atBehavior && r.behavior.Edge == nil || !rule.when(r) { // a stub says nothing of its behavior
			continue
		}
		f := Finding{Rule: rule.name, Path: path, Property: cmp.Or(properties[rule.at], rule.at), Happens: rule.happens, Cause: rule.cause, Hint: rule.hint}
		for _, text := range []*string{&f.Happens, &f.Cause, &f.Hint} {
			*text = r.words().Replace(*text)
		}
		if rule.cause == "" {
			f.deny(r.denial())
		}
		b.found(f)
	}
}

// words fill in the texts of rules.
func (r route) words() *strings.Replacer {
	var hasher string
	for _, event := range []cloudfront.EventType{cloudfront.ViewerRequest, cloudfront.OriginRequest} {
		if association, ok := r.behavior.Edge[event]; ok {
			hasher = cmp.Or(association.Name, "the function") + " at " + string(event)
		}
	}
	pairs := []string{
		"{behavior}", "behavior " + cmp.Or(r.behavior.PathPattern, "*"), "{hasher}", hasher,
		"{limit}", r.limit().String(), "{cache policy}", r.behavior.CachePolicy.Name, "{unkeyed}", strings.Join(r.unkeyed(), " and "),
	}
	if r.url != nil {
		pairs = append(pairs, "{url}", r.url.path, "{origin}", r.url.path)
	}
	if r.invokes() {
		pairs = append(pairs, "{function}", r.url.function.r.Path, "{timeout}", r.url.function.config.Timeout.String())
	}
	return strings.NewReplacer(append(pairs, "{origin}", r.origin.ID)...)
}

// limit is how long CloudFront waits for the first byte.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
func (r route) limit() time.Duration { return cmp.Or(r.origin.ReadTimeout, 30*time.Second) }

// signs reports whether origin access control signs the requests.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
func (r route) signs() bool { return r.origin.OAC != nil && r.origin.OAC.SigningBehavior != "never" }

// unkeyed returns what one viewer's cached response may depend on, and another's request
// for it isn't asked. A signature replaces Authorization, but not a copy of it.
func (r route) unkeyed() []string {
	return slices.DeleteFunc(r.behavior.Unkeyed(), func(kind string) bool {
		return kind == "Authorization" && r.signs() && !r.viewer("authorization")
	})
}

// hasAuthType reports whether the origin is a function URL with an AuthType.
func (r route) hasAuthType(authType string) bool { return r.url != nil && r.url.authType == authType }

// invokes reports whether the origin is the function URL of a function of the app.
func (r route) invokes() bool { return r.url != nil && r.url.function != nil }

// streams reports whether it streams.
func (r route) streams() bool {
	return r.invokes() && r.url.invokeMode == functionurl.InvokeModeResponseStream
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

// denial returns why what is reached doesn't let the distribution in or, if nothing
// signs, everyone. It is nil if it does or isn't known.
func (r route) denial() *fault.Error {
	reached, caller := r.origin.Transport, sigv4.Identity{}
	if r.url != nil {
		reached = r.url.server
	}
	if r.signs() && !r.hasAuthType(authNone) {
		caller = r.caller
	}
	if guard, ok := reached.(interface {
		Denial(caller sigv4.Identity) *fault.Error
	}); ok {
		return guard.Denial(caller)
	}
	return nil
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

// takes reports whether a behavior accepts one of the methods.
func (r route) takes(methods ...string) bool {
	return slices.ContainsFunc(methods, func(method string) bool { return slices.Contains(r.behavior.AllowedMethods, method) })
}

// bodies are the methods whose requests have one.
var bodies = []string{http.MethodDelete, http.MethodPatch, http.MethodPost, http.MethodPut}
