package infra_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// newStackIn returns a stack in an account and a region, of which either may be
// empty.
func newStackIn(app awscdk.App, id, account, region string) awscdk.Stack {
	env := new(awscdk.Environment)
	if account != "" {
		env.Account = jsii.String(account)
	}
	if region != "" {
		env.Region = jsii.String(region)
	}
	return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{Env: env})
}

// newDistribution defines a distribution with an origin for each path.
func newDistribution(stack awscdk.Stack, origins map[string]awscloudfront.IOrigin) awscloudfront.Distribution {
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{Origin: awscloudfrontorigins.NewHttpOrigin(jsii.String("www.example.com"), nil)},
	})
	for path, origin := range origins {
		distribution.AddBehavior(jsii.String(path), origin, nil)
	}
	return distribution
}

func newOrigin(stack awscdk.Stack) awscloudfront.IOrigin {
	return infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{Function: newNodeFunction(stack)}).Origin
}

// See: https://github.com/aws/aws-cdk/issues/34536
func TestStreamingOrigin_permits_a_distribution_in_another_region_beside_the_function(t *testing.T) {
	app := newApp()
	tokyo, dublin := newStack(app, "Tokyo", "ap-northeast-1"), newStack(app, "Dublin", "eu-west-1")
	front := newStack(app, "Front", "us-west-2")
	newDistribution(front, map[string]awscloudfront.IOrigin{"/tokyo/*": newOrigin(tokyo), "/dublin/*": newOrigin(dublin)})

	regions := map[string]string{}
	dependencies := map[string][]string{}
	assembly := app.Synth(nil)
	for _, stack := range *assembly.StacksRecursively() {
		regions[*stack.StackName()] = *stack.Environment().Region
		for _, dependency := range *stack.Dependencies() {
			dependencies[*stack.StackName()] = append(dependencies[*stack.StackName()], *dependency.Id())
		}
	}
	templates := synthtest.Templates(app)
	if got := templates["Front"].Resources("AWS::Lambda::Permission"); len(got) != 0 {
		t.Errorf("got %d permissions in the distribution's stack, want them beside the functions", len(got))
	}
	for name, region := range map[string]string{"Tokyo": "ap-northeast-1", "Dublin": "eu-west-1"} {
		permissions := name + "-Permissions"
		if got := regions[permissions]; got != region {
			t.Errorf("got stack %s in %q, want %s", permissions, got, region)
		}
		if got := dependencies[permissions]; !slices.Contains(got, "Front") || !slices.Contains(got, name) {
			t.Errorf("got %s deployed after %v, want after Front and %s", permissions, got, name)
		}
		granted := permissionsOf(t, templates[permissions])
		if !slices.Equal(granted, []string{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}) {
			t.Errorf("%s: got permissions %v, want both", permissions, granted)
		}
		for _, permission := range templates[permissions].Resources("AWS::Lambda::Permission") {
			if got := synthtest.Text(t, permission.Properties["SourceArn"]); !strings.Contains(got, `"StackName":"Front"`) || !strings.Contains(got, `"us-west-2"`) {
				t.Errorf("got SourceArn %s, want the distribution of Front in us-west-2", got)
			}
			if got := synthtest.Text(t, permission.Properties["FunctionName"]); !strings.Contains(got, `"StackName":"`+name+`"`) {
				t.Errorf("got FunctionName %s, want the function of %s", got, name)
			}
		}
	}
	for name, tmpl := range templates {
		for _, resource := range tmpl.Resources("") {
			if strings.HasPrefix(resource.Type, "Custom::") {
				t.Errorf("%s: got the custom resource %s, want references without one", name, resource.Type)
			}
		}
	}
}

func TestStreamingOrigin_permits_a_distribution_in_another_stack_of_the_region(t *testing.T) {
	for name, region := range map[string]string{"explicit": "eu-west-1", "environment-agnostic": ""} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			newDistribution(newStack(app, "Front", region), map[string]awscloudfront.IOrigin{"/api/*": newOrigin(newStack(app, "Back", region))})

			if got := permissionsOf(t, synthtest.Templates(app)["Front"]); !slices.Equal(got, []string{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}) {
				t.Errorf("got permissions %v in the distribution's stack, want both", got)
			}
		})
	}
}

func TestStreamingOrigin_rejects_environments_that_CloudFront_and_Lambda_cannot_bridge(t *testing.T) {
	const one, two = "111122223333", "444455556666"
	imported := func(arn string) func(awscdk.App) {
		return func(app awscdk.App) {
			stack := newStackIn(app, "Mine", one, "eu-west-1")
			function := awslambda.Function_FromFunctionArn(stack, jsii.String("Imported"), jsii.String(arn))
			newEndpoint(stack, infra.EndpointProps{Function: function})
		}
	}
	behind := func(functionAccount, functionRegion, account, region string) func(awscdk.App) {
		return func(app awscdk.App) {
			origin := newOrigin(newStackIn(app, "Back", functionAccount, functionRegion))
			newDistribution(newStackIn(app, "Front", account, region), map[string]awscloudfront.IOrigin{"/api/*": origin})
			app.Synth(nil)
		}
	}
	for name, test := range map[string]struct {
		define func(app awscdk.App)
		want   []string
	}{
		"distribution in another account":                 {behind(one, "eu-west-1", two, "eu-west-1"), []string{"Front/Distribution/Origin2", one, two, "in one account"}},
		"distribution in a known account":                 {behind("", "eu-west-1", two, "eu-west-1"), []string{"Front/Distribution/Origin2", "Env.Account"}},
		"distribution in a known region":                  {behind("", "", "", "us-west-2"), []string{"Front/Distribution/Origin2", "Env.Region"}},
		"imported function of another region":             {imported("arn:aws:lambda:us-west-2:" + one + ":function:f"), []string{"Mine/Api/Origin", "region us-west-2", "region eu-west-1", "in a stack of region us-west-2"}},
		"imported function of another account":            {imported("arn:aws:lambda:eu-west-1:" + two + ":function:f"), []string{"Mine/Api/Origin", "account " + two, "account " + one, "in a stack of account " + two}},
		"imported function of another account and region": {imported("arn:aws:lambda:us-west-2:" + two + ":function:f"), []string{"define this construct in a stack of account " + two + " and region us-west-2"}},
		"tenants": {func(app awscdk.App) {
			stack := newStack(app, "Mine", "eu-west-1")
			newEndpoint(stack, infra.EndpointProps{Function: awslambda.NewFunction(stack, jsii.String("Own"), &awslambda.FunctionProps{
				Runtime: awslambda.Runtime_NODEJS_24_X(), Handler: jsii.String("index.handler"),
				Code:          awslambda.Code_FromInline(jsii.String("exports.handler = async () => 'ok'")),
				TenancyConfig: awslambda.TenancyConfig_PER_TENANT(),
			})})
		}, []string{"Mine/Api/Origin: FunctionUrl is not supported for functions with tenant isolation mode"}},
		"endpoint of a function elsewhere": {func(app awscdk.App) {
			newEndpoint(newStack(app, "Mine", "eu-west-1"), infra.EndpointProps{Function: newNodeFunction(newStack(app, "Other", "us-west-2"))})
		}, []string{"Mine/Api/Origin", "region us-west-2", "or a StreamingOrigin in the function's region"}},
		"endpoint of a function in no given region": {func(app awscdk.App) {
			newEndpoint(newStack(app, "Mine", "eu-west-1"), infra.EndpointProps{Function: newNodeFunction(newStack(app, "Other", ""))})
		}, []string{"Mine/Api/Origin", "another stack", "region"}},
		"version": {func(app awscdk.App) {
			stack := newStack(app, "Mine", "eu-west-1")
			newEndpoint(stack, infra.EndpointProps{Function: newNodeFunction(stack).CurrentVersion()})
		}, []string{"Mine/Api/Origin: FunctionUrl cannot be used with a Version"}},
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

func TestEndpoint_of_a_function_elsewhere_synthesizes_as_the_hints_say(t *testing.T) {
	const one, two = "111122223333", "444455556666"
	imported := func(stack awscdk.Stack, arn string) awslambda.IFunction {
		return awslambda.Function_FromFunctionArn(stack, jsii.String("Imported"), jsii.String(arn))
	}
	for name, test := range map[string]struct {
		define func(app awscdk.App)
		hint   string
		follow func(app awscdk.App)
	}{
		"another account": {
			func(app awscdk.App) {
				function := newNodeFunction(newStackIn(app, "Back", two, "eu-west-1"))
				newEndpoint(newStackIn(app, "Front", one, "eu-west-1"), infra.EndpointProps{Function: function})
			},
			"define this construct in a stack of account " + two,
			func(app awscdk.App) {
				function := newNodeFunction(newStackIn(app, "Back", two, "eu-west-1"))
				newEndpoint(newStackIn(app, "Front", two, "eu-west-1"), infra.EndpointProps{Function: function})
			},
		},
		"imported, another account and region": {
			func(app awscdk.App) {
				stack := newStackIn(app, "Front", one, "eu-west-1")
				newEndpoint(stack, infra.EndpointProps{Function: imported(stack, "arn:aws:lambda:us-west-2:"+two+":function:f")})
			},
			"define this construct in a stack of account " + two + " and region us-west-2",
			func(app awscdk.App) {
				stack := newStackIn(app, "Front", two, "us-west-2")
				newEndpoint(stack, infra.EndpointProps{Function: imported(stack, "arn:aws:lambda:us-west-2:"+two+":function:f")})
			},
		},
		"another region": {
			func(app awscdk.App) {
				function := newNodeFunction(newStackIn(app, "Back", one, "us-west-2"))
				newEndpoint(newStackIn(app, "Front", one, "eu-west-1"), infra.EndpointProps{Function: function})
			},
			"or a StreamingOrigin in the function's region, whose Origin works in distributions elsewhere",
			func(app awscdk.App) {
				origin := newOrigin(newStackIn(app, "Back", one, "us-west-2"))
				newDistribution(newStackIn(app, "Front", one, "eu-west-1"), map[string]awscloudfront.IOrigin{"/api/*": origin})
			},
		},
		"an account for one only": {
			func(app awscdk.App) {
				function := newNodeFunction(newStackIn(app, "Back", one, "eu-west-1"))
				newEndpoint(newStackIn(app, "Front", "", "eu-west-1"), infra.EndpointProps{Function: function})
			},
			"set it in both, or in neither",
			func(app awscdk.App) {
				function := newNodeFunction(newStackIn(app, "Back", one, "eu-west-1"))
				newEndpoint(newStackIn(app, "Front", one, "eu-west-1"), infra.EndpointProps{Function: function})
			},
		},
		"body hasher of another account": {
			func(app awscdk.App) {
				hasher := infra.EdgeStackOf(newStackIn(app, "Back", two, "eu-west-1")).BodyHasher
				newEndpoint(newStackIn(app, "Front", one, "eu-west-1"), infra.EndpointProps{BodyHasher: hasher})
			},
			"use that of EdgeStackOf(scope)",
			func(app awscdk.App) {
				back := newStackIn(app, "Back", two, "eu-west-1")
				newNodeFunction(back)
				infra.EdgeStackOf(back)
				stack := newStackIn(app, "Front", one, "eu-west-1")
				newEndpoint(stack, infra.EndpointProps{BodyHasher: infra.EdgeStackOf(stack).BodyHasher})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantRejection(t, func() { test.define(newApp()) }, "Front/Api", test.hint)
			app := newApp()
			test.follow(app)
			app.Synth(nil)
		})
	}
}

// See: https://github.com/aws-cloudformation/cfn-lint/pull/4495
func TestStreamingOrigin_splits_no_Fn_GetStackOutput(t *testing.T) {
	for name, region := range map[string]string{"in another region": "us-west-2", "in another stack": "eu-west-1"} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			app.Node().SetContext(jsii.String("@aws-cdk/core:defaultCrossStackReferences"), "weak")
			origin := newOrigin(newStack(app, "Back", "eu-west-1"))
			newDistribution(newStack(app, "Front", region), map[string]awscloudfront.IOrigin{"/api/*": origin})
			distribution := synthtest.Templates(app)["Front"].Only(t, "AWS::CloudFront::Distribution").Properties
			domainName := synthtest.At(t, distribution, "DistributionConfig", "Origins", 1, "DomainName")

			joined := synthtest.At(t, domainName, "Fn::Select", 1, "Fn::Split", 1, "Fn::Join", 1)
			if got := synthtest.At(t, joined, 0, "Fn::GetStackOutput", "StackName"); got != "Back" {
				t.Errorf("got %s, want the URL of Back in an Fn::Join", synthtest.Text(t, domainName))
			}
		})
	}
}

// permissionsOf returns the sorted actions that a template permits.
func permissionsOf(t *testing.T, tmpl synthtest.Template) (actions []string) {
	t.Helper()
	for _, permission := range tmpl.Resources("AWS::Lambda::Permission") {
		actions = append(actions, permission.Properties["Action"].(string))
	}
	slices.Sort(actions)
	return actions
}
