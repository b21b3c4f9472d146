package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestBodyHasher_in_the_stack_of_the_endpoint_is_referred_to_directly(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	hasher := infra.NewBodyHasher(stack, jsii.String("BodyHasher"), nil)
	newEndpoint(stack, infra.EndpointProps{BodyHasher: hasher})
	consumer := synthtest.Templates(app)["Consumer"]

	if got, want := synthtest.At(t, hasherARN(t, consumer), "Ref"), consumer.Only(t, "AWS::Lambda::Version").LogicalID; got != want {
		t.Errorf("got %v, want a reference to %v", got, want)
	}
}

func TestBodyHasher_serves_several_behaviors_of_one_stack(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	shared := infra.EdgeStackOf(stack).BodyHasher
	own := infra.NewEdgeStack(app, jsii.String("OwnEdge"), nil).BodyHasher

	first, again, other := shared.VersionIn(stack), shared.VersionIn(stack), own.VersionIn(stack)
	if first != again {
		t.Error("got two versions of one hasher in one scope, want the same")
	}
	for version, want := range map[awslambda.IVersion]string{first: "CloudfurlEdge", other: "OwnEdge"} {
		resolved := stack.Resolve(version.EdgeArn()).(map[string]any)
		if got := synthtest.At(t, stackOutput(t, resolved), "StackName"); got != want {
			t.Errorf("got a version of stack %v, want one of %s", got, want)
		}
	}
}

// Apps with different versions of the library may share an edge stack, and one
// of the two stacks may be deployed without the other.
func TestBodyHasher_output_keeps_its_name_when_the_edge_code_changes(t *testing.T) {
	output := func() string {
		app := newApp()
		infra.NewEdgeStack(app, jsii.String("Edge"), nil)
		return strings.Join(synthtest.Templates(app)["Edge"].Outputs(), ",")
	}
	before := output()
	original := edge.BodyHasher
	t.Cleanup(func() { edge.BodyHasher = original })
	edge.BodyHasher += "\n// changed\n"

	if after := output(); before != after || strings.Contains(before, ",") {
		t.Errorf("got output %s, then %s, want one and the same", before, after)
	}
}

func TestBodyHasher_survives_the_removal_of_its_stack(t *testing.T) {
	app := newApp()
	infra.NewEdgeStack(app, jsii.String("Edge"), nil)
	tmpl := synthtest.Templates(app)["Edge"]

	for _, resourceType := range []string{"AWS::Lambda::Function", "AWS::Lambda::Version"} {
		if got := tmpl.Only(t, resourceType).DeletionPolicy; got != "RetainExceptOnCreate" {
			t.Errorf("got DeletionPolicy %q of %s, want RetainExceptOnCreate: CloudFront replicates it after the first deployment", got, resourceType)
		}
	}
}

func TestBodyHasher_meets_the_requirements_of_LambdaEdge(t *testing.T) {
	app := newApp()
	infra.NewEdgeStack(app, jsii.String("Edge"), &infra.EdgeStackProps{BodyHasher: &infra.BodyHasherProps{MemorySize: jsii.Number(512)}})
	tmpl := synthtest.Templates(app)["Edge"]

	function := tmpl.Only(t, "AWS::Lambda::Function").Properties
	for key, want := range map[string]any{"Runtime": "nodejs24.x", "Handler": "body_hasher.handler", "MemorySize": 512.0} {
		if got := function[key]; got != want {
			t.Errorf("got %s %v, want %v", key, got, want)
		}
	}
	for _, key := range []string{"Environment", "Layers", "VpcConfig", "TracingConfig", "DeadLetterConfig", "EphemeralStorage"} {
		if got := function[key]; got != nil {
			t.Errorf("got %s %v, want none", key, got)
		}
	}
	trust := synthtest.Text(t, tmpl.Only(t, "AWS::IAM::Role").Properties["AssumeRolePolicyDocument"])
	for _, service := range []string{`"lambda.amazonaws.com"`, `"edgelambda.amazonaws.com"`} {
		if !strings.Contains(trust, service) {
			t.Errorf("got %s, want it to trust %s", trust, service)
		}
	}
}
