// Canary is an endpoint whose new versions get a tenth of the requests first, and
// none if an alarm is raised.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Canary"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("eu-west-1")},
	})
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		Alias: &infra.AliasOptions{
			ProvisionedConcurrentExecutions: jsii.Number(1),
			DeploymentConfig:                awscodedeploy.LambdaDeploymentConfig_CANARY_10PERCENT_5MINUTES(),
		},
		AccessLogs: &infra.AccessLogsOptions{},
	})
	monitoring := infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: api})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	awscdk.NewCfnOutput(stack, jsii.String("Dashboard"), &awscdk.CfnOutputProps{Value: monitoring.Url()})
	app.Synth(nil)
}
