package infra

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// AuthorizationOptions are which OAuth access tokens requests need. A request
// without one, or with one that has expired, is for another resource or lacks a
// scope, gets 401 or 403 from original_host, with the challenge of RFC 6750. That
// leads clients to the metadata of RFC 9728, below
// /.well-known/oauth-protected-resource. No signature can be verified there, so
// the handler has to verify each token, with functions/oauth or the library of
// its framework.
type AuthorizationOptions struct {
	// Issuer is the authorization server, exactly as in the iss of its tokens, such
	// as "https://tenant.eu.auth0.com/". It is required, but for a behavior that
	// needs no tokens in an endpoint that does.
	Issuer *string

	// Audiences are values of aud, of which a token has at least one, or of
	// client_id in tokens without aud, as Cognito's are.
	//
	// Default: the resource
	Audiences *[]*string

	// Scopes are the scopes that every request needs.
	//
	// Default: none
	Scopes *[]*string

	// Resource identifies what tokens are for: a URL such as
	// "https://api.example.com/mcp", or its path. MCP clients compare it with the
	// URL of the server.
	//
	// Default: "https://" and the first of DomainNames that isn't a wildcard, or
	// else the viewer's Host. A behavior adds its PathPattern up to a wildcard
	Resource *string
}

// resourceUrl matches a resource and its origin and path, of which one may be empty.
var resourceUrl = regexp.MustCompile(`^(https://[^/?#]+|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?)?((?:/[^/?#*"]+)*)/?$`)

// isEmpty reports whether no tokens are needed.
func (o *AuthorizationOptions) isEmpty() bool {
	return o == nil || *o == AuthorizationOptions{}
}

// check panics with an *Error about the construct id in scope if clients couldn't
// follow the challenge, or if a cached page would be for everyone.
func (o *AuthorizationOptions) check(scope constructs.Construct, id *string, cache *PageCacheProps) {
	switch {
	case o.isEmpty():
		return
	case construct.IsConcrete(o.Issuer) && (!strings.Contains(construct.Text(o.Issuer), "://") || !resourceUrl.MatchString(*o.Issuer)):
		construct.Fail(scope, id, `got the Issuer %q in Authorization: set the iss of the tokens, an https URL such as "https://tenant.eu.auth0.com/"`, construct.Text(o.Issuer))
	case !construct.IsConcrete(o.Resource):
		construct.Fail(scope, id, "got a Resource in Authorization that is known at deployment only: set its path, the host is that of DomainNames or the viewer's")
	case !resourceUrl.MatchString(construct.Text(o.Resource)):
		construct.Fail(scope, id, `got the Resource %s in Authorization: set an https URL without query, or a path such as "/mcp"`, *o.Resource)
	case cache != nil && !slices.ContainsFunc(texts(cache.Headers), func(name string) bool { return strings.EqualFold(name, "authorization") }):
		construct.Fail(scope, id, "got Authorization and a PageCache without Authorization in its Headers: "+
			"cached pages would be for everyone, and the handler would get no tokens, add the header or remove the cache")
	}
	for _, scopeName := range texts(o.Scopes) {
		if strings.ContainsAny(scopeName, " \"\\") {
			construct.Fail(scope, id, "got the scope %q in Authorization: set one scope an element, without quotes", scopeName)
		}
	}
}

// at returns the options with the whole resource, given the host of the endpoint, or
// nil if that isn't known, and the pattern of a behavior, or "".
func (o *AuthorizationOptions) at(host *string, pattern string) *AuthorizationOptions {
	if o.isEmpty() {
		return o
	}
	prefix, _, _ := strings.Cut(pattern, "*")
	whole := *o
	whole.Resource = cmp.Or(o.Resource, jsii.String("/"+strings.Trim(prefix, "/")))
	parts := resourceUrl.FindStringSubmatch(*whole.Resource)
	if parts != nil && parts[1] == "" && host != nil && construct.IsConcrete(host) {
		whole.Resource = jsii.String("https://" + *host + parts[2])
	}
	return &whole
}

// edge returns what the function at viewer-request requires, or nil.
func (o *AuthorizationOptions) edge() *edge.Authorization {
	if o.isEmpty() {
		return nil
	}
	parts := resourceUrl.FindStringSubmatch(construct.Text(o.Resource))
	return &edge.Authorization{Issuer: *o.Issuer, Audiences: texts(o.Audiences), Scopes: texts(o.Scopes), Origin: parts[1], Path: parts[2]}
}

// challenge returns the header that takes the place of a handler's own challenge, which
// a function URL renames, or nil if the host isn't known yet. It is in every
// response: a function at viewer-response doesn't see an origin's 401.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1, which permits that
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html
//
// Inferred: a policy may add this header. AWS lists only headers that it can't remove.
func (o *AuthorizationOptions) challenge() *awscloudfront.ResponseCustomHeadersBehavior {
	required := o.edge()
	if required == nil || required.Origin == "" {
		return nil
	}
	return &awscloudfront.ResponseCustomHeadersBehavior{CustomHeaders: &[]*awscloudfront.ResponseCustomHeader{{
		Header:   jsii.String("WWW-Authenticate"),
		Value:    jsii.String(`Bearer resource_metadata="` + required.Origin + edge.MetadataPath + required.Path + `"`),
		Override: jsii.Bool(false),
	}}}
}

// serveMetadata defines a behavior of the metadata: uncached and unsigned, wherever
// the other behaviors lead.
func (e *Endpoint) serveMetadata(options *AuthorizationOptions, streaming *StreamingBehaviorProps) {
	required := options.edge()
	if required == nil {
		return
	}
	metadata := *streaming
	metadata.AllowedMethods, metadata.CachePolicy, metadata.TrustedKeyGroups = awscloudfront.AllowedMethods_ALLOW_GET_HEAD_OPTIONS(), nil, nil
	pattern := jsii.String(edge.MetadataPath + required.Path)
	e.claim(nil, pattern)
	AddStreamingBehavior(e.Distribution, pattern, &metadata)
}
