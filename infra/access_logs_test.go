package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestAccessLogs_are_delivered_in_us_east_1_from_stacks_in_every_region(t *testing.T) {
	for region, stack := range map[string]string{"eu-west-1": "Consumer-Monitoring", "us-east-1": "Consumer"} {
		t.Run(region, func(t *testing.T) {
			app := newApp()
			newEndpoint(newStack(app, "Consumer", region), infra.EndpointProps{
				AccessLogs: &infra.AccessLogsOptions{Retention: awslogs.RetentionDays_ONE_YEAR},
			})
			templates := synthtest.Templates(app)
			logs := templates[stack]

			source := logs.Only(t, "AWS::Logs::DeliverySource")
			if got := source.Properties["LogType"]; got != "ACCESS_LOGS" {
				t.Errorf("got LogType %v, want ACCESS_LOGS", got)
			}
			arn := synthtest.Text(t, source.Properties["ResourceArn"])
			distribution := templates["Consumer"].Only(t, "AWS::CloudFront::Distribution").LogicalID
			want := `{"Ref":"` + distribution + `"}`
			if region != "us-east-1" {
				want = `"Fn::GetStackOutput"`
			}
			if !strings.Contains(arn, want) || !strings.Contains(arn, ":distribution/") {
				t.Errorf("got ResourceArn %s, want the distribution's with %s", arn, want)
			}
			name := source.Properties["Name"].(string)
			if len(name) > 60 {
				t.Errorf("got the name %s of %d characters, want at most 60", name, len(name))
			}

			destination := logs.Only(t, "AWS::Logs::DeliveryDestination")
			if got := destination.Properties["OutputFormat"]; got != "json" {
				t.Errorf("got OutputFormat %v, want json", got)
			}
			delivery := logs.Only(t, "AWS::Logs::Delivery")
			if got := delivery.Properties["DeliverySourceName"]; got != name {
				t.Errorf("got DeliverySourceName %v, want %s", got, name)
			}
			if got := synthtest.At(t, logs, "Resources", delivery.LogicalID, "DependsOn", 0); got != source.LogicalID {
				t.Errorf("got DependsOn %v, want the source, which the delivery names without a reference", got)
			}
			var group synthtest.Resource
			for _, g := range logs.Resources("AWS::Logs::LogGroup") {
				if n, ok := g.Properties["LogGroupName"].(string); ok && strings.HasPrefix(n, "/aws/vendedlogs/") {
					group = g
				}
			}
			if got := group.Properties["RetentionInDays"]; got != 365.0 {
				t.Errorf("got RetentionInDays %v, want 365", got)
			}
			if got := synthtest.At(t, destination.Properties, "DestinationResourceArn", "Fn::GetAtt", 0); got != group.LogicalID {
				t.Errorf("got logs in %v, want %s", got, group.LogicalID)
			}
		})
	}
}

func TestAccessLogs_reject_a_stack_without_region(t *testing.T) {
	for name, test := range map[string]struct {
		region  string
		options infra.AccessLogsOptions
		want    []string
	}{
		"no region":         {"", infra.AccessLogsOptions{}, []string{"Consumer/Api/AccessLogs", "Env.Region"}},
		"another partition": {"cn-north-1", infra.AccessLogsOptions{}, []string{"partition aws-cn"}},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() {
				stack := newStack(newApp(), "Consumer", test.region)
				newEndpoint(stack, infra.EndpointProps{AccessLogs: &test.options, BodyHashing: infra.BodyHashing_VIEWER})
			})
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
	message := synthtest.Failure(t, func() {
		infra.NewAccessLogs(newStack(newApp(), "Consumer", "us-east-1"), jsii.String("Logs"), nil)
	})
	if !strings.Contains(message, "no Distribution") {
		t.Errorf("got %q, want it to ask for the distribution", message)
	}
}
