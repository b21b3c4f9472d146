package restapi

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// The time that API Gateway gives an integration, in seconds.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const (
	maxStreaming = 900
	maxBuffered  = 29
)

// StreamingRestApiProps are the properties of a StreamingRestApi. Exactly one of
// Handler and Function is required.
type StreamingRestApiProps struct {
	// Handler is the program that serves the requests.
	//
	// Default: none; Function serves the requests
	Handler infra.Handler

	// Function is an existing function, or an alias of one, that serves the
	// requests. It must support Lambda's response streaming and take the events of
	// REST APIs, as package streamhttp and AWS's web adapter do, unless
	// ResponseTransferMode is BUFFERED. It may be in a VPC.
	//
	// Default: a new one for Handler
	Function awslambda.IFunction

	// FunctionOptions configures the function that runs Handler, as in
	// infra.HandlerFunctionProps.
	//
	// Default: the defaults of infra.HandlerFunctionProps
	FunctionOptions *awslambda.FunctionOptions

	// ResponseTransferMode is how responses of Function are sent. Buffered ones may
	// have 6 MB (Lambda's limit) and take 29 seconds. A Handler says itself whether
	// it streams.
	//
	// Default: awsapigateway.ResponseTransferMode_STREAM
	ResponseTransferMode awsapigateway.ResponseTransferMode

	// Timeout is how long a response may take, to the end of its stream: up to 15
	// minutes if it streams, or else up to 29 seconds, unless the account's quota for
	// that was raised.
	//
	// Default: the longest
	Timeout awscdk.Duration

	// Authorization is who may call the API.
	//
	// Default: Authorization_IAM
	Authorization Authorization

	// CloudWatchRole defines the role with which API Gateway writes logs, and makes it
	// the account's in the region. It remains when the stack is deleted, since other
	// APIs may use it.
	//
	// Default: false; access logs fail at deployment in accounts without one
	CloudWatchRole *bool

	// DeployOptions configure the stage: its name, access logs, and
	// ThrottlingRateLimit and ThrottlingBurstLimit, beyond which requests get 429. AWS
	// applies them on a best-effort basis. With Authorization_API_KEY, an
	// AccessLogFormat must not have the key.
	//
	// Default: the stage "prod", with the account's limits
	DeployOptions *awsapigateway.StageOptions
}

// A StreamingRestApi defines a regional REST API whose root and "{proxy+}" take every
// method for one function, and stream its responses.
type StreamingRestApi struct {
	construct.Base

	// Function serves the requests.
	Function awslambda.IFunction

	// LogGroup receives the logs of the function that runs Handler. It is nil
	// if the props had a Function or a LogGroup.
	LogGroup awslogs.LogGroup

	// RestApi is the API, to add resources, authorizers or a domain name to.
	RestApi awsapigateway.RestApi

	// KeySecret holds the API key. It is nil without Authorization_API_KEY. The key
	// isn't rotated: define the API by another id for a new one.
	KeySecret awssecretsmanager.Secret

	authorization Authorization
}

// NewStreamingRestApi defines a StreamingRestApi. It panics with an *Error unless the
// props have either Handler or Function, or if a value isn't allowed by AWS.
func NewStreamingRestApi(scope constructs.Construct, id *string, props *StreamingRestApiProps) *StreamingRestApi {
	defer construct.Within(scope, id, props)()
	given := construct.CopyOf(props)
	given.Authorization = cmp.Or(given.Authorization, Authorization_IAM)
	given.validate(scope, id)

	a := &StreamingRestApi{authorization: given.Authorization}
	constructs.NewConstruct_Override(a, scope, id)
	a.defineFunction(given)
	a.defineApi(given)
	if a.authorization == Authorization_API_KEY {
		a.defineKey()
	}
	return a
}

// Url returns the address of the stage, with a slash at the end.
func (a *StreamingRestApi) Url() *string {
	return a.RestApi.Url()
}

// validate panics with an *Error about the construct id in scope if the props
// contradict each other.
func (p *StreamingRestApiProps) validate(scope constructs.Construct, id *string) {
	switch {
	case (p.Handler == nil) == (p.Function == nil):
		construct.Fail(scope, id, `StreamingRestApi got neither or both of Handler and Function: set one of them, such as infra.GoHandler("./handler")`)
	case p.Function != nil && p.FunctionOptions != nil:
		construct.Fail(scope, id, "got Function and also FunctionOptions: these configure the function that runs a Handler, set them on the Function itself")
	case p.Handler != nil && p.ResponseTransferMode != "":
		construct.Fail(scope, id, "got ResponseTransferMode with a Handler, which says itself whether it streams: remove it, or set a Function")
	}
	p.Authorization.check(scope, id)
}

// defineFunction finds or defines the function, and how it responds.
func (a *StreamingRestApi) defineFunction(props *StreamingRestApiProps) {
	a.Function = props.Function
	if props.Handler != nil {
		defined := infra.NewHandlerFunction(a, jsii.String("Handler"), &infra.HandlerFunctionProps{
			Handler: props.Handler, FunctionOptions: props.FunctionOptions,
		})
		a.Function, a.LogGroup = defined.Function, defined.LogGroup
		if defined.InvokeMode == awslambda.InvokeMode_BUFFERED {
			props.ResponseTransferMode = awsapigateway.ResponseTransferMode_BUFFERED
		}
	}
	props.ResponseTransferMode = cmp.Or(props.ResponseTransferMode, awsapigateway.ResponseTransferMode_STREAM)
	most := maxBuffered
	if props.ResponseTransferMode == awsapigateway.ResponseTransferMode_STREAM {
		most = maxStreaming
	}
	props.Timeout = cmp.Or(props.Timeout, awscdk.Duration_Seconds(jsii.Number(most)))
}

// defineApi defines the API with its stage. Of one function it needs one permission.
func (a *StreamingRestApi) defineApi(props *StreamingRestApiProps) {
	a.RestApi = awsapigateway.NewRestApi(a, jsii.String("RestApi"), &awsapigateway.RestApiProps{
		BinaryMediaTypes: jsii.Strings("*/*"), // or bodies that aren't UTF-8 would be garbled
		CloudWatchRole:   cmp.Or(props.CloudWatchRole, jsii.Bool(false)),
		DefaultIntegration: awsapigateway.NewLambdaIntegration(a.Function, &awsapigateway.LambdaIntegrationOptions{
			ResponseTransferMode:    props.ResponseTransferMode,
			Timeout:                 props.Timeout,
			ScopePermissionToMethod: jsii.Bool(false),
		}),
		DefaultMethodOptions: props.Authorization.methodOptions(),
		DeployOptions:        props.DeployOptions,
		RestApiName:          a.Node().Path(), // also the dimension of its metrics
		EndpointTypes:        &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL},
	})
	a.RestApi.Root().AddMethod(jsii.String("ANY"), nil, nil)
	a.RestApi.Root().AddProxy(nil)
	a.RestApi.Node().TryRemoveChild(jsii.String("Endpoint")) // the CDK's output; apps define theirs
	a.explain()
}

// explain suppresses findings of cdk-nag that a proxy for a whole app can't avoid.
func (a *StreamingRestApi) explain() {
	construct.Suppress(a.RestApi, "AwsSolutions-APIG2", "The handler validates requests: the API knows nothing of their content.")
	if role := a.RestApi.Node().TryFindChild(jsii.String("CloudWatchRole")); role != nil {
		construct.Suppress(role, "AwsSolutions-IAM4", "API Gateway documents this managed policy for the role that writes its logs.")
	}
	for _, child := range *a.RestApi.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		method, ok := child.(awsapigateway.CfnMethod)
		if !ok {
			continue
		}
		construct.Suppress(method, "AwsSolutions-COG4", "Authorization says who may call: signed requests, those with the API key, or everyone.")
		if a.authorization == Authorization_API_KEY {
			construct.Suppress(method, "AwsSolutions-APIG4", "CloudFront can't sign for API Gateway: an API key that only the distribution has keeps others out.")
		}
	}
}
