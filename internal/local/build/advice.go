package build

import (
	"cmp"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// signNever is the SigningBehavior of an origin access control that doesn't sign.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
const signNever = "never"

// adviseAssembly logs that an assembly may have what this version of cloudfurl
// doesn't know.
func (b *builder) adviseAssembly() {
	if b.assembly.Newer != "" {
		fault.Log(b.log, slog.LevelWarn, "the assembly was written by a newer CDK than this cloudfurl knows",
			"its manifest has schema "+b.assembly.Newer, "if something isn't served as expected, use a newer cloudfurl")
	}
}

// adviseFunctionURL logs that a public function URL lets nobody in, and that a
// function, or a version or alias of it, has a function URL already. Lambda allows
// one, so the deployment would fail.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html
func (b *builder) adviseFunctionURL(r *template.Resource, u *endpoint) {
	if u.authType == functionurl.AuthTypeNone {
		b.adviseDenial(r.Path+": every request gets 403", u.server, sigv4.Identity{})
	}
	target, err := r.Ref() // the ARN of what the URL belongs to
	if err != nil {
		return // Decode has reported it
	}
	if other, ok := b.urlOf[target]; ok {
		fault.Log(b.log, slog.LevelError, r.Path+" can't be deployed, though it is served here",
			target+" already has the function URL "+other+", and Lambda allows one", "remove one, or attach it to another alias")
		return
	}
	b.urlOf[target] = r.Path
}

// adviseDistribution logs what AWS deploys and then rejects at run time. It is
// served with the responses of AWS.
func (b *builder) adviseDistribution(path string, config cloudfront.Config) {
	for _, id := range slices.Sorted(maps.Keys(config.Origins)) {
		b.adviseOrigin(path, config.Origins[id], b.keys.identities[config.Credentials.AccessKeyID])
	}
	for _, behavior := range append(slices.Clone(config.Behaviors), config.Default) {
		b.adviseBehavior(path, behavior, config.Origins[behavior.TargetOriginID])
	}
}

// adviseOrigin compares the AuthType of a function URL with how its origin signs,
// and asks whether the origin lets the distribution in.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
// and https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (b *builder) adviseOrigin(path string, origin cloudfront.Origin, distribution sigv4.Identity) {
	url := b.endpointAt(origin.DomainName)
	var caller sigv4.Identity
	switch {
	case signs(origin):
		caller = distribution
	case url != nil && url.authType == functionurl.AuthTypeIAM:
		fault.Log(b.log, slog.LevelWarn, path+": requests to origin "+origin.ID+" get 403, unless they are signed already",
			"AuthType of "+url.path+" is AWS_IAM, and no origin access control signs",
			"give the origin an OriginAccessControlId, of type lambda with SigningBehavior always")
		return
	}
	if url != nil && url.authType == functionurl.AuthTypeNone {
		if signs(origin) {
			fault.Log(b.log, slog.LevelWarn, path+": the signature for origin "+origin.ID+" isn't checked",
				"AuthType of "+url.path+" is NONE: Lambda checks neither signatures nor hashes", "set AuthType to AWS_IAM")
		}
		return
	}
	b.adviseDenial(path+": requests to origin "+origin.ID+" get 403", origin.Transport, caller)
}

// adviseDenial logs that what an origin reaches doesn't let a caller in.
func (b *builder) adviseDenial(message string, reached http.RoundTripper, caller sigv4.Identity) {
	if url, ok := reached.(*endpoint); ok {
		reached = url.server
	}
	guard, ok := reached.(interface {
		Denial(caller sigv4.Identity) *fault.Error
	})
	if !ok {
		return // somebody else's
	}
	if denial := guard.Denial(caller); denial != nil {
		fault.Log(b.log, slog.LevelWarn, message, fault.Redact(denial, b.options.Values).Error(), denial.Hint)
	}
}

// adviseBehavior logs where no edge function hashes the bodies that origin access
// control signs.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
func (b *builder) adviseBehavior(path string, behavior cloudfront.Behavior, origin cloudfront.Origin) {
	url := b.endpointAt(origin.DomainName)
	if url == nil || url.authType != functionurl.AuthTypeIAM || !signs(origin) || !slices.Contains(behavior.AllowedMethods, http.MethodPost) {
		return
	}
	if function := behavior.ViewerRequest; function != nil && function.Mentions("x-amz-content-sha256") {
		return // it requires the hash from viewers
	}
	cause, hint := "no edge function can hash them for origin access control", "attach an origin-request function with IncludeBody that sets x-amz-content-sha256"
	for _, event := range []cloudfront.EventType{cloudfront.ViewerRequest, cloudfront.OriginRequest} {
		association, ok := behavior.Edge[event]
		if association.IncludeBody {
			return
		}
		if ok {
			cause = association.Name + " at " + string(event) + " doesn't see them: its association has no IncludeBody"
			hint = "set IncludeBody where the function is attached"
		}
	}
	pattern := cmp.Or(behavior.PathPattern, "*")
	fault.Log(b.log, slog.LevelWarn, path+": behavior "+pattern+" rejects requests with a body, unless the viewer sends the right x-amz-content-sha256",
		cause, hint)
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

func signs(origin cloudfront.Origin) bool {
	return origin.OAC != nil && origin.OAC.SigningBehavior != signNever
}
