package nag

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestStreamingRestApi_leaves_only_findings_that_the_app_decides_on(t *testing.T) {
	const (
		accessLogs = "AwsSolutions-APIG1 /Chat/Api/RestApi/DeploymentStage.prod/Resource"
		firewall   = "AwsSolutions-APIG3 /Chat/Api/RestApi/DeploymentStage.prod/Resource"
		callLogs   = "AwsSolutions-APIG6 /Chat/Api/RestApi/DeploymentStage.prod/Resource"
		everyone   = "AwsSolutions-APIG4 /Chat/Api/RestApi/Default/ANY/Resource"
		everyPath  = "AwsSolutions-APIG4 /Chat/Api/RestApi/Default/{proxy+}/ANY/Resource"
	)
	for name, test := range map[string]struct {
		props restapi.StreamingRestApiProps
		want  []string
	}{
		"by default":    {restapi.StreamingRestApiProps{}, []string{accessLogs, firewall, callLogs}},
		"with a key":    {restapi.StreamingRestApiProps{Authorization: restapi.Authorization_API_KEY}, []string{accessLogs, firewall, callLogs}},
		"for everyone":  {restapi.StreamingRestApiProps{Authorization: restapi.Authorization_NONE}, []string{accessLogs, firewall, everyone, everyPath, callLogs}},
		"with all logs": {restapi.StreamingRestApiProps{CloudWatchRole: jsii.Bool(true), DeployOptions: &awsapigateway.StageOptions{LoggingLevel: awsapigateway.MethodLoggingLevel_ERROR}}, []string{firewall}},
	} {
		t.Run(name, func(t *testing.T) {
			app := synthtest.NewApp()
			test.props.Handler = infra.GoHandler("./handler")
			stack := awscdk.NewStack(app, jsii.String("Chat"), nil)
			if stage := test.props.DeployOptions; stage != nil {
				stage.AccessLogDestination = awsapigateway.NewLogGroupLogDestination(awslogs.NewLogGroup(stack, jsii.String("AccessLogs"), nil))
			}
			restapi.NewStreamingRestApi(stack, jsii.String("Api"), &test.props)
			if got := findings(app); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
