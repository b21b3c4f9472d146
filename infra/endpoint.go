package infra

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// EndpointProps are the properties of an Endpoint. Exactly one of Handler and
// Function is required.
type EndpointProps struct {
	// Handler is the program that serves the requests. The endpoint defines
	// the function that runs it.
	//
	// Default: none; Function serves the requests
	Handler Handler

	// Function is an existing function that serves the requests. It must not
	// have a function URL yet, and must support Lambda's response streaming.
	//
	// Default: the endpoint defines one for Handler
	Function awslambda.IFunction

	// FunctionOptions configures the function that runs Handler, as in
	// HandlerFunctionProps.
	//
	// Default: the defaults of HandlerFunctionProps
	FunctionOptions *awslambda.FunctionOptions

	// ReadTimeout is how long CloudFront waits for the first byte, and then
	// for each further packet; 1 to 120 seconds.
	//
	// Default: 60 seconds
	ReadTimeout awscdk.Duration

	// BodyHasher is the Lambda@Edge function that hashes request bodies.
	//
	// Default: the BodyHasher of EdgeStackOf(scope)
	BodyHasher *BodyHasher

	// PriceClass determines which of CloudFront's edge locations serve the
	// distribution.
	//
	// Default: awscloudfront.PriceClass_PRICE_CLASS_ALL, so that viewers are
	// served nearby wherever they are
	PriceClass awscloudfront.PriceClass

	// DomainNames are alternate domain names of the distribution. They require
	// Certificate.
	//
	// Default: only the distribution's cloudfront.net name
	DomainNames *[]*string

	// Certificate is the certificate for DomainNames, from ACM in us-east-1.
	//
	// Default: CloudFront's own certificate
	Certificate awscertificatemanager.ICertificate

	// WebAclId is the ARN of an AWS WAF web ACL for the distribution.
	//
	// Default: no web ACL
	WebAclId *string

	// Comment describes the distribution.
	//
	// Default: the construct's path
	Comment *string
}

// An Endpoint defines a response-streaming function URL behind CloudFront. Every
// method and body works, and the function is reachable only through CloudFront.
type Endpoint struct {
	constructs.Construct

	// Function serves the requests.
	Function awslambda.IFunction

	// LogGroup receives the logs of the function that runs Handler. It is nil
	// if the props had a Function.
	LogGroup awslogs.ILogGroup

	// FunctionUrl is the function's URL, which accepts only signed requests.
	FunctionUrl awslambda.FunctionUrl

	// OriginAccessControl makes CloudFront sign its requests to FunctionUrl.
	OriginAccessControl awscloudfront.FunctionUrlOriginAccessControl

	// OriginalHost is the CloudFront Function at viewer-request.
	OriginalHost awscloudfront.Function

	// BodyHasher is the Lambda@Edge function at origin-request.
	BodyHasher *BodyHasher

	// Distribution receives the viewers' requests.
	Distribution awscloudfront.Distribution

	domainName *string
}

// NewEndpoint defines an Endpoint. It panics with an *Error unless the props
// have either Handler or Function, if they configure a function that the
// endpoint doesn't define, or if a value isn't allowed by AWS.
func NewEndpoint(scope constructs.Construct, id *string, props *EndpointProps) *Endpoint {
	defer within(scope, id)
	if props == nil {
		props = new(EndpointProps)
	}
	props.validate(scope, id)

	e := new(Endpoint)
	constructs.NewConstruct_Override(e, scope, id)
	e.defineFunction(props)
	origin := NewStreamingOrigin(e, jsii.String("Origin"), &StreamingOriginProps{
		Function:    e.Function,
		ReadTimeout: props.ReadTimeout,
	})
	e.FunctionUrl, e.OriginAccessControl = origin.FunctionUrl, origin.OriginAccessControl
	e.OriginalHost = NewOriginalHost(e, jsii.String("OriginalHost"), nil).Function
	e.BodyHasher = props.BodyHasher
	if e.BodyHasher == nil {
		e.BodyHasher = EdgeStackOf(e).BodyHasher
	}
	e.defineDistribution(props, StreamingBehavior(e, &StreamingBehaviorProps{
		Origin:       origin.Origin,
		OriginalHost: e.OriginalHost,
		BodyHasher:   e.BodyHasher,
	}))
	return e
}

// Url returns the address for viewers: https, and the first of DomainNames that
// isn't a wildcard, or the distribution's cloudfront.net name.
func (e *Endpoint) Url() *string {
	return jsii.String("https://" + *e.domainName + "/")
}

// ToString returns the construct's path.
func (e *Endpoint) ToString() *string {
	return e.Node().Path()
}

func (e *Endpoint) defineFunction(props *EndpointProps) {
	if props.Function != nil {
		e.Function = props.Function
		return
	}
	handler := NewHandlerFunction(e, jsii.String("Handler"), &HandlerFunctionProps{
		Handler:         props.Handler,
		FunctionOptions: props.FunctionOptions,
	})
	e.Function, e.LogGroup = handler.Function, handler.LogGroup
}

func (e *Endpoint) defineDistribution(props *EndpointProps, behavior *awscloudfront.BehaviorOptions) {
	priceClass := props.PriceClass
	if priceClass == "" {
		priceClass = awscloudfront.PriceClass_PRICE_CLASS_ALL
	}
	comment := props.Comment
	if comment == nil {
		comment = e.Node().Path()
	}
	distribution := &awscloudfront.DistributionProps{
		Comment:         comment,
		DefaultBehavior: behavior,
		DomainNames:     props.DomainNames,
		Certificate:     props.Certificate,
		HttpVersion:     awscloudfront.HttpVersion_HTTP2_AND_3,
		EnableIpv6:      jsii.Bool(true),
		PriceClass:      priceClass,
		WebAclId:        props.WebAclId,
	}
	if props.Certificate != nil {
		// With CloudFront's own certificate the setting has no effect.
		distribution.MinimumProtocolVersion = awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2021
	}
	e.Distribution = awscloudfront.NewDistribution(e, jsii.String("Distribution"), distribution)
	if props.Certificate == nil {
		suppress(e.Distribution, suppression{
			rule:   "AwsSolutions-CFR4",
			reason: "The protocol version can't be chosen for CloudFront's own certificate; with DomainNames and Certificate it is TLS 1.2.",
		})
	}
	e.domainName = e.Distribution.DomainName()
	if props.DomainNames != nil {
		isHost := func(name *string) bool { return !strings.HasPrefix(*name, "*") }
		if i := slices.IndexFunc(*props.DomainNames, isHost); i >= 0 {
			e.domainName = (*props.DomainNames)[i]
		}
	}
}
