package infra

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// StreamingBehaviorProps are the properties of StreamingBehavior and
// AddStreamingBehavior.
type StreamingBehaviorProps struct {
	// Origin is the Origin of a StreamingOrigin, or one that checks no hashes of
	// bodies, with BodyHashing_NONE.
	Origin awscloudfront.IOrigin

	// OriginalHost is the Function of an OriginalHost.
	OriginalHost awscloudfront.IFunction

	// BodyHasher hashes request bodies. It is required if AllowedMethods have
	// them, unless viewers hash them, and otherwise not used.
	BodyHasher *BodyHasher

	// BodyHashing is where request bodies are hashed. BodyHashing_VIEWER needs an
	// OriginalHost with the same.
	//
	// Default: BodyHashing_EDGE
	BodyHashing BodyHashing

	// AllowedMethods are the HTTP methods that reach the origin.
	//
	// Default: awscloudfront.AllowedMethods_ALLOW_ALL(), or with a CachePolicy
	// AllowedMethods_ALLOW_GET_HEAD_OPTIONS()
	AllowedMethods awscloudfront.AllowedMethods

	// CachePolicy is that of a PageCache. Only what is in its key is forwarded.
	//
	// Default: nothing is cached, and everything but Host is forwarded
	CachePolicy awscloudfront.ICachePolicy

	// ResponseHeadersPolicy is the headers that CloudFront adds to responses,
	// such as awscloudfront.ResponseHeadersPolicy_SECURITY_HEADERS().
	//
	// Default: no headers are added
	ResponseHeadersPolicy awscloudfront.IResponseHeadersPolicy

	// TrustedKeyGroups are the key groups that sign URLs and cookies.
	//
	// Default: no signature is needed
	TrustedKeyGroups *[]awscloudfront.IKeyGroup
}

// StreamingBehavior returns the options of a behavior in which every method
// reaches the origin, nothing is cached unless there is a CachePolicy, nothing is
// compressed, and viewers are redirected to HTTPS. Use it for the DefaultBehavior and AdditionalBehaviors of
// a distribution in the stack of scope. It panics with an *Error if a property
// is missing.
//
// If you replace the policies, the cache key needs all that they forward, or one
// viewer's response would reach others, and Host must not be forwarded:
// synthesis fails otherwise.
func StreamingBehavior(scope constructs.Construct, props *StreamingBehaviorProps) *awscloudfront.BehaviorOptions {
	defer construct.About(scope, "StreamingBehavior", "scope", props)()
	options := streamingBehavior(scope, props)
	behavior := &awscloudfront.BehaviorOptions{Origin: props.Origin}
	construct.CopyFields(behavior, options)
	return behavior
}

// AddStreamingBehavior defines a behavior with the options of StreamingBehavior
// in an existing distribution, for the paths that match a pattern such as
// "/api/*". It panics with an *Error if a property is missing.
func AddStreamingBehavior(distribution awscloudfront.Distribution, pathPattern *string, props *StreamingBehaviorProps) {
	defer construct.About(distribution, "AddStreamingBehavior", "distribution", props)()
	if construct.Text(pathPattern) == "" {
		construct.Fail(distribution, nil, `AddStreamingBehavior got no path pattern: pass one, such as "/api/*"`)
	}
	options := streamingBehavior(distribution, props)
	distribution.AddBehavior(pathPattern, props.Origin, options)
}

func streamingBehavior(scope constructs.Construct, props *StreamingBehaviorProps) *awscloudfront.AddBehaviorOptions {
	if props == nil || props.Origin == nil || props.OriginalHost == nil {
		construct.Fail(scope, nil, "a streaming behavior needs Origin, OriginalHost and BodyHasher: set them, or use Endpoint")
	}
	props.BodyHashing.check(scope, nil)
	caches := props.CachePolicy != nil
	checkCachedMethods(scope, nil, caches, props.AllowedMethods)
	synthesis.ChecksOf(scope).Copies(props.OriginalHost)
	methods := allowedMethods(props.AllowedMethods, caches)
	options := &awscloudfront.AddBehaviorOptions{
		AllowedMethods:       methods,
		CachePolicy:          awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy:  awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		ViewerProtocolPolicy: awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		Compress:             jsii.Bool(false),
		FunctionAssociations: &[]*awscloudfront.FunctionAssociation{{
			EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
			Function:  props.OriginalHost,
		}},
		ResponseHeadersPolicy: props.ResponseHeadersPolicy,
		TrustedKeyGroups:      keyGroups(props.TrustedKeyGroups),
	}
	if caches {
		options.CachePolicy, options.OriginRequestPolicy = props.CachePolicy, nil
	}
	if !acceptsBodies(methods) || props.BodyHashing == BodyHashing_VIEWER || props.BodyHashing == BodyHashing_NONE {
		return options
	}
	if props.BodyHasher == nil {
		construct.Fail(scope, nil, "a streaming behavior that accepts request bodies needs a BodyHasher: set one, BodyHashing_VIEWER, or AllowedMethods without POST")
	}
	options.EdgeLambdas = &[]*awscloudfront.EdgeLambda{{
		EventType:       awscloudfront.LambdaEdgeEventType_ORIGIN_REQUEST,
		FunctionVersion: props.BodyHasher.VersionIn(scope),
		IncludeBody:     jsii.Bool(true),
	}}
	return options
}

// acceptsBodies reports whether methods, or all if they are nil, include those
// of requests with bodies. CloudFront allows POST, PUT, PATCH and DELETE
// together or not at all.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html
func acceptsBodies(methods awscloudfront.AllowedMethods) bool {
	return methods == nil || slices.ContainsFunc(*methods.Methods(), func(method *string) bool { return *method == "POST" })
}

// BodyHashing is where the SHA-256 of request bodies is computed, which
// CloudFront signs and Lambda requires.
type BodyHashing string

const (
	// BodyHashing_EDGE computes the hash in a BodyHasher, so viewers send any
	// request.
	BodyHashing_EDGE BodyHashing = "EDGE"

	// BodyHashing_VIEWER requires viewers to send the hash of a body, as 64
	// hexadecimal digits in x-amz-content-sha256. A request without it gets a 411
	// that says so, from the function at viewer-request. There is no
	// Lambda@Edge function and no edge stack.
	BodyHashing_VIEWER BodyHashing = "VIEWER"

	// BodyHashing_NONE computes none, for an origin that checks no hashes, such as
	// a REST API. A function URL would reject the bodies.
	BodyHashing_NONE BodyHashing = "NONE"
)

// hashing returns where the bodies of a behavior are hashed, or "" for the endpoint's
// default. Only a function URL checks hashes.
func (p *BehaviorProps) hashing() BodyHashing {
	if _, checks := p.Origin.(*permittedOrigin); p.BodyHashing == "" && p.Origin != nil && !checks {
		return BodyHashing_NONE
	}
	return p.BodyHashing
}

// check panics with an *Error about the construct id in scope unless h is one of
// the constants or empty.
func (h BodyHashing) check(scope constructs.Construct, id *string) {
	if !slices.Contains([]BodyHashing{"", BodyHashing_EDGE, BodyHashing_VIEWER, BodyHashing_NONE}, h) {
		construct.Fail(scope, id, "got BodyHashing %q: use infra.BodyHashing_EDGE, infra.BodyHashing_VIEWER or infra.BodyHashing_NONE", string(h))
	}
}

// checkKeyGroups panics with an *Error about the construct id in scope if a behavior
// has an empty list, with which CloudFront would serve requests without a signature.
func checkKeyGroups(scope constructs.Construct, id *string, groups *[]awscloudfront.IKeyGroup) {
	if groups != nil && len(*groups) == 0 {
		construct.Fail(scope, id, "got TrustedKeyGroups without a key group: set one, or leave the property out")
	}
}

// keyGroups returns key groups, which may be nil, as CDK's behaviors take them.
func keyGroups(groups *[]awscloudfront.IKeyGroup) *[]interfacesawscloudfront.IKeyGroupRef {
	if groups == nil {
		return nil
	}
	var references []interfacesawscloudfront.IKeyGroupRef
	for _, group := range *groups {
		references = append(references, group)
	}
	return &references
}
