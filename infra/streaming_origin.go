package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// StreamingOriginProps are the properties of a StreamingOrigin.
type StreamingOriginProps struct {
	// Function serves the requests. It must not have a function URL yet, and
	// its handler must support Lambda's response streaming, as package
	// streamhttp does, unless InvokeMode is BUFFERED.
	Function awslambda.IFunction

	// InvokeMode is how the URL invokes the function. With InvokeMode_BUFFERED
	// viewers get a response when it is complete, of up to 6 MB. Give the
	// InvokeMode of a HandlerFunction.
	//
	// Default: awslambda.InvokeMode_RESPONSE_STREAM
	InvokeMode awslambda.InvokeMode

	// ReadTimeout is how long CloudFront waits for the first byte, and then
	// for each further packet: it cuts a stream that is silent for longer.
	// CloudFront allows 1 to 120 seconds, or up to 180 where the account's quota
	// "Response timeout per origin" was raised.
	//
	// Default: 60 seconds
	ReadTimeout awscdk.Duration

	// OriginOptions configures how CloudFront reaches the function: custom
	// headers, a path, attempts and times of connections.
	//
	// Default: CloudFront's defaults
	OriginOptions *OriginOptions

	// Cors makes the function URL respond to preflight requests of browsers and
	// add the headers of CORS to the handler's responses.
	//
	// Default: the handler does
	Cors *awslambda.FunctionUrlCorsOptions
}

// A StreamingOrigin defines the URL of a function as a CloudFront origin. The
// URL streams (RESPONSE_STREAM), unless its function can't, and accepts only signed
// requests (AWS_IAM).
// CloudFront signs them through an origin access control, and each distribution
// that uses Origin gets the two permissions it needs to call the function.
type StreamingOrigin struct {
	construct.Base

	// FunctionUrl is the function's URL.
	FunctionUrl awslambda.FunctionUrl

	// OriginAccessControl makes CloudFront sign its requests to FunctionUrl.
	// Its name is unique over regions and stacks.
	OriginAccessControl awscloudfront.FunctionUrlOriginAccessControl

	// Origin is the origin to give to distributions of the same account. Each
	// is permitted to call the function. For a distribution in another region
	// the permissions get a stack of their own: it has the name of the
	// function's stack and "-Permissions", and must be deployed, too.
	Origin awscloudfront.IOrigin
}

// NewStreamingOrigin defines a StreamingOrigin. It panics with an *Error if
// props has no Function, one of another account or region than scope, or a
// ReadTimeout that CloudFront doesn't allow.
func NewStreamingOrigin(scope constructs.Construct, id *string, props *StreamingOriginProps) *StreamingOrigin {
	defer construct.Within(scope, id, props)()
	if props == nil || props.Function == nil {
		construct.Fail(scope, id, "StreamingOrigin got no Function: set the Lambda function that serves the requests")
	}
	readTimeout := cmp.Or(props.ReadTimeout, awscdk.Duration_Seconds(jsii.Number(60))).ToSeconds(nil)
	props.OriginOptions.check(scope, id)
	invokeMode := cmp.Or(props.InvokeMode, awslambda.InvokeMode_RESPONSE_STREAM)
	if problem := functionProblem(scope, props.Function, invokeMode); problem != "" {
		construct.Fail(scope, id, "%s", problem)
	}

	o := new(StreamingOrigin)
	constructs.NewConstruct_Override(o, scope, id)
	o.FunctionUrl = awslambda.NewFunctionUrl(o, jsii.String("FunctionUrl"), &awslambda.FunctionUrlProps{
		Function:   props.Function,
		AuthType:   awslambda.FunctionUrlAuthType_AWS_IAM,
		InvokeMode: invokeMode,
		Cors:       props.Cors,
	})
	o.OriginAccessControl = awscloudfront.NewFunctionUrlOriginAccessControl(o, jsii.String("OriginAccessControl"), &awscloudfront.FunctionUrlOriginAccessControlProps{
		OriginAccessControlName: construct.GlobalName(o),
		Signing:                 awscloudfront.Signing_SIGV4_ALWAYS(),
	})
	newFunctionUrlOrigin(jsii.String("invalid.example"), nil, readTimeout, props.OriginOptions) // in Bind it must not panic
	o.Origin = &permittedOrigin{parts: o, checks: synthesis.ChecksOf(o), readTimeout: readTimeout, options: props.OriginOptions}
	return o
}

// A permittedOrigin is a function URL as a CloudFront origin, with both
// permissions that CloudFront needs to call it. It does what CDK's own
// FunctionUrlOrigin does, which lacks the second permission and permissions for
// a distribution in another region. It also spares every app the import of
// awscloudfrontorigins, whose dependencies take a quarter of the time that an
// app takes to compile.
type permittedOrigin struct {
	// parts is what the origin consists of: its URL and its access control.
	parts *StreamingOrigin

	checks *synthesis.Checks

	// readTimeout is in seconds.
	readTimeout *float64

	options *OriginOptions
}

// Bind permits the distribution in scope to call the function. CDK calls it in
// the middle of one of its own calls, where a panic would leave the jsii runtime
// waiting, so it reports problems at synthesis.
func (o *permittedOrigin) Bind(scope constructs.Construct, options *awscloudfront.OriginBindOptions) *awscloudfront.OriginBindConfig {
	function, distribution := construct.EnvironmentOf(o.parts), construct.EnvironmentOf(scope)
	if problem := function.DistributionProblem(distribution); problem != "" {
		synthesis.Report(scope, problem)
		// CDK resolves references before it validates, and would reject this
		// origin's with a reason of its own.
		return newFunctionUrlOrigin(jsii.String("invalid.example"), nil, o.readTimeout, o.options).Bind(scope, options)
	}
	permissions := scope
	if function != distribution {
		permissions = o.beside(scope)
	}
	o.permit(permissions, options)
	o.checks.Bind(scope.Node().Scope(), options.OriginId)
	accessControl := o.parts.OriginAccessControl.OriginAccessControlId()
	return newFunctionUrlOrigin(o.domainName(scope), accessControl, o.readTimeout, o.options).Bind(scope, options)
}

// domainName returns the host of the function URL for the stack of scope. In
// another stack than the URL's, the reference may be an Fn::GetStackOutput, which
// is known to work in Fn::Join, but not in Fn::Split.
//
// See: https://github.com/aws-cloudformation/cfn-lint/pull/4495
func (o *permittedOrigin) domainName(scope constructs.Construct) *string {
	url := o.parts.FunctionUrl.Url()
	if *awscdk.Stack_Of(o.parts).Node().Addr() != *awscdk.Stack_Of(scope).Node().Addr() {
		url = awscdk.Fn_Join(jsii.String(""), &[]*string{url, jsii.String("#")})
	}
	return awscdk.Fn_Select(jsii.Number(2), awscdk.Fn_Split(jsii.String("/"), url, nil))
}

// beside returns the scope for the permissions of a distribution in another
// region. Lambda keeps permissions in the function's region, so they can't be in
// the distribution's stack; nor in the function's, which is deployed before the
// distribution. They get a third stack, which is deployed after both.
//
// See: https://github.com/aws/aws-cdk/issues/34536
func (o *permittedOrigin) beside(scope constructs.Construct) constructs.Construct {
	// Only weak references cross regions without custom resources.
	for _, part := range []constructs.IConstruct{o.parts.FunctionUrl, o.parts.OriginAccessControl} {
		awscdk.CrossStackReferences_Of(part).Produce(awscdk.ReferenceStrength_WEAK)
	}
	return constructs.NewConstruct(construct.PermissionStackOf(o.parts), awscdk.Names_NodeUniqueId(scope.Node()))
}

// permit defines the two permissions that a caller of a function URL has needed
// since October 2025.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
// See: https://github.com/aws/aws-cdk/issues/35872
func (o *permittedOrigin) permit(scope constructs.Construct, options *awscloudfront.OriginBindOptions) {
	function, distribution := o.parts.FunctionUrl.FunctionArn(), construct.DistributionArn(scope, options.DistributionId)
	// The id is the one that CDK gives this permission.
	awslambda.NewCfnPermission(scope, jsii.String("InvokeFromApiFor"+*options.OriginId), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunctionUrl"),
		FunctionName: function,
		Principal:    jsii.String("cloudfront.amazonaws.com"),
		SourceArn:    distribution,
	})
	awslambda.NewCfnPermission(scope, jsii.String("InvokeFunctionViaUrl"), &awslambda.CfnPermissionProps{
		Action:                jsii.String("lambda:InvokeFunction"),
		FunctionName:          function,
		InvokedViaFunctionUrl: jsii.Bool(true),
		Principal:             jsii.String("cloudfront.amazonaws.com"),
		SourceArn:             distribution,
	})
}
