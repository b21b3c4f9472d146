package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// StreamingFunctionUrlProps are the properties of a StreamingFunctionUrl.
// Exactly one of Handler and Function is required.
type StreamingFunctionUrlProps struct {
	// Handler is the program that serves the requests.
	//
	// Default: none; Function serves the requests
	Handler Handler

	// Function is an existing function that serves the requests. It must not
	// have a function URL yet, and must support Lambda's response streaming.
	//
	// Default: a new one for Handler
	Function awslambda.IFunction

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

	// AuthType says who may call the URL: signed requests of principals that
	// GrantInvoke permits (AWS_IAM), or everyone (NONE).
	//
	// Default: awslambda.FunctionUrlAuthType_AWS_IAM
	AuthType awslambda.FunctionUrlAuthType

	// Cors lets web pages of other origins call the URL.
	//
	// Default: the handler responds to preflight requests itself
	Cors *awslambda.FunctionUrlCorsOptions
}

// A StreamingFunctionUrl defines a response-streaming function URL without
// CloudFront; with a PythonHandler it is a buffered one. It has no edge functions, so the stack may be in any region and
// viewers sign their own requests.
type StreamingFunctionUrl struct {
	construct.Base

	// Function serves the requests.
	Function awslambda.IFunction

	// LogGroup receives the logs of the function that runs Handler. It is nil
	// if the props had a Function or a LogGroup.
	LogGroup awslogs.LogGroup

	// FunctionUrl is the function's URL.
	FunctionUrl awslambda.FunctionUrl
}

// NewStreamingFunctionUrl defines a StreamingFunctionUrl. It panics with an
// *Error unless the props have either Handler or Function, or if the function can't
// have a URL that streams.
func NewStreamingFunctionUrl(scope constructs.Construct, id *string, props *StreamingFunctionUrlProps) *StreamingFunctionUrl {
	defer construct.Within(scope, id, props)()
	props = construct.CopyOf(props)
	common := new(BehaviorProps)
	construct.CopyFields(common, props)
	common.checkBackend(scope, id)
	authType := cmp.Or(props.AuthType, awslambda.FunctionUrlAuthType_AWS_IAM)

	u := new(StreamingFunctionUrl)
	constructs.NewConstruct_Override(u, scope, id)
	backend := newBackend(u, common)
	u.Function, u.LogGroup = backend.function, backend.logGroup
	if problem := functionProblem(u, u.Function, backend.invokeMode); problem != "" {
		construct.Fail(u, nil, "%s", problem)
	}
	u.FunctionUrl = awslambda.NewFunctionUrl(u, jsii.String("FunctionUrl"), &awslambda.FunctionUrlProps{
		Function:   u.Function,
		AuthType:   authType,
		InvokeMode: backend.invokeMode,
		Cors:       props.Cors,
	})
	return u
}

// Url returns the address of the function URL, with a slash at the end.
func (u *StreamingFunctionUrl) Url() *string {
	return u.FunctionUrl.Url()
}

// GrantInvoke permits a principal to call the URL with signed requests, and to call
// the function only through it. A principal of another account, or of one that isn't
// known, gets both permissions of the function, and needs them from its own account
// as well.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html#urls-auth-iam
func (u *StreamingFunctionUrl) GrantInvoke(grantee awsiam.IGrantable) awsiam.Grant {
	defer construct.Reporting(u, nil)()
	return u.FunctionUrl.GrantInvokeUrl(grantee)
}
