package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// Access logs, a dashboard, and alarms to an address.
func ExampleNewMonitoring() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("eu-west-1")},
	})

	endpoint := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:    infra.GoHandler("./handler"),
		AccessLogs: &infra.AccessLogsOptions{Retention: awslogs.RetentionDays_THREE_MONTHS},
	})
	monitoring := infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{
		Endpoint:   endpoint,
		AlarmEmail: jsii.String("ops@example.com"),
	})
	awscdk.NewCfnOutput(stack, jsii.String("Dashboard"), &awscdk.CfnOutputProps{Value: monitoring.Url()})
}

// Access logs of a distribution that the app defines itself.
func ExampleNewAccessLogs() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("us-east-1")},
	})
	var distribution awscloudfront.IDistribution

	infra.NewAccessLogs(stack, jsii.String("AccessLogs"), &infra.AccessLogsProps{Distribution: distribution})
}
