package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// Ready environments, and a canary: a new version gets a tenth of the requests for
// five minutes, and none if it fails.
func ExampleNewEndpoint_canary() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		Alias: &infra.AliasOptions{
			ProvisionedConcurrentExecutions:    jsii.Number(5),
			MaxProvisionedConcurrentExecutions: jsii.Number(50),
			DeploymentConfig:                   awscodedeploy.LambdaDeploymentConfig_CANARY_10PERCENT_5MINUTES(),
		},
	})
}
