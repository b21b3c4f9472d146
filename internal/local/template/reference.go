package template

import (
	"maps"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// ref evaluates Ref for parameters, pseudo parameters and resources.
func (r resolver) ref(raw any) (any, error) {
	name, ok := raw.(string)
	if !ok {
		return nil, fail("is %s, not a logical id", typeName(raw))
	}
	if strings.HasPrefix(name, "AWS::") {
		return r.s.pseudoParameter(name)
	}
	if _, ok := r.s.parameters[name]; ok {
		return r.d.parameter(r.s, name)
	}
	return r.attributeOf(name, "Ref")
}

func (r resolver) getAtt(raw any) (any, error) {
	const form = `["logical id", "attribute"]`
	if text, ok := raw.(string); ok {
		id, attribute, dotted := strings.Cut(text, ".")
		if !dotted {
			return nil, fault.New("write "+form, "is %q", text)
		}
		return r.attributeOf(id, attribute)
	}
	a := r.arguments(raw, 2, 2, form)
	id, attribute := literal[string](a, 0, "a logical id"), a.text(1)
	if a.err != nil {
		return nil, a.err
	}
	return r.attributeOf(id, attribute)
}

func (r resolver) attributeOf(id, attribute string) (any, error) {
	if r.inCondition {
		return nil, fault.New(useKnown(keys(r.s.parameters)), "refers to %q, but Conditions may refer only to parameters", id)
	}
	if _, ok := r.s.resources[id]; !ok {
		names := append(keys(r.s.parameters), r.s.resourceIDs...)
		return nil, fault.New(useKnown(names), "refers to %q, which the template doesn't define", id)
	}
	subject, err := r.d.subject(r.s, id)
	if err != nil {
		return nil, err
	}
	return r.d.attribute(subject, attribute)
}

// pseudoParameters are the values of pseudo parameters.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
var pseudoParameters = map[string]func(*stack) any{
	"AWS::AccountId":        func(s *stack) any { return s.account },
	"AWS::NoValue":          func(*stack) any { return noValue{} },
	"AWS::NotificationARNs": func(s *stack) any { return listOf(s.NotificationARNs) },
	"AWS::Partition":        func(s *stack) any { return partitionOf(s.region).name },
	"AWS::Region":           func(s *stack) any { return s.region },
	"AWS::StackId":          func(s *stack) any { return s.stackID() },
	"AWS::StackName":        func(s *stack) any { return s.name },
	"AWS::URLSuffix":        func(s *stack) any { return partitionOf(s.region).suffix },
}

func (s *stack) pseudoParameter(name string) (any, error) {
	if value, ok := pseudoParameters[name]; ok {
		return value(s), nil
	}
	return nil, fault.New(useKnown(slices.Collect(maps.Keys(pseudoParameters))), "unknown pseudo parameter %q", name)
}

// stackID returns the stack's ARN, which CloudFormation calls its id.
func (s *stack) stackID() string {
	subject := subject{s: s, id: "AWS::StackId"}
	return subject.arn("cloudformation", s.region, s.account, "stack/"+s.name+"/"+subject.uuid("stack"))
}

// A partition is a group of regions with their own domain.
type partition struct{ prefix, name, suffix string }

// partitions are found by the first prefix that a region has; the last one is
// for all others.
//
// Seen: the region facts of aws-cdk-lib 2.270.0.
// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.region_info-readme.html
var partitions = []partition{
	{"cn-", "aws-cn", "amazonaws.com.cn"},
	{"us-gov-", "aws-us-gov", "amazonaws.com"},
	{"us-iso-", "aws-iso", "c2s.ic.gov"},
	{"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
	{"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
	{"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
	{"eusc-", "aws-eusc", "amazonaws.eu"},
	{"", "aws", "amazonaws.com"},
}

func partitionOf(region string) partition {
	i := slices.IndexFunc(partitions, func(p partition) bool { return strings.HasPrefix(region, p.prefix) })
	return partitions[i]
}
