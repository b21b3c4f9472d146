package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newTemplateShape defines stacks with parameters, mappings, nested conditions, a
// nested stack, and exports that another stack imports.
func newTemplateShape(app awscdk.App) {
	stage := awscdk.NewStage(app, jsii.String("Template"), nil)
	api := newStack(stage, "Api", "eu-west-1")
	greeting := newGreeting(api)

	nested := awscdk.NewNestedStack(api, jsii.String("Nested"), &awscdk.NestedStackProps{
		Parameters: &map[string]*string{"Greeting": greeting},
	})
	function := newNodeFunction(nested, "Function", "inspect.js", 5)
	function.AddEnvironment(jsii.String("GREETING"), awscdk.NewCfnParameter(nested, jsii.String("Greeting"), nil).ValueAsString(), nil)
	url := newFunctionURL(function, awslambda.InvokeMode_BUFFERED)

	site := newStack(stage, "Site", "eu-west-1")
	distribution := newDistribution(site, behavior(url))
	closed := awscdk.NewCfnParameter(site, jsii.String("Closed"), &awscdk.CfnParameterProps{Default: "no"})
	open := awscdk.NewCfnCondition(site, jsii.String("Open"), &awscdk.CfnConditionProps{
		Expression: awscdk.Fn_ConditionNot(awscdk.Fn_ConditionEquals(closed.ValueAsString(), jsii.String("yes"))),
	})
	for _, child := range *distribution.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		if permission, ok := child.(awslambda.CfnPermission); ok && *permission.Action() == "lambda:InvokeFunction" {
			permission.CfnOptions().SetCondition(open)
		}
	}
}

// newGreeting returns a greeting that depends on parameters: the region's, or one
// for paying customers, which depends on the number of seats.
func newGreeting(stack awscdk.Stack) *string {
	tier := awscdk.NewCfnParameter(stack, jsii.String("Tier"), &awscdk.CfnParameterProps{
		Default:       "free",
		AllowedValues: jsii.Strings("free", "paid"),
	})
	seats := awscdk.NewCfnParameter(stack, jsii.String("Seats"), &awscdk.CfnParameterProps{Type: jsii.String("Number"), Default: 1})
	greetings := awscdk.NewCfnMapping(stack, jsii.String("Greetings"), &awscdk.CfnMappingProps{
		Mapping: &map[string]*map[string]any{
			"eu-west-1": {"free": "hello from Ireland"},
			"us-east-1": {"free": "hello from Virginia"},
		},
	})
	paid := awscdk.NewCfnCondition(stack, jsii.String("Paid"), &awscdk.CfnConditionProps{
		Expression: awscdk.Fn_ConditionEquals(tier.ValueAsString(), jsii.String("paid")),
	})
	large := awscdk.NewCfnCondition(stack, jsii.String("Large"), &awscdk.CfnConditionProps{
		Expression: awscdk.Fn_ConditionAnd(paid, awscdk.Fn_ConditionNot(awscdk.Fn_ConditionEquals(seats.ValueAsString(), jsii.String("1")))),
	})
	return awscdk.Token_AsString(awscdk.Fn_ConditionIf(paid.LogicalId(),
		awscdk.Fn_ConditionIf(large.LogicalId(),
			awscdk.Fn_Sub(jsii.String("welcome, all ${Seats} of you"), nil),
			"welcome"),
		greetings.FindInMap(awscdk.Aws_REGION(), jsii.String("free"), nil)), nil)
}
