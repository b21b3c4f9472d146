package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// BehaviorProps are the properties of Endpoint.AddBehavior. PathPattern and
// exactly one of Handler, Function and Origin are required.
type BehaviorProps struct {
	// PathPattern selects the paths that the behavior serves, such as
	// "/agent/*".
	PathPattern *string

	// Handler is the program that serves the requests.
	//
	// Default: none; Function serves the requests
	Handler Handler

	// Function is an existing function that serves the requests. It must not
	// have a function URL yet, and must support Lambda's response streaming.
	//
	// Default: a new one for Handler
	Function awslambda.IFunction

	// Origin serves the requests in place of a function URL, such as the Origin of
	// a restapi.StreamingRestApi. It responds to preflight requests itself. Handler,
	// Function, their options and ReadTimeout can't be set with it.
	//
	// Default: the URL of the function
	Origin awscloudfront.IOrigin

	// FunctionOptions configures the function that runs Handler, as in
	// HandlerFunctionProps.
	//
	// Default: the defaults of HandlerFunctionProps
	FunctionOptions *awslambda.FunctionOptions

	// Alias gives the function that runs Handler an alias, for provisioned
	// concurrency and canary deployments. The function URL is the alias's.
	//
	// Default: requests reach the function's latest code
	Alias *AliasOptions

	// ReadTimeout is how long CloudFront waits for the first byte, and then
	// for each further packet; 1 to 120 seconds, or up to 180 where the account's
	// quota was raised.
	//
	// Default: 60 seconds
	ReadTimeout awscdk.Duration

	// AllowedMethods are the HTTP methods that reach the handler. body_hasher
	// runs only if POST, PUT, PATCH and DELETE are among them.
	//
	// Default: awscloudfront.AllowedMethods_ALLOW_ALL(), or with a PageCache
	// AllowedMethods_ALLOW_GET_HEAD_OPTIONS()
	AllowedMethods awscloudfront.AllowedMethods

	// PageCache makes CloudFront cache the pages of GET and HEAD, for as long as
	// their Cache-Control says. Only what it names reaches the handler. An empty
	// PageCacheProps is enough.
	//
	// Default: nothing is cached
	PageCache *PageCacheProps

	// InvalidationPaths are paths such as "/*" or "/news/*" that a deployment
	// removes from CloudFront's cache when the function has changed. AWS charges for
	// more than 1,000 paths a month.
	//
	// Default: none; pages stay until their time is over
	InvalidationPaths *[]*string

	// OriginOptions configures how CloudFront reaches the function: custom
	// headers, a path, attempts and times of connections.
	//
	// Default: CloudFront's defaults
	OriginOptions *OriginOptions

	// BodyHashing is where request bodies are hashed. With BodyHashing_VIEWER
	// viewers send their hash, and there is no Lambda@Edge function.
	//
	// Default: the BodyHashing of the endpoint, or BodyHashing_NONE with an Origin
	// other than that of a StreamingOrigin
	BodyHashing BodyHashing

	// ResponseHeadersPolicy is the headers that CloudFront adds to responses, in
	// place of the endpoint's SecurityHeaders and Cors.
	//
	// Default: that of the endpoint, with its Cors
	ResponseHeadersPolicy awscloudfront.IResponseHeadersPolicy

	// Authorization rejects requests to the handler without a usable OAuth access
	// token, before Lambda. The handler has to verify the tokens that pass.
	//
	// Default: that of the endpoint; an empty AuthorizationOptions needs no token
	Authorization *AuthorizationOptions

	// TrustedKeyGroups are the key groups that sign URLs and cookies for the
	// handler. Without a valid signature CloudFront rejects requests with 403.
	// Each behavior has its own.
	//
	// Default: no signature is needed
	TrustedKeyGroups *[]awscloudfront.IKeyGroup
}

// A Behavior is a streaming function behind the distribution of an Endpoint.
// Endpoint.AddBehavior defines it.
type Behavior struct {
	construct.Base

	// Function serves the requests.
	Function awslambda.IFunction

	// LogGroup receives the logs of the function that runs Handler. It is nil
	// if the props had a Function or a LogGroup.
	LogGroup awslogs.LogGroup

	// FunctionUrl is the function's URL, which accepts only signed requests. With
	// an Origin, it is nil, and so are Function and OriginAccessControl.
	FunctionUrl awslambda.FunctionUrl

	// OriginAccessControl makes CloudFront sign its requests to FunctionUrl.
	OriginAccessControl awscloudfront.FunctionUrlOriginAccessControl
}

func (p *BehaviorProps) validate(scope constructs.Construct, id *string) {
	if p == nil || p.PathPattern == nil {
		construct.Fail(scope, id, `a behavior got no PathPattern: set one, such as "/agent/*"`)
	}
	checkPathPattern(scope, id, p.PathPattern)
	p.checkBackend(scope, id)
	p.checkCaching(scope, id)
	p.BodyHashing.check(scope, id)
	checkKeyGroups(scope, id, p.TrustedKeyGroups)
}

// checkPathPattern panics with an *Error about the construct id in scope if a known
// pattern isn't valid.
func checkPathPattern(scope constructs.Construct, id, pattern *string) {
	if construct.IsConcrete(pattern) {
		construct.Check(scope, id, code.CheckPathPattern(*pattern))
	}
}
