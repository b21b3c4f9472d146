package main

import (
	"os"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// demoStackProps are the properties of the demo's stack.
type demoStackProps struct {
	awscdk.StackProps
	settings

	// BodyHasher hashes request bodies.
	BodyHasher *infra.BodyHasher
}

// newDemoStack defines an endpoint for functions/demo, with outputs that say
// where it is and where its logs are.
func newDemoStack(scope constructs.Construct, id *string, props *demoStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, id, &props.StackProps)
	if props.StaticDir != "" {
		// The CDK copies it into the assembly as soon as it is an asset.
		props.StaticDir = withClient(props.StaticDir)
		defer os.RemoveAll(props.StaticDir)
	}
	endpoint := infra.NewEndpoint(stack, jsii.String("Endpoint"), props.endpoint(stack))
	if props.AgentModel != "" {
		props.addAgent(endpoint)
	}
	type output struct {
		name        string
		description string
		value       *string
	}
	outputs := []output{
		{contract.OutputDistributionURL, "The address for viewers", endpoint.Url()},
		{contract.OutputFunctionName, "The function that runs the handler", endpoint.Function.FunctionName()},
		{contract.OutputFunctionURL, "The function URL, which accepts only signed requests", endpoint.FunctionUrl.Url()},
		{contract.OutputLogGroupName, "The log group of the handler", endpoint.LogGroup.LogGroupName()},
	}
	if props.AlarmEmail != "" {
		monitoring := infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{
			Endpoint:   endpoint,
			AlarmEmail: jsii.String(props.AlarmEmail),
		})
		outputs = append(outputs, output{contract.OutputDashboardURL, "The dashboard in CloudWatch", monitoring.Url()})
	}
	for _, output := range outputs {
		awscdk.NewCfnOutput(stack, jsii.String(output.name), &awscdk.CfnOutputProps{
			Description: jsii.String(output.description),
			Value:       output.value,
		})
	}
	return stack
}

// addAgent serves functions/agent beside the handler, with the model of the
// settings.
func (p *demoStackProps) addAgent(endpoint *infra.Endpoint) {
	options := &awslambda.FunctionOptions{
		Architecture: p.Architecture,
		Timeout:      awscdk.Duration_Minutes(jsii.Number(5)),
	}
	id, isBedrock := strings.CutPrefix(p.AgentModel, bedrockModel)
	build := new(infra.GoHandlerProps)
	if isBedrock {
		options.Environment = &map[string]*string{contract.EnvironmentAgentModel: &p.AgentModel}
	} else {
		build.BuildTags = []string{"nobedrock"} // compiling the AWS SDK takes a tenth of the first run
	}
	agent := endpoint.AddBehavior(jsii.String("Agent"), &infra.BehaviorProps{
		PathPattern:     jsii.String("/agent"),
		Handler:         infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/agent", build),
		FunctionOptions: options,
	})
	if isBedrock {
		props := &infra.BedrockModelProps{ModelId: &id}
		if p.AgentModelRegions != nil {
			props.DestinationRegions = jsii.Strings(p.AgentModelRegions...)
		}
		infra.NewBedrockModel(agent, jsii.String("Model"), props).GrantInvokeWithResponseStream(agent.Function)
	}
}

// endpoint returns the props of the endpoint that the settings describe.
func (p *demoStackProps) endpoint(stack awscdk.Stack) *infra.EndpointProps {
	props := &infra.EndpointProps{
		Handler: infra.GoHandler("github.com/cloudfurl/cloudfurl/functions/demo"),
		FunctionOptions: &awslambda.FunctionOptions{
			Architecture:                 p.Architecture,
			ReservedConcurrentExecutions: p.ReservedConcurrency,
		},
		BodyHasher: p.BodyHasher,
	}
	if p.StaticDir != "" {
		props.StaticFiles = &infra.StaticFilesProps{Directory: jsii.String(p.StaticDir)}
	}
	if p.AccessLogs {
		props.AccessLogs = new(infra.AccessLogsOptions)
	}
	switch {
	case p.WebACL == managedWebACL:
		props.WebAcl = new(infra.WebAclProps)
	case p.WebACL != "":
		props.WebAclId = jsii.String(p.WebACL)
	}
	if p.DomainName != "" {
		props.DomainNames = jsii.Strings(p.DomainName)
		props.HostedZone = awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("HostedZone"), &awsroute53.HostedZoneAttributes{
			HostedZoneId: jsii.String(p.HostedZoneID),
			ZoneName:     jsii.String(p.HostedZoneName),
		})
	}
	return props
}
