package construct

import (
	"reflect"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// An Inspectable is a resource of one of the types that the CDK knows.
type Inspectable interface {
	awscdk.CfnResource
	awscdk.IInspectable
}

// ResolvedProperties returns the properties that a resource of the app has in its
// template, under the names of the CDK's TypeScript. Empty ones are left out, and
// so is what AddPropertyOverride adds.
//
// The CDK resolves them before they get here: since jsii 1.142, lazy values arrive
// as empty copies, and those within others, such as the origins of a distribution,
// as references that can't be sent back.
func ResolvedProperties(resource Inspectable) map[string]any {
	inspector := awscdk.NewTreeInspector()
	resource.Inspect(inspector)
	inspected := ObjectOf(resource.Stack().Resolve(inspector))
	return ObjectOf(ObjectOf(inspected["attributes"])["aws:cdk:cloudformation:props"])
}

// ObjectOf returns a resolved value as an object, which is nil if it isn't one.
func ObjectOf(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

// ObjectsOf returns the elements of a resolved list of objects.
func ObjectsOf(value any) (objects []map[string]any) {
	list, _ := value.([]any)
	for _, element := range list {
		objects = append(objects, ObjectOf(element))
	}
	return objects
}

// CopyOf returns a copy of props, or empty props for nil.
func CopyOf[T any](props *T) *T {
	copied := new(T)
	if props != nil {
		*copied = *props
	}
	return copied
}

// CopyFields copies the fields that two structs of props have in common, by their names.
func CopyFields(to, from any) {
	target, source := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range source.NumField() {
		if field := target.FieldByName(source.Type().Field(i).Name); field.IsValid() {
			field.Set(source.Field(i))
		}
	}
}

// A Base is a construct of the CDK, for the constructs of infra to embed.
type Base struct {
	constructs.Construct
}

// ToString returns the construct's path. jsii needs a method to override.
func (b *Base) ToString() *string {
	return b.Node().Path()
}

// Allow returns the statement of a policy that permits actions on a resource.
func Allow(resource *string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings(actions...), Resources: &[]*string{resource}})
}

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
