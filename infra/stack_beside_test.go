package infra_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// defineBeside makes constructs in stack define all stacks that they may need beside it.
func defineBeside(app awscdk.App, stack awscdk.Stack) {
	endpoint := newEndpoint(stack, infra.EndpointProps{WebAcl: new(infra.WebAclProps), AccessLogs: new(infra.AccessLogsOptions)})
	// The second ones find the stacks.
	infra.NewWebAcl(stack, jsii.String("WebAcl"), nil)
	infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)})
	elsewhere := newStack(app, "Elsewhere", "eu-central-1")
	awscloudfront.NewDistribution(elsewhere, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: infra.StreamingBehavior(elsewhere, &infra.StreamingBehaviorProps{
			Origin:       origin.Origin,
			OriginalHost: infra.NewOriginalHost(elsewhere, jsii.String("OriginalHost"), nil).Function,
			BodyHasher:   endpoint.BodyHasher,
		}),
	})
}

func TestStacks_beside_have_the_tags_and_the_protection_of_the_stack(t *testing.T) {
	app := newApp()
	stack := awscdk.NewStack(app, jsii.String("Consumer"), &awscdk.StackProps{
		Env:                   &awscdk.Environment{Region: jsii.String("eu-west-1")},
		Tags:                  &map[string]*string{"team": jsii.String("web")},
		TerminationProtection: jsii.Bool(true),
	})
	defineBeside(app, stack)
	awscdk.Tags_Of(stack).Add(jsii.String("cost-center"), jsii.String("42"), nil)

	assembly := app.Synth(nil)
	for _, name := range []string{"Consumer", "Consumer-UsEast1", "Consumer-Monitoring", "Consumer-Permissions"} {
		artifact := assembly.GetStackByName(jsii.String(name))
		want := map[string]string{"team": "web", "cost-center": "42"}
		if got := *artifact.Tags(); !maps.EqualFunc(got, want, func(got *string, want string) bool { return *got == want }) {
			t.Errorf("got %d tags of %s, want %v", len(got), name, want)
		}
		if protected := artifact.TerminationProtection(); protected == nil || !*protected {
			t.Errorf("got %s without termination protection, want it as in Consumer", name)
		}
	}
	if edge := assembly.GetStackByName(jsii.String("CloudfurlEdge")); len(*edge.Tags()) > 0 || edge.TerminationProtection() != nil && *edge.TerminationProtection() {
		t.Error("got tags or protection of CloudfurlEdge, which other apps share and would change back")
	}
}

func TestStacks_beside_may_be_defined_by_the_app(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	for id, region := range map[string]string{"CloudfurlUsEast1": "us-east-1", "CloudfurlMonitoring": "us-east-1", "CloudfurlPermissions": "eu-west-1"} {
		awscdk.NewStack(stack, jsii.String(id), &awscdk.StackProps{
			StackName:   jsii.String("Mine-" + id),
			Env:         &awscdk.Environment{Region: jsii.String(region)},
			Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("mine")}),
		})
	}
	infra.NewEdgeStack(app, jsii.String("CloudfurlEdge"), &infra.EdgeStackProps{StackProps: awscdk.StackProps{
		StackName:             jsii.String("Mine-Edge"),
		Tags:                  &map[string]*string{"team": jsii.String("web")},
		TerminationProtection: jsii.Bool(true),
		Synthesizer:           awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("mine")}),
	}})
	defineBeside(app, stack)

	assembly := app.Synth(nil)
	for name, kind := range map[string]string{
		"Mine-CloudfurlUsEast1": "AWS::WAFv2::WebACL", "Mine-CloudfurlMonitoring": "AWS::Logs::Delivery",
		"Mine-CloudfurlPermissions": "AWS::Lambda::Permission", "Mine-Edge": "AWS::Lambda::Version",
	} {
		artifact := assembly.GetStackByName(jsii.String(name))
		if got := synthtest.Text(t, artifact.Template()); !strings.Contains(got, `"`+kind+`"`) || !strings.Contains(*artifact.AssumeRoleArn(), "cdk-mine-") {
			t.Errorf("got %s with the role %s, want %s in it, and its own synthesizer", got, *artifact.AssumeRoleArn(), kind)
		}
	}
	if got := len(*assembly.Stacks()); got != 6 {
		t.Errorf("got %d stacks, want no other than those of the app", got)
	}
}

func TestStacks_beside_have_to_be_in_the_region_of_their_resources(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	beside := awscdk.NewStack(stack, jsii.String("CloudfurlUsEast1"), nil)
	infra.NewWebAcl(stack, jsii.String("WebAcl"), nil)
	for _, entry := range *beside.Node().Metadata() {
		text, _ := entry.Data.(string)
		if *entry.Type == "aws:cdk:error" && strings.HasPrefix(text, "Consumer/CloudfurlUsEast1 is in ") && strings.Contains(text, "resources are in us-east-1 ") {
			return
		}
	}
	t.Error("got no error about the region of CloudfurlUsEast1")
}
