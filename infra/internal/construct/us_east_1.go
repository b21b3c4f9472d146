package construct

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// usEast1StackID is the construct id of the stack of what CloudFront accepts
// only from us-east-1, below the stack that uses it.
const usEast1StackID = "CloudfurlUsEast1"

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
	stack := usEast1StackOf(consumer)
	awscdk.Stack_Of(consumer).AddStackDependency(stack, jsii.String("CloudFront uses its certificates and web ACLs"))
	return &UsEast1{consumer, constructs.NewConstruct(stack, awscdk.Names_NodeUniqueId(consumer.Node()))}
}

// usEast1StackOf finds or defines the stack in us-east-1 of consumer's stack.
func usEast1StackOf(consumer constructs.Construct) awscdk.Stack {
	env := EnvironmentOf(TopStackOf(consumer))
	// Fn::GetStackOutput reads within a partition.
	if partition := env.Partition(); partition != EdgePartition {
		Fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s, "+
			"or give a Certificate and a WebAclId of that partition", env.Region, partition, EdgePartition)
	}
	env.Region = EdgeRegion
	// It may refer to a hosted zone of another region, for one.
	return stackBeside(consumer, usEast1StackID, env, "-UsEast1", "Certificates and web ACLs of %s for CloudFront")
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
