package build

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// permission: the origin doesn't let the distribution in.
func (r route) permission() *Finding {
	caller := sigv4.Identity{}
	switch {
	case r.hasAuthType(functionurl.AuthTypeNone), r.hasAuthType(functionurl.AuthTypeIAM) && !r.signs():
		return nil // these have their own rules
	case r.signs():
		caller = r.caller
	}
	f := denied("requests to origin "+r.origin.ID+" get 403", denial(r.origin.Transport, caller))
	if f != nil {
		f.Property = r.originProperty
	}
	return f
}

// unsigned: the function URL expects signatures and gets none, unless an edge function
// sees to them.
func (r route) unsigned() *Finding {
	if !r.hasAuthType(functionurl.AuthTypeIAM) || r.signs() || r.viewer("originAccessControlConfig") || r.edge(cloudfront.OriginRequest, "uthorization") {
		return nil
	}
	return &Finding{
		Rule: "unsigned-origin", Property: r.originProperty, Happens: "requests to origin " + r.origin.ID + " get 403, unless they are signed already",
		Cause: "AuthType of " + r.url.path + " is AWS_IAM, and no origin access control signs",
		Hint:  "set OriginAccessControlId of the origin, of type lambda with SigningBehavior always",
	}
}

// open: the function URL lets everyone in.
func (r route) open() *Finding {
	if !r.hasAuthType(functionurl.AuthTypeNone) || !r.signs() && denial(r.url, sigv4.Identity{}) != nil {
		return nil
	}
	f := &Finding{
		Rule: "open-url", Property: r.originProperty, Happens: "everyone who knows the address of origin " + r.origin.ID + " gets around CloudFront",
		Cause: "AuthType of " + r.url.path + " is NONE: Lambda checks neither signatures nor hashes",
		Hint:  "set AuthType to AWS_IAM, with an origin access control that signs and both permissions",
	}
	if r.signs() {
		f.Happens = "the signature for origin " + r.origin.ID + " isn't checked"
	}
	return f
}

// host: function URLs and REST APIs accept their own Host only.
func (r route) host() *Finding {
	if !r.behavior.Forwards("Host") || r.url == nil && !strings.Contains(r.origin.DomainName, ".lambda-url.") ||
		r.edge(cloudfront.OriginRequest, "headers.host", "headers['host']", `headers["host"]`) {
		return nil
	}
	kind := "function URL"
	if r.hasAuthType("") {
		kind = "REST API"
	}
	return &Finding{
		Rule: "host-header", Property: r.behaviorProperty, Happens: "requests of " + r.pattern() + " get 403 from its " + kind,
		Cause: "the behavior forwards the viewer's Host, and a " + kind + " accepts its own only",
		Hint:  "don't forward Host: use the origin request policy AllViewerExceptHostHeader",
	}
}

// defaultReadTimeout is that of origins that set none.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
const defaultReadTimeout = 30 * time.Second

// timeout: CloudFront doesn't wait for a function that sends nothing before its end.
func (r route) timeout() *Finding {
	limit := cmp.Or(r.origin.ReadTimeout, defaultReadTimeout)
	if r.url == nil || r.url.function == nil || r.url.invokeMode == functionurl.InvokeModeResponseStream || r.url.function.config.Timeout <= limit {
		return nil
	}
	return &Finding{
		Rule: "origin-timeout", Property: r.originProperty, Happens: fmt.Sprintf("requests that take longer than %v get 504", limit),
		Cause: fmt.Sprintf("Timeout of %s is %v, and its function URL sends nothing before the end: InvokeMode is BUFFERED", r.url.function.r.Path, r.url.function.config.Timeout),
		Hint:  "raise OriginReadTimeout, to 120 at most unless the quota was raised, shorten Timeout, or stream with heartbeats",
	}
}
