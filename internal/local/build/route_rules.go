package build

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
)

// A routeRule is what may be wrong with a route. Without a cause, it is the route's
// denial.
type routeRule struct {
	name, at             string
	when                 func(route) bool
	happens, cause, hint string
}

// What a rule is about, if it isn't a property of the resource.
const (
	atBehavior = "{behavior}"
	atOrigin   = "{origin}"
)

// routeRules are about a behavior and its origin.
var routeRules = []routeRule{
	{"permission", atOrigin, func(r route) bool {
		return !r.hasAuthType(authNone) && (r.signs() || !r.hasAuthType(authIAM)) && r.denial() != nil
	},
		"requests to origin {origin} get 403", "", ""},
	{"unsigned-origin", atOrigin, func(r route) bool {
		return r.hasAuthType(authIAM) && !r.signs() && !r.viewer("originAccessControlConfig") && !r.edge(cloudfront.OriginRequest, "uthorization")
	},
		"requests to origin {origin} get 403, unless they are signed already", "AuthType of {url} is AWS_IAM, and no origin access control signs",
		"set OriginAccessControlId of the origin, of type lambda with SigningBehavior always"},
	{"open-url", atOrigin, func(r route) bool { return r.hasAuthType(authNone) && (r.signs() || r.denial() == nil) },
		"Lambda doesn't check who asks at origin {origin}: others get around CloudFront", "AuthType of {url} is NONE: neither signatures nor hashes count",
		"set AuthType to AWS_IAM, with an origin access control that signs and both permissions"},
	{"host-header", atBehavior, func(r route) bool {
		return r.behavior.Forwards("Host") && (r.url != nil || strings.Contains(r.origin.DomainName, ".lambda-url.")) && !r.setsHost()
	},
		"requests of {behavior} get 403 from its function URL or REST API", "the behavior forwards the viewer's Host, and the origin accepts its own only",
		"don't forward Host: use the origin request policy AllViewerExceptHostHeader"},
	{"origin-timeout", atOrigin, func(r route) bool { return r.invokes() && !r.streams() && r.url.function.config.Timeout > r.limit() },
		"requests that take longer than {limit} get 504", "Timeout of {function} is {timeout}, and its function URL sends nothing before the end: InvokeMode is BUFFERED",
		"raise OriginReadTimeout, to 120 at most unless the quota was raised, shorten Timeout, or stream with heartbeats"},
	{"quota", atOrigin, func(r route) bool { return r.limit() > 120*time.Second },
		"can't be deployed, unless the account's quota was raised", "OriginReadTimeout is {limit}, and CloudFront's quota for the response timeout is 120 s",
		"lower it to 120, or ask AWS for up to 180"},
	{"unhashed-body", atBehavior, func(r route) bool { return r.unhashed() && len(r.behavior.Edge) == 0 }, rejectsBodies,
		"no edge function can hash them for origin access control", "attach an origin-request function with IncludeBody that sets x-amz-content-sha256"},
	{"unhashed-body", atBehavior, func(r route) bool { return r.unhashed() && len(r.behavior.Edge) > 0 && !r.seesBodies() }, rejectsBodies,
		"{hasher} doesn't see them: its association has no IncludeBody", "set IncludeBody where the function is attached"},
	{"unhashed-body", atBehavior, func(r route) bool { return r.unhashed() && r.seesBodies() }, rejectsBodies,
		"{hasher} doesn't set x-amz-content-sha256", "let it set the header to the SHA-256 of the body, in hexadecimal"},
	{"delete-body", atBehavior, func(r route) bool { return r.takes(http.MethodDelete) && r.seesBodies() && r.hidesDelete() },
		"{behavior} may respond with 403 to a DELETE that has a body", "Lambda@Edge reportedly doesn't show the body of a DELETE, and {hasher} hashes what it sees",
		"let the function refuse a content-length over 0 without data, or take DELETE out of AllowedMethods"},
	{"methods", atBehavior, func(r route) bool { return r.seesBodies() && !r.takes(bodies...) },
		"{behavior} responds with 403 to POST, from CloudFront itself", "{hasher} gets bodies, and no method in AllowedMethods has one",
		"set AllowedMethods to all seven, or detach the function"},
	{"cache-key", atBehavior, func(r route) bool { return r.url != nil && len(r.unkeyed()) > 0 },
		"{behavior} may send one viewer's response to another", "the cache policy {cache policy} caches without {unkeyed}, which the origin request policy forwards",
		"use CachingDisabled, or a cache policy with all that the function responds to, and none beside it"},
	{"authorization", atBehavior, func(r route) bool {
		return r.url != nil && r.signs() && r.behavior.Keys("Authorization") && !r.viewer("authorization")
	},
		"{behavior} doesn't pass the viewer's Authorization, though {cache policy} names it", "the signature of origin access control replaces it",
		"copy it to another header at viewer-request, and name that in the cache policy"},
	// Seen: Lambda removes Content-Encoding from streams, and 502s followed (opennextjs-aws#1127).
	{"accept-encoding", atBehavior, func(r route) bool {
		return r.streams() && r.behavior.Forwards("Accept-Encoding") && !r.viewer("accept-encoding")
	},
		"{behavior} may respond with 502 now and then, if the app compresses what it streams", "the viewer's Accept-Encoding reaches the function, and Lambda removes Content-Encoding from streams",
		"let a CloudFront Function at viewer-request delete accept-encoding, or don't compress in the app"},
}

// functionURLRules are about a function URL, whatever is in front of it.
var functionURLRules = []routeRule{
	{"permission", "AuthType", func(r route) bool { return r.hasAuthType(authNone) && r.denial() != nil }, "every request gets 403", "", ""},
	{"invoke-mode", "InvokeMode", func(r route) bool {
		// A wrapper such as AWS's adapter may respond in the runtime's place.
		return r.streams() && strings.HasPrefix(r.url.function.config.Runtime, "python") && !r.url.function.config.Adapter && r.url.function.config.Environment["AWS_LAMBDA_EXEC_WRAPPER"] == ""
	},
		"viewers get the handler's result as it is, as JSON", "InvokeMode is RESPONSE_STREAM, and Lambda's Python runtimes can't stream",
		"set InvokeMode to BUFFERED, or stream with Node.js or a provided runtime"},
	{"invoke-mode", "InvokeMode", func(r route) bool { return r.invokes() && !r.streams() && r.adapterStreams() },
		"every request gets 502", "AWS_LWA_INVOKE_MODE is response_stream, and InvokeMode is BUFFERED", "set InvokeMode to RESPONSE_STREAM, or remove the variable"},
	{"invoke-mode", "InvokeMode", func(r route) bool { return r.streams() && r.url.function.config.Adapter && !r.adapterStreams() },
		"viewers get the response as JSON, with its status and headers in it", "InvokeMode is RESPONSE_STREAM, and AWS_LWA_INVOKE_MODE isn't response_stream",
		"set the variable to response_stream, or InvokeMode to BUFFERED"},
	{"vpc-stream", "InvokeMode", func(r route) bool { return r.streams() && bool(r.url.function.properties.VpcConfig) },
		"responses aren't streamed", "InvokeMode is RESPONSE_STREAM, {function} is in a VPC, and function URLs don't stream from there",
		"take the function out of the VPC, set InvokeMode to BUFFERED, or use a REST API with ResponseTransferMode STREAM"},
}

const (
	authNone, authIAM = functionurl.AuthTypeNone, functionurl.AuthTypeIAM
	rejectsBodies     = "{behavior} responds with 403 to requests with a body, unless the viewer sends the right x-amz-content-sha256"
)

// setsHost reports whether an edge function may set the origin's Host.
func (r route) setsHost() bool {
	return r.viewer("hostHeader") || r.edge(cloudfront.OriginRequest, "headers.host", "headers['host']", `headers["host"]`)
}

// hidesDelete reports whether bodies are hashed by a function that doesn't expect that it
// can't see one.
//
// Seen: Lambda@Edge doesn't show the body of a DELETE (sst#6430, sst#6427).
func (r route) hidesDelete() bool {
	return r.signsBodies() && !r.unhashed() && !r.edge(cloudfront.OriginRequest, "DELETE", "content-length", "Content-Length")
}

// signsBodies reports whether bodies reach a function URL that checks their hashes, and
// no CloudFront Function requires these of viewers.
func (r route) signsBodies() bool {
	return r.hasAuthType(authIAM) && r.signs() && r.takes(bodies...) && (r.behavior.ViewerRequest == nil || !r.behavior.ViewerRequest.Reads("x-amz-content-sha256"))
}

// unhashed reports whether no edge function hashes the bodies that are signed.
func (r route) unhashed() bool {
	for event, association := range r.behavior.Edge {
		if association.IncludeBody && r.edge(event, "x-amz-content-sha256") {
			return false
		}
	}
	return r.signsBodies()
}

// seesBodies reports whether an edge function gets bodies.
func (r route) seesBodies() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(r.behavior.Edge)), func(a cloudfront.EdgeAssociation) bool { return a.IncludeBody })
}

// adapterStreams reports whether AWS's adapter is told to stream.
//
// See: https://github.com/awslabs/aws-lambda-web-adapter#configurations
func (r route) adapterStreams() bool {
	return strings.EqualFold(r.url.function.config.Environment["AWS_LWA_INVOKE_MODE"], "response_stream")
}
