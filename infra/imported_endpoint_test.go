package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// useEndpoint defines what a stack may make of the endpoint of another.
func useEndpoint(stack awscdk.Stack, endpoint infra.IEndpoint) {
	publisher := awsiam.NewRole(stack, jsii.String("Publisher"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("ec2.amazonaws.com"), nil)})
	endpoint.GrantCreateInvalidation(publisher)
	endpoint.Metric5xxErrorRate(nil).CreateAlarm(stack, jsii.String("Errors"), &awscloudwatch.CreateAlarmOptions{
		Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1),
	})
	endpoint.MetricFirstByte(nil).CreateAlarm(stack, jsii.String("FirstByte"), &awscloudwatch.CreateAlarmOptions{
		Threshold: jsii.Number(1000), EvaluationPeriods: jsii.Number(1),
	})
	for id, value := range map[string]*string{"Url": endpoint.Url(), "Name": endpoint.DistributionDomainName()} {
		awscdk.NewCfnOutput(stack, jsii.String(id), &awscdk.CfnOutputProps{Value: value})
	}
}

func TestEndpoint_of_another_app_has_its_address_metrics_and_grants(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	useEndpoint(stack, infra.Endpoint_FromEndpointAttributes(stack, jsii.String("Web"), &infra.EndpointAttributes{
		DistributionId:         jsii.String("E1EXAMPLE"),
		DistributionDomainName: jsii.String("d111111abcdef8.cloudfront.net"),
		DomainName:             jsii.String("www.example.com"),
	}))
	consumer := synthtest.Templates(app)["Consumer"]
	text := synthtest.Text(t, consumer)
	for _, want := range []string{
		`"https://www.example.com/"`, `"d111111abcdef8.cloudfront.net"`, `:distribution/E1EXAMPLE"`, `"cloudfront:CreateInvalidation"`,
		`{"Name":"DistributionId","Value":"E1EXAMPLE"},{"Name":"Region","Value":"Global"}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s in it", text, want)
		}
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
}

func TestEndpoint_of_another_app_has_the_name_of_its_distribution_by_default(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	endpoint := infra.Endpoint_FromEndpointAttributes(stack, jsii.String("Web"), &infra.EndpointAttributes{
		DistributionId:         jsii.String("E1EXAMPLE"),
		DistributionDomainName: jsii.String("d111111abcdef8.cloudfront.net"),
	})
	if got := *endpoint.Url(); got != "https://d111111abcdef8.cloudfront.net/" {
		t.Errorf("got %s", got)
	}
}

func TestEndpoint_of_another_stack_is_an_IEndpoint(t *testing.T) {
	app := newApp()
	web := newStack(app, "Web", "us-east-1")
	endpoint := newEndpoint(web, infra.EndpointProps{})
	infra.NewMonitoring(web, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint})
	useEndpoint(newStack(app, "Consumer", "us-east-1"), endpoint)
	text := synthtest.Text(t, synthtest.Templates(app)["Consumer"])
	if !strings.Contains(text, `"cloudfront:CreateInvalidation"`) || !strings.Contains(text, `"Fn::ImportValue":"Web:`) {
		t.Errorf("got %s, want references to the other stack", text)
	}
}
