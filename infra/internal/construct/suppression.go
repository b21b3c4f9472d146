package construct

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// A Suppression is a finding of cdk-nag that a construct can't avoid.
//
// See: https://github.com/cdklabs/cdk-nag#suppressing-a-rule
type Suppression struct {
	Rule   string
	Reason string

	// Findings is a regular expression for the findings of the rule, if it has
	// several.
	Findings string
}

// Suppress writes a suppression to the metadata of a construct's resource,
// where cdk-nag finds it.
func Suppress(of constructs.IConstruct, s Suppression) {
	rule := map[string]any{"id": s.Rule, "reason": s.Reason}
	if s.Findings != "" {
		rule["applies_to"] = []any{map[string]any{"regex": "/" + s.Findings + "/"}}
	}
	resource, ok := of.(awscdk.CfnResource)
	if !ok {
		resource = of.Node().DefaultChild().(awscdk.CfnResource)
	}
	rules := []any{}
	if earlier, ok := resource.GetMetadata(jsii.String("cdk_nag")).(map[string]any); ok {
		rules = earlier["rules_to_suppress"].([]any)
	}
	resource.AddMetadata(jsii.String("cdk_nag"), map[string]any{
		"rules_to_suppress": append(rules, rule),
	})
}
