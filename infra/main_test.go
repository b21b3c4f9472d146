package infra_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// The jsii kernel serves one goroutine, so no test of this package is parallel.
func TestMain(m *testing.M) { synthtest.Main(m) }

// newApp returns an app that doesn't compile handlers.
var newApp = synthtest.NewApp

// newStack returns a stack in region, or an environment-agnostic one if region
// is empty.
func newStack(app awscdk.App, id, region string) awscdk.Stack {
	props := &awscdk.StackProps{}
	if region != "" {
		props.Env = &awscdk.Environment{Region: jsii.String(region)}
	}
	return awscdk.NewStack(app, jsii.String(id), props)
}

// newEndpoint defines an endpoint, by default for a Go handler.
func newEndpoint(stack awscdk.Stack, props infra.EndpointProps) *infra.Endpoint {
	if props.Handler == nil && props.Function == nil {
		props.Handler = infra.GoHandler("./testdata/handler")
	}
	return infra.NewEndpoint(stack, jsii.String("Api"), &props)
}

// newNodeFunction defines a function with inline code.
func newNodeFunction(stack awscdk.Stack) awslambda.Function {
	return awslambda.NewFunction(stack, jsii.String("Own"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async () => 'ok'")),
	})
}
