package nag

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func TestGrantBedrockModels_adds_no_finding(t *testing.T) {
	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false),
		Context:            &map[string]any{"aws:cdk:bundling-stacks": []string{}},
	})
	stack := awscdk.NewStack(app, jsii.String("Agent"), nil)
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: infra.GoHandler("./handler")})
	infra.GrantBedrockModels(handler.Function, &infra.BedrockModelsProps{Models: []*infra.BedrockModel{
		{ModelId: jsii.String("amazon.nova-micro-v1:0")},
		{ModelId: jsii.String("eu.amazon.nova-lite-v1:0"), DestinationRegions: jsii.Strings("eu-central-1", "eu-west-1")},
		{ModelId: jsii.String("global.amazon.nova-2-lite-v1:0")},
	}})
	if got := findings(app); !slices.Equal(got, nil) {
		t.Errorf("got %q, want none", got)
	}
}
