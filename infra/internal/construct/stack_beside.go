package construct

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// stackBeside finds or defines the stack with an id below the stack of a consumer.
// Its name is that of the consumer's and a suffix, and so is its description. It has
// the tags and the termination protection that the consumer's stack has so far. An
// app that wants it otherwise, as with its own synthesizer, which the CDK binds to one
// stack, defines the stack itself before.
func stackBeside(consumer constructs.Construct, id string, env Environment, suffix, description string) awscdk.Stack {
	top := TopStackOf(consumer)
	stack, ok := top.Node().TryFindChild(jsii.String(id)).(awscdk.Stack)
	if !ok {
		stack = awscdk.NewStack(top, jsii.String(id), &awscdk.StackProps{
			StackName:             jsii.String(*top.StackName() + suffix),
			Env:                   env.Props(),
			Description:           jsii.String(fmt.Sprintf(description, *top.StackName())),
			Tags:                  top.Tags().TagValues(),
			TerminationProtection: top.TerminationProtection(),
		})
	}
	if given := EnvironmentOf(stack); given != env {
		// A panic in the middle of one of CDK's own calls would leave the jsii runtime
		// waiting.
		awscdk.Annotations_Of(stack).AddError(jsii.String(fmt.Sprintf("%s is in %s of account %s, but its resources are in %s of account %s: give the stack that Env",
			*stack.Node().Path(), given.Region, given.Account, env.Region, env.Account)))
	}
	if len(*stack.Node().Children()) == 0 {
		// Only weak references cross regions without custom resources. The CDK takes no
		// such setting for a stack that isn't empty anymore.
		awscdk.CrossStackReferences_Of(stack).Consume(awscdk.ReferenceStrength_WEAK)
	}
	return stack
}

// permissionStackID is the construct id of the stack of permissions, below the
// stack of the function URL.
const permissionStackID = "CloudfurlPermissions"

// PermissionStackOf finds or defines the stack NAME-Permissions of what permits
// distributions of other regions to call a function URL.
func PermissionStackOf(url constructs.Construct) awscdk.Stack {
	return stackBeside(url, permissionStackID, EnvironmentOf(TopStackOf(url)), "-Permissions",
		"Permits CloudFront distributions of other regions to call functions of %s")
}
