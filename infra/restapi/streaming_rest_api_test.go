package restapi_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestStreamingRestApi_streams_every_method_and_path_for_signed_requests(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	api := newApi(stack, restapi.StreamingRestApiProps{})
	api.GrantInvoke(awsiam.NewRole(stack, jsii.String("Caller"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("ec2.amazonaws.com"), nil)}))

	consumer := synthtest.Templates(app)["Consumer"]
	methods := consumer.Resources("AWS::ApiGateway::Method")
	if len(methods) != 2 {
		t.Errorf("got %d methods, want those of the root and of {proxy+}", len(methods))
	}
	for _, method := range methods {
		p := method.Properties
		for _, want := range []string{`"ResponseTransferMode":"STREAM"`, `"TimeoutInMillis":900000`, `:lambda:path/2021-11-15/functions/`, `/response-streaming-invocations`} {
			if got := synthtest.Text(t, p["Integration"]); !strings.Contains(got, want) {
				t.Errorf("got integration %s, want %s", got, want)
			}
		}
		if p["HttpMethod"] != "ANY" || p["AuthorizationType"] != "AWS_IAM" || p["ApiKeyRequired"] == true {
			t.Errorf("got %s, want ANY with AWS_IAM", synthtest.Text(t, p))
		}
	}
	if got := consumer.Only(t, "AWS::ApiGateway::Stage").Properties["StageName"]; got != "prod" {
		t.Errorf("got stage %v", got)
	}
	if got := consumer.Only(t, "AWS::Lambda::Permission").Properties["Action"]; got != "lambda:InvokeFunction" {
		t.Errorf("got a permission for %v", got)
	}
	var granted string
	for _, policy := range consumer.Resources("AWS::IAM::Policy") {
		granted += synthtest.Text(t, policy.Properties)
	}
	if !strings.Contains(granted, `"execute-api:Invoke"`) {
		t.Errorf("got policies %s, want execute-api:Invoke", granted)
	}
	for _, kind := range []string{"AWS::ApiGateway::ApiKey", "AWS::ApiGateway::Account", "AWS::SecretsManager::Secret"} {
		if got := consumer.Resources(kind); len(got) > 0 {
			t.Errorf("got %s, want none", kind)
		}
	}
	if got := consumer.Outputs(); len(got) > 0 {
		t.Errorf("got outputs %v, want those of the app only", got)
	}
}

func TestStreamingRestApi_has_logs_limits_and_a_name(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	api := newApi(stack, restapi.StreamingRestApiProps{
		Authorization:  restapi.Authorization_API_KEY,
		CloudWatchRole: jsii.Bool(true),
		Timeout:        awscdk.Duration_Minutes(jsii.Number(2)),
		DeployOptions: &awsapigateway.StageOptions{
			StageName: jsii.String("live"), ThrottlingRateLimit: jsii.Number(20), ThrottlingBurstLimit: jsii.Number(40),
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(awslogs.NewLogGroup(stack, jsii.String("AccessLogs"), nil)),
		},
	})
	if api.KeySecret == nil {
		t.Errorf("got %+v, want its secret", api)
	}
	consumer := synthtest.Templates(app)["Consumer"]
	stage := synthtest.Text(t, consumer.Only(t, "AWS::ApiGateway::Stage").Properties)
	for _, want := range []string{`"StageName":"live"`, `"ThrottlingRateLimit":20`, `"ThrottlingBurstLimit":40`, `$context.requestTime`} {
		if !strings.Contains(stage, want) {
			t.Errorf("got stage %s, want %s", stage, want)
		}
	}
	if strings.Contains(stage, "apiKey") {
		t.Errorf("got stage %s, which logs the key", stage)
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
}

func TestStreamingRestApi_is_buffered_for_functions_that_cannot_stream(t *testing.T) {
	for name, define := range map[string]func(stack awscdk.Stack) restapi.StreamingRestApiProps{
		"PythonHandler": func(awscdk.Stack) restapi.StreamingRestApiProps {
			return restapi.StreamingRestApiProps{Handler: infra.PythonHandler("../../examples/mangum/app")}
		},
		"an alias": func(stack awscdk.Stack) restapi.StreamingRestApiProps {
			return restapi.StreamingRestApiProps{
				Function: newFunction(stack).AddAlias(jsii.String("live"), nil), ResponseTransferMode: awsapigateway.ResponseTransferMode_BUFFERED,
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			newApi(stack, define(stack))
			for _, method := range synthtest.Templates(app)["Consumer"].Resources("AWS::ApiGateway::Method") {
				got := synthtest.Text(t, method.Properties["Integration"])
				if strings.Contains(got, "STREAM") || !strings.Contains(got, `"TimeoutInMillis":29000`) || !strings.Contains(got, "/invocations") {
					t.Errorf("got %s, want a buffered integration", got)
				}
			}
		})
	}
}

// newFunction defines a function with inline code.
func newFunction(stack awscdk.Stack) awslambda.Function {
	return awslambda.NewFunction(stack, jsii.String("Own"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_24_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async () => 'ok'")),
	})
}

func TestStreamingRestApi_takes_functions_in_a_VPC(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newApi(stack, restapi.StreamingRestApiProps{FunctionOptions: &awslambda.FunctionOptions{
		Vpc: awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{MaxAzs: jsii.Number(1)}),
	}})
	consumer := synthtest.Templates(app)["Consumer"]
	if got := synthtest.Text(t, consumer.Only(t, "AWS::IAM::Policy").Properties); !strings.Contains(got, `"ec2:CreateNetworkInterface"`) {
		t.Errorf("got policy %s, want what a function in a VPC needs", got)
	}
}

func TestStreamingRestApi_rejects_invalid_props(t *testing.T) {
	handler, buffered := infra.GoHandler("../testdata/handler"), awsapigateway.ResponseTransferMode_BUFFERED
	for want, define := range map[string]func(stack awscdk.Stack) *restapi.StreamingRestApiProps{
		"neither or both of Handler and Function": func(awscdk.Stack) *restapi.StreamingRestApiProps { return nil },
		"both of Handler and Function": func(stack awscdk.Stack) *restapi.StreamingRestApiProps {
			return &restapi.StreamingRestApiProps{Handler: handler, Function: newFunction(stack)}
		},
		"got Function and also FunctionOptions": func(stack awscdk.Stack) *restapi.StreamingRestApiProps {
			return &restapi.StreamingRestApiProps{Function: newFunction(stack), FunctionOptions: &awslambda.FunctionOptions{}}
		},
		"got ResponseTransferMode with a Handler": func(awscdk.Stack) *restapi.StreamingRestApiProps {
			return &restapi.StreamingRestApiProps{Handler: handler, ResponseTransferMode: buffered}
		},
		`got Authorization "COGNITO": use one of`: func(awscdk.Stack) *restapi.StreamingRestApiProps {
			return &restapi.StreamingRestApiProps{Handler: handler, Authorization: "COGNITO"}
		},
		`got ResponseTransferMode "Stream": use one of awscdk's constants`: func(stack awscdk.Stack) *restapi.StreamingRestApiProps {
			return &restapi.StreamingRestApiProps{Function: newFunction(stack), ResponseTransferMode: "Stream"}
		},
	} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		props := define(stack)
		message := synthtest.Failure(t, func() { restapi.NewStreamingRestApi(stack, jsii.String("Api"), props) })
		if !strings.HasPrefix(message, "Consumer/Api: ") || !strings.Contains(message, want) {
			t.Errorf("got %q, want Consumer/Api and %q", message, want)
		}
	}
}
