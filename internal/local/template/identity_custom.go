package template

import "strings"

const (
	typeExportWriter   = "Custom::CrossRegionExportWriter"
	typeCustomResource = "AWS::CloudFormation::CustomResource"
)

// customResource is the identity of the custom resources that have no entry of
// their own: their attributes are whatever their provider answers.
var customResource = Identity{Ref: name("", maxStackName)}

// customIdentities are CloudFormation's own types, and the custom resources of
// the CDK whose answers follow from their properties.
//
// Seen: the handlers of these custom resources in aws-cdk-lib 2.270.0.
var customIdentities = map[string]Identity{
	"AWS::CloudFormation::Stack": {
		Ref:   nestedStackID,
		Other: nestedStackOutput,
	},
	typeCustomResource: customResource,

	// Writes the exports of a stack into the parameter store of another
	// region; see writtenParameter.
	typeExportWriter: customResource,

	// Gives each import, a dynamic reference, under its own name.
	"Custom::CrossRegionExportReader": {
		Ref: customResource.Ref,
		Other: func(s Subject, attribute string) (any, error) {
			return s.nested("ReaderProps", "imports", attribute)
		},
	},

	// Reads the ARN of an experimental.EdgeFunction from the parameter that
	// the edge stack wrote.
	"Custom::CrossRegionStringParameterReader": {
		Ref:        customResource.Ref,
		Attributes: map[string]Value{"FunctionArn": parameterOfRegion},
	},

	"Custom::CDKBucketDeployment": {
		Ref:        customResource.Ref,
		Attributes: map[string]Value{"DestinationBucketArn": text("DestinationBucketArn")},
	},
	"Custom::LogRetention": {
		Ref:        text("LogGroupName"),
		Attributes: map[string]Value{"LogGroupName": text("LogGroupName")},
	},
}

func parameterOfRegion(s Subject) (any, error) {
	region, err := s.Text("Region")
	if err != nil {
		return nil, err
	}
	parameter, err := s.Text("ParameterName")
	if err != nil {
		return nil, err
	}
	return s.d.ssmParameter(s.s, region, parameter)
}

func nestedStackID(s Subject) (any, error) {
	if nested, ok := s.s.nested[s.id]; ok {
		return nested.stackID(), nil
	}
	return nil, fail("nested stack %s has a template that the assembly does not hold", s.id)
}

// nestedStackOutput gives Outputs.Name.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func nestedStackOutput(s Subject, attribute string) (any, error) {
	output, ok := strings.CutPrefix(attribute, "Outputs.")
	if !ok {
		return nil, nil
	}
	nested, ok := s.s.nested[s.id]
	if !ok {
		return nil, fail("nested stack %s has a template that the assembly does not hold", s.id)
	}
	return s.d.output(nested, output)
}
