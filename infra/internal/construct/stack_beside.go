package construct

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// stackBeside finds or defines the stack with an id below the stack of a consumer,
// and reports whether it defined it. Its name is that of the consumer's and a suffix,
// and so is its description.
func stackBeside(consumer constructs.Construct, id string, env Environment, suffix, description string) (stack awscdk.Stack, defined bool) {
	top := TopStackOf(consumer)
	if child, ok := top.Node().TryFindChild(jsii.String(id)).(awscdk.Stack); ok {
		return child, false
	}
	stack = awscdk.NewStack(top, jsii.String(id), &awscdk.StackProps{
		StackName:   jsii.String(*top.StackName() + suffix),
		Env:         env.Props(),
		Description: jsii.String(fmt.Sprintf(description, *top.StackName())),
	})
	// Only weak references cross regions without custom resources.
	awscdk.CrossStackReferences_Of(stack).Consume(awscdk.ReferenceStrength_WEAK)
	return stack, true
}

// permissionStackID is the construct id of the stack of permissions, below the
// stack of the function URL.
const permissionStackID = "CloudfurlPermissions"

// PermissionStackOf finds or defines the stack NAME-Permissions of what permits
// distributions of other regions to call a function URL.
func PermissionStackOf(url constructs.Construct) awscdk.Stack {
	stack, _ := stackBeside(url, permissionStackID, EnvironmentOf(TopStackOf(url)), "-Permissions",
		"Permits CloudFront distributions of other regions to call functions of %s")
	return stack
}
