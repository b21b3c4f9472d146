package infra

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// An Endpoint defines a response-streaming function URL behind CloudFront. Every
// method and body works, and the function is reachable only through CloudFront. With
// an Origin, that takes the place of the URL, and says who reaches it.
type Endpoint struct {
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

	// OriginalHost is the CloudFront Function at viewer-request.
	OriginalHost awscloudfront.Function

	// BodyHasher is the Lambda@Edge function at origin-request. It is nil while
	// no behavior accepts request bodies.
	BodyHasher *BodyHasher

	// StaticFiles are the files of the props' directory. It is nil without one.
	StaticFiles *StaticFiles

	// Distribution receives the viewers' requests.
	Distribution awscloudfront.Distribution

	// ResponseHeadersPolicy is the headers that CloudFront adds to responses. It
	// is nil if it adds none.
	ResponseHeadersPolicy awscloudfront.IResponseHeadersPolicy

	// Domain is the certificate and the DNS records of DomainNames. It is nil
	// without HostedZone.
	Domain *Domain

	// AccessLogs are the logs of the distribution. They are nil unless the props
	// had AccessLogs.
	AccessLogs *AccessLogs

	props      *EndpointProps
	viewer     *viewerFunctions
	functions  []endpointFunction
	cors       *awscloudfront.ResponseHeadersCorsBehavior
	domainName *string
	patterns   []string

	// imported is the distribution of another app.
	imported awscloudfront.IDistribution

	// monitored is whether a Monitoring watches the endpoint as it is.
	monitored bool
}

// NewEndpoint defines an Endpoint. It panics with an *Error unless the props have one of
// Handler, Function and Origin, if they configure a function that the endpoint doesn't
// define, or if they contradict each other.
func NewEndpoint(scope constructs.Construct, id *string, props *EndpointProps) *Endpoint {
	defer construct.Within(scope, id, props)()
	props = construct.CopyOf(props)
	props.validate(scope, id)
	props.Authorization = props.Authorization.at(props.host(), "")

	e := &Endpoint{BodyHasher: props.BodyHasher, cors: props.Cors, props: props}
	constructs.NewConstruct_Override(e, scope, id)
	common := props.behavior()
	backend := newBackend(e, common)
	origin := backend.newOrigin(e, common, props.Cors)
	e.Function, e.LogGroup = backend.function, backend.logGroup
	e.watch(e, e.Function)
	e.FunctionUrl, e.OriginAccessControl = origin.FunctionUrl, origin.OriginAccessControl
	e.viewer = &viewerFunctions{scope: e, props: props.originalHost()}
	e.OriginalHost = NewOriginalHost(e, jsii.String("OriginalHost"), &e.viewer.props).Function
	settings := *props
	if props.HostedZone != nil {
		e.Domain = NewDomain(e, jsii.String("Domain"), &DomainProps{
			DomainNames: props.DomainNames,
			HostedZone:  props.HostedZone,
			Certificate: props.Certificate,
		})
		settings.Certificate = e.Domain.Certificate
	}
	if props.WebAcl != nil {
		settings.WebAclId = NewWebAcl(e, jsii.String("WebAcl"), props.WebAcl).WebAclId
	}
	e.ResponseHeadersPolicy = props.defineResponseHeaders(e, props.Authorization)
	streaming := e.streaming(e, origin, common, props.Cors)
	e.defineDistribution(&settings, e.defaultBehavior(props, streaming))
	e.serveMetadata(props.Authorization, streaming)
	e.addPathPatterns(props, streaming)
	invalidatePages(e, e.Distribution, backend, props.InvalidationPaths)
	if e.Domain != nil {
		e.Domain.AddRecords(e.Distribution)
	}
	if props.AccessLogs != nil {
		e.AccessLogs = NewAccessLogs(e, jsii.String("AccessLogs"), &AccessLogsProps{
			AccessLogsOptions: *props.AccessLogs,
			Distribution:      e.Distribution,
		})
	}
	return e
}

// AddBehavior defines a further streaming function behind the same distribution,
// for the paths that match props.PathPattern. It panics with an *Error unless the
// props have either Handler or Function, or if the pattern is taken.
func (e *Endpoint) AddBehavior(id *string, props *BehaviorProps) *Behavior {
	defer construct.Within(e, id, props)()
	props.validate(e, id)
	e.claim(id, props.PathPattern)
	if e.monitored {
		construct.Fail(e, id, "got a behavior after the endpoint's Monitoring, which wouldn't watch it: define the Monitoring after all behaviors")
	}
	props = construct.CopyOf(props)
	props.Authorization = props.Authorization.at(e.props.host(), *props.PathPattern)
	cmp.Or(props.Authorization, e.props.Authorization).check(e, id, props.PageCache)

	cors := e.cors
	if props.ResponseHeadersPolicy != nil {
		cors = nil
	}
	b := new(Behavior)
	constructs.NewConstruct_Override(b, e, id)
	backend := newBackend(b, props)
	origin := backend.newOrigin(b, props, cors)
	b.Function, b.LogGroup = backend.function, backend.logGroup
	e.watch(b, b.Function)
	b.FunctionUrl, b.OriginAccessControl = origin.FunctionUrl, origin.OriginAccessControl
	streaming := e.streaming(b, origin, props, cors)
	e.serveMetadata(props.Authorization, streaming)
	AddStreamingBehavior(e.Distribution, props.PathPattern, streaming)
	invalidatePages(b, e.Distribution, backend, props.InvalidationPaths)
	return b
}

// streaming returns the props of a behavior of the endpoint, whose BodyHashing and
// ResponseHeadersPolicy are the defaults. A cache policy is defined in scope.
func (e *Endpoint) streaming(scope constructs.Construct, origin *StreamingOrigin, props *BehaviorProps, cors *awscloudfront.ResponseHeadersCorsBehavior) *StreamingBehaviorProps {
	hashing, headers := e.viewer.hashing(props.hashing()), e.ResponseHeadersPolicy
	methods := allowedMethods(props.AllowedMethods, props.PageCache != nil)
	function := e.viewer.function(e.OriginalHost, hashing, methods)
	if own := props.Authorization; own != nil && scope != e {
		function, headers = e.viewer.authorizing(scope, own, hashing), e.props.defineResponseHeaders(scope, own)
	}
	if e.BodyHasher == nil && acceptsBodies(methods) && hashing == BodyHashing_EDGE {
		e.BodyHasher = EdgeStackOf(e).BodyHasher
	}
	return &StreamingBehaviorProps{
		Origin:         origin.Origin,
		OriginalHost:   function,
		BodyHasher:     e.BodyHasher,
		BodyHashing:    hashing,
		AllowedMethods: methods,
		CachePolicy:    props.cachePolicy(scope, cors),

		ResponseHeadersPolicy: cmp.Or(props.ResponseHeadersPolicy, headers),
		TrustedKeyGroups:      props.TrustedKeyGroups,
	}
}

// watch lets Monitoring watch the function of the endpoint or a behavior, if there is one.
func (e *Endpoint) watch(served constructs.Construct, function awslambda.IFunction) {
	if function != nil {
		e.functions = append(e.functions, endpointFunction{served, function})
	}
}

// claim takes a path pattern for a behavior. CloudFront allows each once.
func (e *Endpoint) claim(id, pattern *string) {
	if slices.Contains(e.patterns, *pattern) {
		construct.Fail(e, id, "got PathPattern %s, which another behavior has: use another pattern", *pattern)
	}
	e.patterns = append(e.patterns, *pattern)
}

// Url returns the address for viewers: https, and the first of DomainNames that
// isn't a wildcard, or the distribution's cloudfront.net name.
func (e *Endpoint) Url() *string {
	return jsii.String("https://" + *e.domainName + "/")
}

func (e *Endpoint) defineDistribution(props *EndpointProps, behavior *awscloudfront.BehaviorOptions) {
	distribution := props.distributionProps()
	distribution.DefaultBehavior = behavior
	distribution.Comment = cmp.Or(distribution.Comment, e.Node().Path())
	e.Distribution = awscloudfront.NewDistribution(e, jsii.String("Distribution"), distribution)
	if props.Certificate == nil {
		construct.Suppress(e.Distribution, "AwsSolutions-CFR4", "The protocol version can't be chosen for CloudFront's own certificate; with DomainNames and Certificate it is TLS 1.2.")
	}
	e.domainName = cmp.Or(props.host(), e.Distribution.DomainName())
}

// host returns the first of DomainNames that isn't a wildcard, or nil.
func (p *EndpointProps) host() *string {
	if p.DomainNames != nil {
		isHost := func(name *string) bool { return !strings.HasPrefix(*name, "*") }
		if i := slices.IndexFunc(*p.DomainNames, isHost); i >= 0 {
			return (*p.DomainNames)[i]
		}
	}
	return nil
}
