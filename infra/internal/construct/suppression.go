package construct

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Suppress writes to the metadata of a construct's resource that it can't avoid a finding
// of cdk-nag, where cdk-nag finds it. Of a rule that has several, finding is a regular
// expression for those.
//
// See: https://github.com/cdklabs/cdk-nag#suppressing-a-rule
func Suppress(of constructs.IConstruct, rule, reason string, finding ...string) {
	entry := map[string]any{"id": rule, "reason": reason}
	for _, expression := range finding {
		entry["applies_to"] = []any{map[string]any{"regex": "/" + expression + "/"}}
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
		"rules_to_suppress": append(rules, entry),
	})
}
