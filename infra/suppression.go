package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// A suppression is a finding of cdk-nag that a construct can't avoid.
//
// See: https://github.com/cdklabs/cdk-nag#suppressing-a-rule
type suppression struct {
	rule   string
	reason string

	// findings is a regular expression for the findings of the rule, if it has
	// several.
	findings string
}

// suppress writes a suppression to the metadata of a construct's resource,
// where cdk-nag finds it.
func suppress(construct constructs.IConstruct, s suppression) {
	rule := map[string]any{"id": s.rule, "reason": s.reason}
	if s.findings != "" {
		rule["applies_to"] = []any{map[string]any{"regex": "/" + s.findings + "/"}}
	}
	resource, ok := construct.(awscdk.CfnResource)
	if !ok {
		resource = construct.Node().DefaultChild().(awscdk.CfnResource)
	}
	rules := []any{}
	if earlier, ok := resource.GetMetadata(jsii.String("cdk_nag")).(map[string]any); ok {
		rules = earlier["rules_to_suppress"].([]any)
	}
	resource.AddMetadata(jsii.String("cdk_nag"), map[string]any{
		"rules_to_suppress": append(rules, rule),
	})
}
