package infra_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestStreamingFunctionUrl_streams_for_signed_requests_by_default(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	url := infra.NewStreamingFunctionUrl(stack, jsii.String("Api"), &infra.StreamingFunctionUrlProps{
		Handler: infra.GoHandler("./testdata/handler"),
	})
	role := awsiam.NewRole(stack, jsii.String("Caller"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("ec2.amazonaws.com"), nil)})
	url.GrantInvoke(role)

	consumer := synthtest.Templates(app)["Consumer"]
	properties := consumer.Only(t, "AWS::Lambda::Url").Properties
	for key, want := range map[string]any{"AuthType": "AWS_IAM", "InvokeMode": "RESPONSE_STREAM"} {
		if properties[key] != want {
			t.Errorf("got %s %v, want %v", key, properties[key], want)
		}
	}
	if got := consumer.Resources("AWS::Lambda::Permission"); len(got) > 0 {
		t.Errorf("got resource permissions %v, want the caller's own policy", got)
	}
	var granted string
	for _, policy := range consumer.Resources("AWS::IAM::Policy") {
		granted += synthtest.Text(t, policy.Properties)
	}
	for _, want := range []string{`"lambda:InvokeFunctionUrl"`, `"lambda:InvokeFunction"`, `"lambda:InvokedViaFunctionUrl":true`, `"lambda:FunctionUrlAuthType":"AWS_IAM"`} {
		if !strings.Contains(granted, want) {
			t.Errorf("got policies %s, want %s", granted, want)
		}
	}
	if len(synthtest.Templates(app)) != 1 {
		t.Error("got several stacks, want one without edge functions")
	}
}

func TestStreamingFunctionUrl_grants_callers_of_other_accounts_both_permissions(t *testing.T) {
	app := newApp()
	stack := awscdk.NewStack(app, jsii.String("Consumer"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
	})
	url := infra.NewStreamingFunctionUrl(stack, jsii.String("Api"), &infra.StreamingFunctionUrlProps{
		Handler: infra.GoHandler("./testdata/handler"),
		Alias:   new(infra.AliasOptions),
	})
	const caller = "arn:aws:iam::444455556666:role/caller"
	url.GrantInvoke(awsiam.NewArnPrincipal(jsii.String(caller)))
	url.GrantInvoke(awsiam.NewAccountPrincipal(jsii.String("777788889999")))
	url.GrantInvoke(awsiam.Role_FromRoleArn(stack, jsii.String("Role"), jsii.String(caller+"2"), nil))

	consumer := synthtest.Templates(app)["Consumer"]
	granted := map[string]bool{}
	for _, permission := range consumer.Resources("AWS::Lambda::Permission") {
		p := permission.Properties
		if name := synthtest.Text(t, p["FunctionName"]); !strings.Contains(name, "Alias") {
			t.Errorf("got a permission of %s, want the alias, which has the URL", name)
		}
		granted[fmt.Sprint(p["Principal"], " ", p["Action"], " ", p["FunctionUrlAuthType"], " ", p["InvokedViaFunctionUrl"])] = true
	}
	for _, principal := range []string{caller, caller + "2", "777788889999"} {
		for _, want := range []string{"lambda:InvokeFunctionUrl AWS_IAM <nil>", "lambda:InvokeFunction <nil> true"} {
			if !granted[principal+" "+want] {
				t.Errorf("got permissions %v, want %s for %s", granted, want, principal)
			}
		}
	}
	if len(granted) != 6 {
		t.Errorf("got %d permissions, want 2 for each of 3 callers", len(granted))
	}
}

func TestStreamingFunctionUrl_that_is_public_has_both_permissions_once(t *testing.T) {
	app := newApp()
	infra.NewStreamingFunctionUrl(newStack(app, "Consumer", "eu-west-1"), jsii.String("Api"), &infra.StreamingFunctionUrlProps{
		Handler:  infra.GoHandler("./testdata/handler"),
		AuthType: awslambda.FunctionUrlAuthType_NONE,
	})
	consumer := synthtest.Templates(app)["Consumer"]
	var actions []string
	for _, permission := range consumer.Resources("AWS::Lambda::Permission") {
		actions = append(actions, permission.Properties["Action"].(string))
		if permission.Properties["Principal"] != "*" {
			t.Errorf("got principal %v, want everyone", permission.Properties["Principal"])
		}
	}
	if len(actions) != 2 || actions[0] == actions[1] {
		t.Errorf("got actions %v, want lambda:InvokeFunctionUrl and lambda:InvokeFunction", actions)
	}
}

func TestStreamingFunctionUrl_rejects_invalid_props(t *testing.T) {
	handler := infra.GoHandler("./testdata/handler")
	for want, props := range map[string]*infra.StreamingFunctionUrlProps{
		"neither Handler nor Function": nil,
		`AuthType "public"`:            {Handler: handler, AuthType: "public"},
	} {
		stack := newStack(newApp(), "Consumer", "eu-west-1")
		message := synthtest.Failure(t, func() { infra.NewStreamingFunctionUrl(stack, jsii.String("Api"), props) })
		if !strings.Contains(message, "Consumer/Api") || !strings.Contains(message, want) {
			t.Errorf("got %q, want Consumer/Api and %q", message, want)
		}
	}
}
