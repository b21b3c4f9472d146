package construct

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// A UsEast1 defines what CloudFront accepts only from us-east-1, such as
// certificates and web ACLs, for a construct in any region.
type UsEast1 struct {
	consumer constructs.Construct

	// Scope is where to define it: the consumer, or a construct in the stack
	// beside the consumer's.
	Scope constructs.Construct
}

// InUsEast1 returns the UsEast1 of consumer. If the consumer's stack is in
// another region, or in none that is known, it finds or defines the stack
// NAME-UsEast1. The shared EdgeStack can't be used: several apps deploy it, and
// each would delete what the others define there.
func InUsEast1(consumer constructs.Construct) *UsEast1 {
	if EnvironmentOf(consumer).Region == EdgeRegion {
		return &UsEast1{consumer, consumer}
	}
	env := EnvironmentOf(TopStackOf(consumer))
	// Fn::GetStackOutput reads within a partition.
	if partition := env.Partition(); partition != EdgePartition {
		Fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s, "+
			"or set a Certificate and a WebAclId of that partition", env.Region, partition, EdgePartition)
	}
	env.Region = EdgeRegion
	stack := stackBeside(consumer, "CloudfurlUsEast1", env, "-UsEast1", "Certificates and web ACLs of %s for CloudFront")
	awscdk.Stack_Of(consumer).AddStackDependency(stack, jsii.String("CloudFront uses its certificates and web ACLs"))
	return &UsEast1{consumer, constructs.NewConstruct(stack, awscdk.Names_NodeUniqueId(consumer.Node()))}
}

// IsBeside reports whether the scope is in another stack than the consumer.
func (u *UsEast1) IsBeside() bool {
	return *u.Scope.Node().Addr() != *u.consumer.Node().Addr()
}

// Arn returns the ARN of what was defined in the scope, for use by the consumer.
// The stack beside has it as an output, whose name never changes.
func (u *UsEast1) Arn(value *string) *string {
	if !u.IsBeside() {
		return value
	}
	stack := awscdk.Stack_Of(u.Scope)
	output := awscdk.NewCfnOutput(u.Scope, jsii.String("Arn"), &awscdk.CfnOutputProps{Value: value})
	return awscdk.Fn_GetStackOutput(stack.StackName(), stack.GetLogicalId(output), jsii.String(EdgeRegion), nil)
}

// WatchingScope returns the scope in us-east-1 for what watches a distribution:
// consumer itself, or a construct in the stack NAME-Monitoring. That is deployed
// after the distribution's stack, and NAME-UsEast1 before it.
func WatchingScope(consumer constructs.Construct, distribution constructs.IConstruct) constructs.Construct {
	env := EnvironmentOf(consumer)
	if env.Region == EdgeRegion {
		return consumer
	}
	if !IsConcrete(&env.Region) {
		Fail(consumer, nil, "got a stack without a region: alarms on CloudFront's metrics and its access logs are in %s, "+
			"and can't refer to a distribution whose region is unknown, set Env.Region of the stack", EdgeRegion)
	}
	if partition := env.Partition(); partition != EdgePartition {
		Fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s", env.Region, partition, EdgePartition)
	}
	// Only weak references cross regions without custom resources.
	awscdk.CrossStackReferences_Of(distribution).Produce(awscdk.ReferenceStrength_WEAK)
	env.Region = EdgeRegion
	stack := stackBeside(consumer, "CloudfurlMonitoring", env, "-Monitoring", "Alarms and access logs of the CloudFront distributions of %s")
	stack.AddStackDependency(TopStackOf(consumer), jsii.String("It watches its distributions"))
	return constructs.NewConstruct(stack, awscdk.Names_NodeUniqueId(consumer.Node()))
}

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
		awscdk.Annotations_Of(stack).AddError(jsii.String(fmt.Sprintf("%s is in %s of account %s, but its resources are in %s of account %s: set Env of the stack to that",
			*stack.Node().Path(), given.Region, given.Account, env.Region, env.Account)))
	}
	if len(*stack.Node().Children()) == 0 {
		// Only weak references cross regions without custom resources, such as those to a
		// hosted zone. The CDK takes no such setting for a stack that isn't empty anymore.
		awscdk.CrossStackReferences_Of(stack).Consume(awscdk.ReferenceStrength_WEAK)
	}
	return stack
}

// PermissionStackOf finds or defines the stack NAME-Permissions of what permits
// distributions of other regions to call a function URL.
func PermissionStackOf(url constructs.Construct) awscdk.Stack {
	return stackBeside(url, "CloudfurlPermissions", EnvironmentOf(TopStackOf(url)), "-Permissions",
		"Permits CloudFront distributions of other regions to call functions of %s")
}
