package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// monitoringStackID is the construct id of the stack of what watches a
// distribution from us-east-1, below the stack that has the distribution.
const monitoringStackID = "CloudfurlMonitoring"

// watchingScope returns the scope in us-east-1 for what watches a distribution:
// consumer itself, or a construct in the stack NAME-Monitoring. That is deployed
// after the distribution's stack, and NAME-UsEast1 before it.
func watchingScope(consumer constructs.Construct, distribution constructs.IConstruct) constructs.Construct {
	env := construct.EnvironmentOf(consumer)
	if env.Region == construct.EdgeRegion {
		return consumer
	}
	if !construct.IsConcrete(&env.Region) {
		construct.Fail(consumer, nil, "got a stack without a region: alarms on CloudFront's metrics and its access logs are in %s, "+
			"and can't refer to a distribution whose region is unknown, give the stack Env.Region", construct.EdgeRegion)
	}
	if partition := env.Partition(); partition != construct.EdgePartition {
		construct.Fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s", env.Region, partition, construct.EdgePartition)
	}
	// Only weak references cross regions without custom resources.
	awscdk.CrossStackReferences_Of(distribution).Produce(awscdk.ReferenceStrength_WEAK)
	return constructs.NewConstruct(monitoringStackOf(consumer), awscdk.Names_NodeUniqueId(consumer.Node()))
}

// monitoringStackOf finds or defines the stack that watches the distributions of
// consumer's stack.
func monitoringStackOf(consumer constructs.Construct) awscdk.Stack {
	stack := construct.TopStackOf(consumer)
	if child, ok := stack.Node().TryFindChild(jsii.String(monitoringStackID)).(awscdk.Stack); ok {
		return child
	}
	env := construct.EnvironmentOf(stack)
	env.Region = construct.EdgeRegion
	made := awscdk.NewStack(stack, jsii.String(monitoringStackID), &awscdk.StackProps{
		StackName:   jsii.String(*stack.StackName() + "-Monitoring"),
		Env:         env.Props(),
		Description: jsii.String("Alarms and access logs of the CloudFront distributions of " + *stack.StackName()),
	})
	awscdk.CrossStackReferences_Of(made).Consume(awscdk.ReferenceStrength_WEAK)
	made.AddStackDependency(stack, jsii.String("It watches its distributions"))
	return made
}
