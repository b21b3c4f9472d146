package template

import (
	"cmp"
	"encoding/json"
	"strings"
)

const (
	typeExportWriter   = "Custom::CrossRegionExportWriter"
	typeCustomResource = "AWS::CloudFormation::CustomResource"
)

// customResource is the identity of custom resources without an entry in the
// table. Only their provider knows their attributes, except for AwsCustomResource.
var customResource = identity{ref: name("", maxStackName), other: awsCall}

// customIdentities are CloudFormation's own types, and the custom resources of
// the CDK whose attributes follow from their properties.
//
// Seen: the handlers of these custom resources in aws-cdk-lib 2.270.0.
var customIdentities = map[string]identity{
	"AWS::CloudFormation::Stack": {
		ref:   nestedStackID,
		other: nestedStackOutput,
	},
	typeCustomResource: customResource,

	// Writes the exports of a stack into the parameter store of another
	// region; see writtenParameter.
	typeExportWriter: customResource,

	// Gives each import, a dynamic reference, under its own name.
	"Custom::CrossRegionExportReader": {
		ref: customResource.ref,
		other: func(s subject, attribute string) (any, error) {
			return s.property("ReaderProps", "imports", attribute)
		},
	},

	// Reads the ARN of an experimental.EdgeFunction from the parameter that
	// the edge stack wrote.
	"Custom::CrossRegionStringParameterReader": {
		ref:        customResource.ref,
		attributes: map[string]valueFunc{"FunctionArn": parameterOfRegion},
	},

	"Custom::CDKBucketDeployment": {
		ref:        customResource.ref,
		attributes: map[string]valueFunc{"DestinationBucketArn": text("DestinationBucketArn")},
	},
	"Custom::LogRetention": refAs("LogGroupName", text("LogGroupName")),
}

func parameterOfRegion(s subject) (any, error) {
	region, err := s.text("Region")
	if err != nil {
		return nil, err
	}
	parameter, err := s.text("ParameterName")
	if err != nil {
		return nil, err
	}
	return s.d.ssmParameter(s.s, region, parameter)
}

// awsCall gives the response of an AwsCustomResource that reads an SSM parameter.
func awsCall(s subject, attribute string) (any, error) {
	if attribute != "Parameter.Value" {
		return nil, nil
	}
	text, err := s.text("Create")
	if err != nil || text == "" {
		if text, err = s.text("Update"); err != nil {
			return nil, err
		}
	}
	var call struct {
		Service, Action, Region string
		Parameters              struct{ Name string }
	}
	if json.Unmarshal([]byte(text), &call) != nil || !strings.EqualFold(strings.TrimPrefix(call.Service, "@aws-sdk/client-"), "ssm") ||
		!strings.EqualFold(strings.TrimSuffix(call.Action, "Command"), "getParameter") {
		return nil, nil
	}
	return s.d.ssmParameter(s.s, cmp.Or(call.Region, s.s.region), call.Parameters.Name)
}

func nestedStackID(s subject) (any, error) {
	if nested, ok := s.s.nested[s.id]; ok {
		return nested.stackID(), nil
	}
	return nil, foreign("", "the template of nested stack %s isn't in the assembly", s.id)
}

// nestedStackOutput gives Outputs.Name.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func nestedStackOutput(s subject, attribute string) (any, error) {
	output, ok := strings.CutPrefix(attribute, "Outputs.")
	if !ok {
		return nil, nil
	}
	nested, ok := s.s.nested[s.id]
	if !ok {
		return nil, foreign("", "the template of nested stack %s isn't in the assembly", s.id)
	}
	return s.d.output(nested, output)
}
