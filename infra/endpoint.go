package infra

import (
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
	// Handler is the program that answers the requests. The endpoint defines
	// the function that runs it.
	//
	// Default: none, Function answers
	Handler Handler

	// Function is an existing function that answers the requests. It must have
	// no function URL yet, and it must speak Lambda's response streaming.
	//
	// Default: none, the endpoint defines one for Handler
	Function awslambda.IFunction

	// Architecture is the instruction set of the function that runs Handler.
	//
	// Default: awslambda.Architecture_ARM_64()
	Architecture awslambda.Architecture

	// MemorySize is the memory of the function that runs Handler, in MB.
	//
	// Default: 256
	MemorySize *float64

	// Timeout is how long the function that runs Handler may take for one
	// request, the whole stream included; 15 minutes at most.
	//
	// Default: 5 minutes
	Timeout awscdk.Duration

	// Environment holds the environment variables of the function that runs
	// Handler.
	//
	// Default: none
	Environment *map[string]*string

	// ReservedConcurrentExecutions is how many requests the function that runs
	// Handler serves at the same time at most.
	//
	// Default: no limit but the account's
	ReservedConcurrentExecutions *float64

	// LogRetention is how long the logs of the function that runs Handler are
	// kept.
	//
	// Default: awslogs.RetentionDays_ONE_MONTH
	LogRetention awslogs.RetentionDays

	// ReadTimeout is how long CloudFront waits for the first byte, and again
	// between two packets; 1 to 120 seconds.
	//
	// Default: 60 seconds
	ReadTimeout awscdk.Duration

	// BodyHasher is the Lambda@Edge function that hashes request bodies.
	//
	// Default: the BodyHasher of EdgeStackOf(scope)
	BodyHasher *BodyHasher

	// PriceClass says in which parts of the world CloudFront serves.
	//
	// Default: awscloudfront.PriceClass_PRICE_CLASS_100
	PriceClass awscloudfront.PriceClass

	// DomainNames are further names of the distribution. They need Certificate.
	//
	// Default: none, the distribution has its cloudfront.net name only
	DomainNames *[]*string

	// Certificate is for DomainNames, from ACM in us-east-1.
	//
	// Default: CloudFront's own certificate
	Certificate awscertificatemanager.ICertificate

	// WebAclId is the ARN of an AWS WAF web ACL for the distribution.
	//
	// Default: none
	WebAclId *string

	// Comment describes the distribution.
	//
	// Default: the construct's path
	Comment *string
}

// An Endpoint defines a response-streaming function URL behind CloudFront, such
// that every method and every body passes, and nobody gets round the front.
type Endpoint struct {
	constructs.Construct

	// Function answers the requests.
	Function awslambda.IFunction

	// LogGroup receives the logs of the function that runs Handler. It is nil
	// if the props named a Function.
	LogGroup awslogs.ILogGroup

	// FunctionUrl is the function's URL, which takes signed requests only.
	FunctionUrl awslambda.FunctionUrl

	// OriginAccessControl has CloudFront sign its requests to FunctionUrl.
	OriginAccessControl awscloudfront.FunctionUrlOriginAccessControl

	// OriginalHost is the CloudFront Function at viewer-request.
	OriginalHost awscloudfront.Function

	// BodyHasher is the Lambda@Edge function at origin-request.
	BodyHasher *BodyHasher

	// Distribution is what viewers talk to.
	Distribution awscloudfront.Distribution
}

// NewEndpoint defines an Endpoint. It panics with an *Error if the props have
// no Handler and no Function or both, if they have properties for a function
// that the endpoint does not define, or a value that AWS does not allow.
func NewEndpoint(scope constructs.Construct, id *string, props *EndpointProps) *Endpoint {
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

// Url returns the address that viewers use: https, and the first of the
// distribution's domain names.
func (e *Endpoint) Url() *string {
	return jsii.String("https://" + *e.Distribution.DomainName() + "/")
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
		Handler:                      props.Handler,
		Architecture:                 props.Architecture,
		MemorySize:                   props.MemorySize,
		Timeout:                      props.Timeout,
		Environment:                  props.Environment,
		ReservedConcurrentExecutions: props.ReservedConcurrentExecutions,
		LogRetention:                 props.LogRetention,
	})
	e.Function, e.LogGroup = handler.Function, handler.LogGroup
}

func (e *Endpoint) defineDistribution(props *EndpointProps, behavior *awscloudfront.BehaviorOptions) {
	priceClass := props.PriceClass
	if priceClass == "" {
		priceClass = awscloudfront.PriceClass_PRICE_CLASS_100
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
}
