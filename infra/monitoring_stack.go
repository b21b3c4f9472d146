package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// monitoringStackID is the construct id of the stack of what watches a
// distribution from us-east-1, below the stack that has the distribution.
const monitoringStackID = "CloudfurlMonitoring"

// watchingScope returns the scope in us-east-1 for what watches a distribution:
// consumer itself, or a construct in the stack NAME-Monitoring. That is deployed
// after the distribution's stack, and NAME-UsEast1 before it.
func watchingScope(consumer constructs.Construct, distribution constructs.IConstruct) constructs.Construct {
	env := environmentOf(consumer)
	if env.region == edgeRegion {
		return consumer
	}
	if !isConcrete(&env.region) {
		fail(consumer, nil, "got a stack without a region: alarms on CloudFront's metrics and its access logs are in %s, "+
			"and can't refer to a distribution whose region is unknown, give the stack Env.Region", edgeRegion)
	}
	if partition := env.partition(); partition != edgePartition {
		fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s", env.region, partition, edgePartition)
	}
	// Only weak references cross regions without custom resources.
	awscdk.CrossStackReferences_Of(distribution).Produce(awscdk.ReferenceStrength_WEAK)
	return constructs.NewConstruct(monitoringStackOf(consumer), awscdk.Names_NodeUniqueId(consumer.Node()))
}

// monitoringStackOf finds or defines the stack that watches the distributions of
// consumer's stack.
func monitoringStackOf(consumer constructs.Construct) awscdk.Stack {
	stack := topStackOf(consumer)
	if child, ok := stack.Node().TryFindChild(jsii.String(monitoringStackID)).(awscdk.Stack); ok {
		return child
	}
	env := environmentOf(stack)
	env.region = edgeRegion
	made := awscdk.NewStack(stack, jsii.String(monitoringStackID), &awscdk.StackProps{
		StackName:   jsii.String(*stack.StackName() + "-Monitoring"),
		Env:         env.props(),
		Description: jsii.String("Alarms and access logs of the CloudFront distributions of " + *stack.StackName()),
	})
	awscdk.CrossStackReferences_Of(made).Consume(awscdk.ReferenceStrength_WEAK)
	made.AddStackDependency(stack, jsii.String("It watches its distributions"))
	return made
}
