package infra_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/gkampitakis/go-snaps/snaps"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestAlias_owns_the_function_URL_and_its_permissions(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		Alias: &infra.AliasOptions{
			ProvisionedConcurrentExecutions:    jsii.Number(2),
			MaxProvisionedConcurrentExecutions: jsii.Number(10),
		},
	})
	consumer := synthtest.Templates(app)["Consumer"]

	alias := consumer.Only(t, "AWS::Lambda::Alias")
	if got := synthtest.At(t, alias.Properties, "ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"); got != 2.0 {
		t.Errorf("got %v ready environments, want 2", got)
	}
	if got := synthtest.At(t, alias.Properties, "FunctionVersion", "Fn::GetAtt", 0); got != consumer.Only(t, "AWS::Lambda::Version").LogicalID {
		t.Errorf("got version %v, want the current one", got)
	}
	scaling := consumer.Only(t, "AWS::ApplicationAutoScaling::ScalableTarget").Properties
	if scaling["MinCapacity"] != 2.0 || scaling["MaxCapacity"] != 10.0 {
		t.Errorf("got scaling from %v to %v, want 2 to 10", scaling["MinCapacity"], scaling["MaxCapacity"])
	}
	url := consumer.Only(t, "AWS::Lambda::Url")
	if got := url.Properties["Qualifier"]; got != "live" {
		t.Errorf("got a URL of %v, want the alias's", got)
	}
	permissions := consumer.Resources("AWS::Lambda::Permission")
	if len(permissions) != 2 {
		t.Errorf("got %d permissions, want 2", len(permissions))
	}
	for _, permission := range permissions {
		if got := synthtest.At(t, permission.Properties, "FunctionName", "Fn::GetAtt", 0); got != url.LogicalID {
			t.Errorf("got a permission for %v, want it for what the URL belongs to", got)
		}
	}
	if got := len(consumer.Resources("AWS::CodeDeploy::DeploymentGroup")); got != 0 {
		t.Errorf("got %d deployment groups, want none without DeploymentConfig", got)
	}
}

func TestAlias_deployment_shifts_requests_and_rolls_back(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		Alias: &infra.AliasOptions{DeploymentConfig: awscodedeploy.LambdaDeploymentConfig_CANARY_10PERCENT_5MINUTES()},
	})
	consumer := synthtest.Templates(app)["Consumer"]

	group := consumer.Only(t, "AWS::CodeDeploy::DeploymentGroup")
	if got := group.Properties["DeploymentConfigName"]; got != "CodeDeployDefault.LambdaCanary10Percent5Minutes" {
		t.Errorf("got DeploymentConfigName %v, want the given one", got)
	}
	alarm := consumer.Only(t, "AWS::CloudWatch::Alarm")
	if got := synthtest.At(t, group.Properties, "AlarmConfiguration", "Alarms", 0, "Name", "Ref"); got != alarm.LogicalID {
		t.Errorf("got alarm %v, want %s", got, alarm.LogicalID)
	}
	if got := synthtest.Text(t, synthtest.At(t, group.Properties, "AutoRollbackConfiguration", "Events")); got != `["DEPLOYMENT_FAILURE","DEPLOYMENT_STOP_ON_ALARM"]` {
		t.Errorf("got rollback on %s, want it on both events", got)
	}
	if got := synthtest.Text(t, alarm.Properties); !strings.Contains(got, "ExecutedVersion") || !strings.Contains(got, "Url5xxCount") || !strings.Contains(got, ":live") {
		t.Errorf("got alarm %s, want errors of the new version and 5xx responses of the alias", got)
	}
	application := consumer.Only(t, "AWS::CodeDeploy::Application")
	if got := application.Properties["ComputePlatform"]; got != "Lambda" {
		t.Errorf("got ComputePlatform %v, want Lambda", got)
	}
	alias := consumer.Only(t, "AWS::Lambda::Alias").LogicalID
	update := synthtest.At(t, consumer, "Resources", alias, "UpdatePolicy", "CodeDeployLambdaAliasUpdate")
	if got := synthtest.At(t, update, "ApplicationName", "Ref"); got != application.LogicalID {
		t.Errorf("got application %v, want %s", got, application.LogicalID)
	}
	if got := synthtest.At(t, update, "DeploymentGroupName", "Ref"); got != group.LogicalID {
		t.Errorf("got group %v, want %s", got, group.LogicalID)
	}
	snaps.MatchJSON(t, synthtest.Normalize(map[string]any(consumer)))
}

func TestAlias_of_a_public_function_URL_has_both_permissions(t *testing.T) {
	app := newApp()
	infra.NewStreamingFunctionUrl(newStack(app, "Consumer", "eu-west-1"), jsii.String("Api"), &infra.StreamingFunctionUrlProps{
		Handler:  infra.GoHandler("./testdata/handler"),
		AuthType: awslambda.FunctionUrlAuthType_NONE,
		Alias:    &infra.AliasOptions{ProvisionedConcurrentExecutions: jsii.Number(1)},
	})
	consumer := synthtest.Templates(app)["Consumer"]

	if got := consumer.Only(t, "AWS::Lambda::Url").Properties["Qualifier"]; got != "live" {
		t.Errorf("got a URL of %v, want the alias's", got)
	}
	var actions []string
	for _, permission := range consumer.Resources("AWS::Lambda::Permission") {
		actions = append(actions, permission.Properties["Action"].(string))
		name := synthtest.Text(t, permission.Properties["FunctionName"])
		if !strings.Contains(name, consumer.Only(t, "AWS::Lambda::Alias").LogicalID) && !strings.Contains(name, consumer.Only(t, "AWS::Lambda::Url").LogicalID) {
			t.Errorf("got a permission for %s, want it for the alias", name)
		}
	}
	slices.Sort(actions)
	if want := []string{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}; !slices.Equal(actions, want) {
		t.Errorf("got permissions %q, want %q", actions, want)
	}
}

func TestAlias_deployment_uses_the_alarms_of_the_caller(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	endpoint := newEndpoint(stack, infra.EndpointProps{})
	endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
		PathPattern: jsii.String("/agent/*"),
		Handler:     infra.GoHandler("./testdata/handler"),
		Alias: &infra.AliasOptions{
			AliasName:        jsii.String("prod"),
			DeploymentConfig: awscodedeploy.LambdaDeploymentConfig_ALL_AT_ONCE(),
			Alarms:           &[]awscloudwatch.IAlarm{awscloudwatch.Alarm_FromAlarmName(stack, jsii.String("Own"), jsii.String("own"))},
		},
	})
	consumer := synthtest.Templates(app)["Consumer"]

	if got := synthtest.Text(t, synthtest.At(t, consumer.Only(t, "AWS::CodeDeploy::DeploymentGroup").Properties, "AlarmConfiguration", "Alarms")); !strings.Contains(got, `"Name"`) {
		t.Errorf("got alarms %s, want the caller's", got)
	}
	if got := len(consumer.Resources("AWS::CloudWatch::Alarm")); got != 0 {
		t.Errorf("got %d alarms, want none beside the caller's", got)
	}
	if got := consumer.Only(t, "AWS::Lambda::Alias").Properties["Name"]; got != "prod" {
		t.Errorf("got alias %v, want prod", got)
	}
}

func TestAlias_rejects(t *testing.T) {
	for name, test := range map[string]struct {
		props func(stack awscdk.Stack) infra.EndpointProps
		want  []string
	}{
		"a function of the caller": {
			func(stack awscdk.Stack) infra.EndpointProps {
				return infra.EndpointProps{Function: newNodeFunction(stack), Alias: &infra.AliasOptions{}}
			},
			[]string{"Consumer/Api", "Alias with Function"},
		},
		"a negative number": {
			func(awscdk.Stack) infra.EndpointProps {
				return infra.EndpointProps{Alias: &infra.AliasOptions{ProvisionedConcurrentExecutions: jsii.Number(-1)}}
			},
			[]string{"Consumer/Api", "provisionedConcurrentExecutions must have value greater than or equal to 1"},
		},
		"scaling from nothing": {
			func(awscdk.Stack) infra.EndpointProps {
				return infra.EndpointProps{Alias: &infra.AliasOptions{MaxProvisionedConcurrentExecutions: jsii.Number(5)}}
			},
			[]string{"without ProvisionedConcurrentExecutions"},
		},
		"scaling down": {
			func(awscdk.Stack) infra.EndpointProps {
				return infra.EndpointProps{Alias: &infra.AliasOptions{
					ProvisionedConcurrentExecutions:    jsii.Number(6),
					MaxProvisionedConcurrentExecutions: jsii.Number(5),
				}}
			},
			[]string{"Consumer/Api", "minCapacity (6) should be lower than maxCapacity (5)"},
		},
		"alarms without a deployment": {
			func(awscdk.Stack) infra.EndpointProps {
				return infra.EndpointProps{Alias: &infra.AliasOptions{Alarms: &[]awscloudwatch.IAlarm{}}}
			},
			[]string{"Alarms without DeploymentConfig"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := synthtest.Failure(t, func() {
				stack := newStack(newApp(), "Consumer", "eu-west-1")
				newEndpoint(stack, test.props(stack))
			})
			for _, want := range test.want {
				if !strings.Contains(message, want) {
					t.Errorf("got %q, want it to say %q", message, want)
				}
			}
		})
	}
}
