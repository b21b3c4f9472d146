package restapi_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// The jsii kernel serves one goroutine, so no test of this package is parallel.
func TestMain(m *testing.M) { synthtest.Main(m) }

// newApp returns an app that doesn't compile handlers.
var newApp = synthtest.NewApp

func newStack(app awscdk.App, id, region string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String(region)}})
}

// newApi defines an API, by default for a Go handler.
func newApi(stack awscdk.Stack, props restapi.StreamingRestApiProps) *restapi.StreamingRestApi {
	if props.Handler == nil && props.Function == nil {
		props.Handler = infra.GoHandler("../testdata/handler")
	}
	return restapi.NewStreamingRestApi(stack, jsii.String("Api"), &props)
}
