package build

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
)

// signNever is the SigningBehavior of an origin access control that does not sign.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
const signNever = "never"

// adviseAssembly says that an assembly may hold what this version of the local
// edge has never heard of.
func (b *builder) adviseAssembly() {
	if b.assembly.Newer != "" {
		b.log.Warn("the assembly was written by a newer CDK than this cloudfurl knows",
			"cause", "its manifest has schema "+b.assembly.Newer,
			"cure", "none needed if all is served as expected; else use a newer cloudfurl")
	}
}

// adviseDistribution says what of a distribution AWS deploys and then refuses at
// run time. It is served all the same, with AWS's answers.
func (b *builder) adviseDistribution(path string, config cloudfront.Config) {
	for _, id := range slices.Sorted(maps.Keys(config.Origins)) {
		b.adviseOrigin(path, config.Origins[id])
	}
	for _, behavior := range append(slices.Clone(config.Behaviors), config.Default) {
		b.adviseBehavior(path, behavior, config.Origins[behavior.TargetOriginID])
	}
}

// adviseOrigin compares what a function URL asks for with what an origin does.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
// and https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (b *builder) adviseOrigin(path string, origin cloudfront.Origin) {
	url, ok := b.functionURLAt(origin.DomainName)
	switch {
	case !ok:
	case url.AuthType == functionurl.AuthTypeIAM && !signs(origin):
		b.log.Warn(path+": requests to origin "+origin.ID+" are answered 403, unless they are signed before they get there",
			"cause", "AuthType of "+url.Path+" is AWS_IAM, and no origin access control signs",
			"cure", "give the origin an OriginAccessControlId, of type lambda with SigningBehavior always")
	case url.AuthType == functionurl.AuthTypeNone && signs(origin):
		b.log.Warn(path+": origin access control signs for origin "+origin.ID+" in vain",
			"cause", "AuthType of "+url.Path+" is NONE: Lambda checks no signature and no hash there, and takes requests from everybody or, without a permission for Principal *, from nobody",
			"cure", "set AuthType to AWS_IAM")
	}
}

// adviseBehavior says where nobody can hash the bodies that origin access
// control signs for.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
func (b *builder) adviseBehavior(path string, behavior cloudfront.Behavior, origin cloudfront.Origin) {
	url, ok := b.functionURLAt(origin.DomainName)
	if !ok || url.AuthType != functionurl.AuthTypeIAM || !signs(origin) || !slices.Contains(behavior.AllowedMethods, http.MethodPost) {
		return
	}
	cause, cure := "no edge function can hash them for origin access control", "attach an origin-request function with IncludeBody that sets x-amz-content-sha256"
	for _, event := range []cloudfront.EventType{cloudfront.ViewerRequest, cloudfront.OriginRequest} {
		association, ok := behavior.Edge[event]
		if association.IncludeBody {
			return
		}
		if ok {
			cause = association.Name + " at " + string(event) + " does not see them: its association has no IncludeBody"
			cure = "set IncludeBody where the function is attached"
		}
	}
	pattern := behavior.PathPattern
	if pattern == "" {
		pattern = "*"
	}
	b.log.Warn(path+": behavior "+pattern+" refuses requests with a body, unless the viewer sends the right x-amz-content-sha256",
		"cause", cause, "cure", cure)
}

// functionURLAt returns the function URL that has a domain name.
func (b *builder) functionURLAt(domain string) (FunctionURL, bool) {
	i := slices.IndexFunc(b.parts.FunctionURLs, func(url FunctionURL) bool { return strings.EqualFold(url.Domain, domain) })
	if i < 0 {
		return FunctionURL{}, false
	}
	return b.parts.FunctionURLs[i], true
}

func signs(origin cloudfront.Origin) bool {
	return origin.OAC != nil && origin.OAC.SigningBehavior != signNever
}
