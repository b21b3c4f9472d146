package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// deployed returns the ARN of the hasher's version as a stack in a stage reads it if
// the CDK CLI deploys only what matches the patterns, and what the CLI says about it.
func deployed(patterns ...string) (arn any, said []string) {
	app := awscdk.NewApp(&awscdk.AppProps{Context: &map[string]any{"aws:cdk:bundling-stacks": patterns}})
	stage := awscdk.NewStage(app, jsii.String("prod"), nil)
	stack := awscdk.NewStack(stage, jsii.String("Chat"), nil)
	arn = stack.Resolve(infra.EdgeStackOf(stack).BodyHasher.VersionIn(stack).EdgeArn())
	for _, entry := range *stack.Node().Metadata() {
		if *entry.Type == "aws:cdk:info" {
			said = append(said, entry.Data.(string))
		}
	}
	return arn, said
}

// deploy -e prod/Chat before an edge change, then deploy --all: the CDK CLI would skip
// Chat if its template didn't change, and keep the old version for good.
func TestBodyHasher_reaches_a_stack_that_was_deployed_without_the_edge_stack(t *testing.T) {
	alone, said := deployed("prod/Chat")
	for name, patterns := range map[string][]string{"--all": {"**"}, "both by name": {"prod/Chat", "prod/CloudfurlEdge"}, "cdk list": {}} {
		t.Run(name, func(t *testing.T) {
			together, said := deployed(patterns...)
			if cmp.Equal(alone, together) {
				t.Errorf("got %v with and without the edge stack, so the CLI would skip the next deployment", together)
			}
			stackOutput(t, together)
			if len(said) > 0 {
				t.Errorf("got %v, want nothing to be said", said)
			}
		})
	}
	if got := synthtest.At(t, alone, "Fn::GetStackOutput", "StackName"); got != "prod-CloudfurlEdge" {
		t.Errorf("got %v, want what prod-CloudfurlEdge has deployed", got)
	}
	if len(said) != 1 || !strings.Contains(said[0], "prod/CloudfurlEdge isn't deployed with this stack") {
		t.Errorf("got %q, want one line that names the stack", said)
	}
}
