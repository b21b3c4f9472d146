package nag

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestBedrockModel_adds_no_finding(t *testing.T) {
	app := synthtest.NewApp()
	stack := awscdk.NewStack(app, jsii.String("Agent"), nil)
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: infra.GoHandler("./handler")})
	for id, props := range map[string]*infra.BedrockModelProps{
		"Micro":  {ModelId: jsii.String("amazon.nova-micro-v1:0")},
		"Lite":   {ModelId: jsii.String("eu.amazon.nova-lite-v1:0"), DestinationRegions: jsii.Strings("eu-central-1", "eu-west-1")},
		"Global": {ModelId: jsii.String("global.amazon.nova-2-lite-v1:0")},
	} {
		infra.NewBedrockModel(stack, jsii.String(id), props).GrantInvokeWithResponseStream(handler.Function)
	}
	if got := findings(app); !slices.Equal(got, nil) {
		t.Errorf("got %q, want none", got)
	}
}
