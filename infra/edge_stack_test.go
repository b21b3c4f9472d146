package infra_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// hasherARN returns the ARN of the function that the behavior of a template
// runs at origin-request.
func hasherARN(t *testing.T, tmpl synthtest.Template) any {
	t.Helper()
	return synthtest.At(t, tmpl.Only(t, "AWS::CloudFront::Distribution").Properties,
		"DistributionConfig", "DefaultCacheBehavior", "LambdaFunctionAssociations", 0, "LambdaFunctionARN")
}

// stackOutput returns the arguments of Fn::GetStackOutput in what hasherARN
// returns for a hasher of another stack.
func stackOutput(t *testing.T, arn any) any {
	t.Helper()
	if got := synthtest.At(t, arn, "Fn::Select", 0); got != 0.0 && got != "0" {
		t.Errorf("got part %v of the expression, want the first, which is the output", got)
	}
	split := synthtest.At(t, arn, "Fn::Select", 1, "Fn::Split")
	join := synthtest.At(t, split, 1, "Fn::Join")
	if one, other := synthtest.At(t, split, 0), synthtest.At(t, join, 0); one != "#" || other != "#" {
		t.Errorf("got separators %v and %v, want #, which no ARN contains", one, other)
	}
	return synthtest.At(t, join, 1, 0, "Fn::GetStackOutput")
}

func TestEdgeStack_version_reaches_consumers_in_every_region(t *testing.T) {
	for name, region := range map[string]string{"another region": "eu-west-1", "us-east-1": "us-east-1", "environment-agnostic": ""} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			newEndpoint(newStack(app, "Consumer", region), infra.EndpointProps{})
			templates := synthtest.Templates(app)

			edgeStack := templates["CloudfurlEdge"]
			reference := stackOutput(t, hasherARN(t, templates["Consumer"]))
			if got := synthtest.At(t, reference, "StackName"); got != "CloudfurlEdge" {
				t.Errorf("got stack %v, want CloudfurlEdge", got)
			}
			if got := synthtest.At(t, reference, "Region"); got != "us-east-1" {
				t.Errorf("got region %v, want us-east-1", got)
			}
			output := synthtest.At(t, reference, "OutputName").(string)
			if !slices.Contains(edgeStack.Outputs(), output) {
				t.Fatalf("got output %s, want one of %v", output, edgeStack.Outputs())
			}
			version := edgeStack.Only(t, "AWS::Lambda::Version").LogicalID
			if got := synthtest.At(t, edgeStack, "Outputs", output, "Value", "Ref"); got != version {
				t.Errorf("got %v in the output, want the version %s", got, version)
			}
		})
	}
}

func TestEdgeStack_is_deployed_before_its_consumers(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	newEndpoint(stack, infra.EndpointProps{})

	var names []string
	for _, dependency := range *stack.Dependencies() {
		names = append(names, *dependency.StackName())
	}
	if !slices.Equal(names, []string{"CloudfurlEdge"}) {
		t.Errorf("got dependencies %v, want CloudfurlEdge", names)
	}
}

func TestEdgeStack_serves_an_endpoint_in_a_nested_stack(t *testing.T) {
	app := newApp()
	parent := newStack(app, "Parent", "eu-west-1")
	nested := awscdk.NewNestedStack(parent, jsii.String("Nested"), nil)
	infra.NewEndpoint(nested, jsii.String("Api"), &infra.EndpointProps{Handler: infra.GoHandler("./testdata/handler")})
	app.Synth(nil)
	template := synthtest.Template(*assertions.Template_FromStack(nested, nil).ToJSON())

	if got := synthtest.At(t, stackOutput(t, hasherARN(t, template)), "StackName"); got != "CloudfurlEdge" {
		t.Errorf("got stack %v, want CloudfurlEdge", got)
	}
	name := synthtest.At(t, template.Only(t, "AWS::CloudFront::OriginAccessControl").Properties, "OriginAccessControlConfig", "Name")
	if got := fmt.Sprint(name); !strings.HasPrefix(got, "Parent-") || !strings.HasSuffix(got, "-eu-west-1") {
		t.Errorf("got name %v, want the parent's name and region in it", name)
	}
	if got := len(*parent.Dependencies()); got != 1 {
		t.Errorf("got %d dependencies of the parent, want the edge stack", got)
	}
}

func TestEdgeStack_can_be_defined_by_the_caller(t *testing.T) {
	app := newApp()
	own := infra.NewEdgeStack(app, jsii.String("OwnEdge"), nil)
	newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{BodyHasher: own.BodyHasher})
	templates := synthtest.Templates(app)

	if templates["CloudfurlEdge"] != nil {
		t.Error("got a stack CloudfurlEdge, want only the caller's")
	}
	if got := synthtest.At(t, stackOutput(t, hasherARN(t, templates["Consumer"])), "StackName"); got != "OwnEdge" {
		t.Errorf("got stack %v, want OwnEdge", got)
	}
}

func TestEdgeStack_and_its_consumers_change_with_the_edge_code(t *testing.T) {
	templates := func() map[string]synthtest.Template {
		app := newApp()
		newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{})
		return synthtest.Templates(app)
	}
	before, again := templates(), templates()
	original := edge.BodyHasher
	t.Cleanup(func() { edge.BodyHasher = original })
	edge.BodyHasher += "\n// changed\n"
	after := templates()

	for _, stack := range []string{"CloudfurlEdge", "Consumer"} {
		if synthtest.Text(t, before[stack]) != synthtest.Text(t, again[stack]) {
			t.Errorf("%s: got two templates from the same code, want one", stack)
		}
		if synthtest.Text(t, before[stack]) == synthtest.Text(t, after[stack]) {
			t.Errorf("%s: got the same template after the edge code changed, want another", stack)
		}
	}
}

func TestEdgeStack_rejects_other_regions_and_accounts(t *testing.T) {
	inRegion := func(region string) *awscdk.StackProps {
		return &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String(region)}}
	}
	for name, test := range map[string]struct {
		define func(app awscdk.App)
		want   []string
	}{
		"edge stack elsewhere": {
			func(app awscdk.App) {
				infra.NewEdgeStack(app, jsii.String("Edge"), &infra.EdgeStackProps{StackProps: *inRegion("eu-west-1")})
			},
			[]string{"Edge", "eu-west-1", "us-east-1"},
		},
		"hasher elsewhere": {
			func(app awscdk.App) {
				infra.NewBodyHasher(awscdk.NewStack(app, jsii.String("Mine"), inRegion("eu-west-1")), jsii.String("Hasher"), nil)
			},
			[]string{"Mine/Hasher", "eu-west-1", "us-east-1"},
		},
		"hasher in no region": {
			func(app awscdk.App) {
				infra.NewBodyHasher(awscdk.NewStack(app, jsii.String("Mine"), nil), jsii.String("Hasher"), nil)
			},
			[]string{"Mine/Hasher", "without a region", "Env.Region of the stack to us-east-1"},
		},
		"two accounts": {
			func(app awscdk.App) {
				own := infra.NewEdgeStack(app, jsii.String("Edge"), &infra.EdgeStackProps{
					StackProps: awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("444455556666")}},
				})
				stack := awscdk.NewStack(app, jsii.String("Mine"), &awscdk.StackProps{
					Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
				})
				newEndpoint(stack, infra.EndpointProps{BodyHasher: own.BodyHasher})
			},
			[]string{"444455556666", "111122223333", "its own account"},
		},
		"outside of an app": {
			func(awscdk.App) { infra.EdgeStackOf(constructs.NewRootConstruct(jsii.String("Mine"))) },
			[]string{"isn't in an app", "awscdk.NewApp"},
		},
		"id is taken": {
			func(app awscdk.App) {
				awscdk.NewStack(app, jsii.String("CloudfurlEdge"), nil)
				newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{})
			},
			[]string{"CloudfurlEdge is taken"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() { test.define(newApp()) })
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}
