package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
)

// resolvedProperties returns the properties that a resource of the app has in its
// template, under the names of the CDK's TypeScript. Empty ones are left out, and
// so is what AddPropertyOverride adds.
//
// It reads them all at once: since jsii 1.142, the getter of a single property
// whose value is lazy returns an empty copy, which the CDK can't resolve.
// CfnProperties returns lazy values as references.
func resolvedProperties(resource awscdk.CfnResource) map[string]any {
	properties, _ := resource.Stack().Resolve(resource.CfnProperties()).(map[string]any)
	return properties
}
