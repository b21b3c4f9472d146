package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// demoStackProps are the properties of the demo's stack.
type demoStackProps struct {
	awscdk.StackProps

	// Architecture is the instruction set of the handler.
	Architecture awslambda.Architecture

	// BodyHasher hashes request bodies.
	BodyHasher *infra.BodyHasher
}

// newDemoStack defines an endpoint for functions/demo, with outputs for its
// addresses.
func newDemoStack(scope constructs.Construct, id *string, props *demoStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, id, &props.StackProps)
	endpoint := infra.NewEndpoint(stack, jsii.String("Endpoint"), &infra.EndpointProps{
		Handler:         infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/demo"),
		FunctionOptions: &awslambda.FunctionOptions{Architecture: props.Architecture},
		BodyHasher:      props.BodyHasher,
	})
	for _, output := range []struct {
		name        string
		description string
		value       *string
	}{
		{contract.OutputDistributionURL, "The address for viewers", endpoint.Url()},
		{contract.OutputFunctionName, "The function that runs the handler", endpoint.Function.FunctionName()},
		{contract.OutputFunctionURL, "The function URL, which accepts only signed requests", endpoint.FunctionUrl.Url()},
	} {
		awscdk.NewCfnOutput(stack, jsii.String(output.name), &awscdk.CfnOutputProps{
			Description: jsii.String(output.description),
			Value:       output.value,
		})
	}
	return stack
}
