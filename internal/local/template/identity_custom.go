package template

import (
	"cmp"
	"encoding/json"
	"strings"
)

// otherAttribute returns an attribute that the table of identities doesn't have, for types
// whose attributes the template names itself. It returns nil for those that the resource
// doesn't have.
func (s subject) otherAttribute(attribute string) (any, error) {
	switch kind := s.resourceType(); {
	case kind == typeNestedStack:
		return s.nestedStackOutput(attribute)
	case kind == typeExportReader:
		return s.property("ReaderProps", "imports", attribute)
	case kind == typeCustomResource, isCustom(kind):
		return s.awsCall(attribute)
	}
	return nil, nil
}

func (s subject) parameterOfRegion() (string, error) {
	region, err := s.text("Region")
	if err != nil {
		return "", err
	}
	parameter, err := s.text("ParameterName")
	if err != nil {
		return "", err
	}
	return s.d.ssmParameter(s.s, region, parameter)
}

// awsCall gives the response of an AwsCustomResource that reads an SSM parameter.
func (s subject) awsCall(attribute string) (any, error) {
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

func (s subject) nestedStack() (*stack, error) {
	if nested, ok := s.s.nested[s.id]; ok {
		return nested, nil
	}
	return nil, foreign("", "the template of nested stack %s isn't in the assembly", s.id)
}

// nestedStackOutput gives Outputs.Name.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func (s subject) nestedStackOutput(attribute string) (any, error) {
	output, ok := strings.CutPrefix(attribute, "Outputs.")
	if !ok {
		return nil, nil
	}
	nested, err := s.nestedStack()
	if err != nil {
		return nil, err
	}
	return s.d.output(nested, output)
}
