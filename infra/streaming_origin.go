package infra

import (
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
		construct.Fail(scope, id, "StreamingOrigin got no Function: give the Lambda function that serves the requests")
	}
	readTimeout := synthesis.ReadTimeout(scope, id, props.ReadTimeout)
	props.OriginOptions.check(scope, id, readTimeout)
	invokeMode := props.InvokeMode
	if invokeMode == "" {
		invokeMode = awslambda.InvokeMode_RESPONSE_STREAM
	}
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
	o.Origin = &permittedOrigin{parts: o, checks: synthesis.ChecksOf(o), readTimeout: readTimeout, options: props.OriginOptions}
	return o
}
