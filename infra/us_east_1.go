package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// usEast1StackID is the construct id of the stack of what CloudFront accepts
// only from us-east-1, below the stack that uses it.
const usEast1StackID = "CloudfurlUsEast1"

// A usEast1 defines what CloudFront accepts only from us-east-1, such as
// certificates and web ACLs, for a construct in any region.
type usEast1 struct {
	consumer constructs.Construct

	// scope is where to define it: the consumer, or a construct in the stack
	// beside the consumer's.
	scope constructs.Construct
}

// inUsEast1 returns the usEast1 of consumer. If the consumer's stack is in
// another region, or in none that is known, it finds or defines the stack
// NAME-UsEast1. The shared EdgeStack can't be used: several apps deploy it, and
// each would delete what the others define there.
func inUsEast1(consumer constructs.Construct) *usEast1 {
	if construct.EnvironmentOf(consumer).Region == construct.EdgeRegion {
		return &usEast1{consumer, consumer}
	}
	stack := usEast1StackOf(consumer)
	awscdk.Stack_Of(consumer).AddStackDependency(stack, jsii.String("CloudFront uses its certificates and web ACLs"))
	return &usEast1{consumer, constructs.NewConstruct(stack, awscdk.Names_NodeUniqueId(consumer.Node()))}
}

// usEast1StackOf finds or defines the stack in us-east-1 of consumer's stack.
func usEast1StackOf(consumer constructs.Construct) awscdk.Stack {
	stack := construct.TopStackOf(consumer)
	if child, ok := stack.Node().TryFindChild(jsii.String(usEast1StackID)).(awscdk.Stack); ok {
		return child
	}
	env := construct.EnvironmentOf(stack)
	// Fn::GetStackOutput reads within a partition.
	if partition := env.Partition(); partition != construct.EdgePartition {
		construct.Fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s, "+
			"or give a Certificate and a WebAclId of that partition", env.Region, partition, construct.EdgePartition)
	}
	env.Region = construct.EdgeRegion
	made := awscdk.NewStack(stack, jsii.String(usEast1StackID), &awscdk.StackProps{
		StackName:   jsii.String(*stack.StackName() + "-UsEast1"),
		Env:         env.Props(),
		Description: jsii.String("Certificates and web ACLs of " + *stack.StackName() + " for CloudFront"),
	})
	// A hosted zone of another region, for one. Only weak references cross
	// regions without custom resources.
	awscdk.CrossStackReferences_Of(made).Consume(awscdk.ReferenceStrength_WEAK)
	return made
}

// isBeside reports whether the scope is in another stack than the consumer.
func (u *usEast1) isBeside() bool {
	return *u.scope.Node().Addr() != *u.consumer.Node().Addr()
}

// arn returns the ARN of what was defined in the scope, for use by the consumer.
// The stack beside has it as an output, whose name never changes.
func (u *usEast1) arn(value *string) *string {
	if !u.isBeside() {
		return value
	}
	stack := awscdk.Stack_Of(u.scope)
	output := awscdk.NewCfnOutput(u.scope, jsii.String("Arn"), &awscdk.CfnOutputProps{Value: value})
	return awscdk.Fn_GetStackOutput(stack.StackName(), stack.GetLogicalId(output), jsii.String(construct.EdgeRegion), nil)
}
