package restapi_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
)

// An API for signed requests, with access logs in JSON and at most 20 requests a second.
func ExampleNewStreamingRestApi() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	api := restapi.NewStreamingRestApi(stack, jsii.String("Api"), &restapi.StreamingRestApiProps{
		Handler: infra.GoHandler("./handler"),
		DeployOptions: &awsapigateway.StageOptions{
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(awslogs.NewLogGroup(stack, jsii.String("AccessLogs"), nil)),
			AccessLogFormat:      awsapigateway.AccessLogFormat_JsonWithStandardFields(nil),
			ThrottlingRateLimit:  jsii.Number(20),
			ThrottlingBurstLimit: jsii.Number(40),
		},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
}

// An API behind an Endpoint, and behind a path of another distribution.
func ExampleStreamingRestApi_Origin() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
	api := restapi.NewStreamingRestApi(stack, jsii.String("Api"), &restapi.StreamingRestApiProps{
		Handler:       infra.GoHandler("./handler"),
		Authorization: restapi.Authorization_API_KEY,
	})
	site := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Origin: api.Origin(nil)})

	var distribution awscloudfront.Distribution // yours
	infra.AddStreamingBehavior(distribution, jsii.String("/api/*"), &infra.StreamingBehaviorProps{
		Origin:       api.Origin(nil),
		OriginalHost: site.OriginalHost,
		BodyHashing:  infra.BodyHashing_NONE,
	})
}
