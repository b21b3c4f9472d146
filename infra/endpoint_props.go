package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// EndpointProps are the properties of an Endpoint. Exactly one of Handler, Function
// and Origin is required.
type EndpointProps struct {
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

	// StaticFiles serves a directory beside the handler: the whole site, with the
	// handler at PathPatterns, or only the paths of its own PathPatterns.
	//
	// Default: the handler serves all paths
	StaticFiles *StaticFilesProps

	// PathPatterns select the paths that the handler serves if StaticFiles are
	// the site.
	//
	// Default: "/api/*"
	PathPatterns *[]*string

	// BodyHashing is where request bodies are hashed. With BodyHashing_VIEWER
	// viewers send their hash, and there is no Lambda@Edge function.
	//
	// Default: BodyHashing_EDGE, or BodyHashing_NONE with an Origin other than that
	// of a StreamingOrigin
	BodyHashing BodyHashing

	// BodyHasher is the Lambda@Edge function that hashes request bodies.
	//
	// Default: the BodyHasher of EdgeStackOf(scope)
	BodyHasher *BodyHasher

	// ViewerRequestFile is a JavaScript file that declares the function
	// viewerRequest, for the requests of all behaviors that the endpoint defines,
	// also those of StaticFiles. See OriginalHostProps.
	//
	// Default: none
	ViewerRequestFile *string

	// KeyValueStore holds data and secrets for ViewerRequestFile.
	//
	// Default: none
	KeyValueStore awscloudfront.IKeyValueStore

	// DistributionOptions configures the distribution, in CDK's names: versions of
	// HTTP and TLS, error pages, and more. What the endpoint has properties for is
	// set there.
	//
	// Default: HTTP/2 and HTTP/3, IPv6, and TLS 1.2 with a certificate
	DistributionOptions *awscloudfront.DistributionProps

	// PriceClass determines which of CloudFront's edge locations serve the
	// distribution.
	//
	// Default: awscloudfront.PriceClass_PRICE_CLASS_ALL, so that viewers are
	// served nearby wherever they are
	PriceClass awscloudfront.PriceClass

	// DomainNames are alternate domain names of the distribution, such as
	// "chat.example.com". They require HostedZone or Certificate.
	//
	// Default: only the distribution's cloudfront.net name
	DomainNames *[]*string

	// HostedZone is the public zone that contains DomainNames. It gets their
	// records (A, AAAA and HTTPS) and those that validate the certificate.
	//
	// Default: none; the records of DomainNames are defined elsewhere
	HostedZone awsroute53.IHostedZone

	// RejectDefaultDomain rejects requests for the distribution's cloudfront.net
	// name with a 403. It requires DomainNames.
	//
	// Default: false
	RejectDefaultDomain *bool

	// Certificate is the certificate for DomainNames, from ACM in us-east-1.
	//
	// Default: a new one if there is a HostedZone, or else CloudFront's own
	Certificate awscertificatemanager.ICertificate

	// WebAcl defines an AWS WAF web ACL in us-east-1 for the distribution. An
	// empty WebAclProps is enough.
	//
	// Default: no web ACL, or that of WebAclId
	WebAcl *WebAclProps

	// WebAclId is the ARN of an existing AWS WAF web ACL for the distribution, with
	// the scope CLOUDFRONT.
	//
	// Default: no web ACL, or that of WebAcl
	WebAclId *string

	// AccessLogs log the requests of viewers to CloudWatch Logs in us-east-1. See
	// AccessLogs.
	//
	// Default: no access logs
	AccessLogs *AccessLogsOptions

	// GeoRestriction is the countries whose viewers get responses; CloudFront
	// rejects the others with 403.
	//
	// Default: every country
	GeoRestriction awscloudfront.GeoRestriction

	// SecurityHeaders are headers that CloudFront adds to every response. An
	// empty ResponseSecurityHeadersBehavior adds none.
	//
	// Default: DefaultSecurityHeaders()
	SecurityHeaders *awscloudfront.ResponseSecurityHeadersBehavior

	// Cors permits pages of other origins to call the endpoint. Preflight
	// requests don't reach the handler; AllowedMethods must include OPTIONS.
	//
	// Default: pages of the same origin only
	Cors *awscloudfront.ResponseHeadersCorsBehavior

	// ResponseHeadersPolicy is the headers that CloudFront adds to responses, in
	// place of the endpoint's SecurityHeaders and Cors.
	//
	// Default: the policy that SecurityHeaders and Cors need
	ResponseHeadersPolicy awscloudfront.IResponseHeadersPolicy

	// Authorization rejects requests to the handler without a usable OAuth access
	// token, before Lambda. The handler has to verify the tokens that pass.
	//
	// Default: no token is needed
	Authorization *AuthorizationOptions

	// TrustedKeyGroups are the key groups that sign URLs and cookies for the
	// handler. Without a valid signature CloudFront rejects requests with 403.
	// Each behavior has its own.
	//
	// Default: no signature is needed
	TrustedKeyGroups *[]awscloudfront.IKeyGroup

	// Comment describes the distribution.
	//
	// Default: the construct's path
	Comment *string
}

// behavior returns what the props have in common with those of other behaviors.
func (p *EndpointProps) behavior() *BehaviorProps {
	common := new(BehaviorProps)
	construct.CopyFields(common, p)
	return common
}
