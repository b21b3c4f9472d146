package construct

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// monitoringStackID is the construct id of the stack of what watches a
// distribution from us-east-1, below the stack that has the distribution.
const monitoringStackID = "CloudfurlMonitoring"

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
			"and can't refer to a distribution whose region is unknown, give the stack Env.Region", EdgeRegion)
	}
	if partition := env.Partition(); partition != EdgePartition {
		Fail(consumer, nil, "got a stack in %s, of partition %s: define it in a region of partition %s", env.Region, partition, EdgePartition)
	}
	// Only weak references cross regions without custom resources.
	awscdk.CrossStackReferences_Of(distribution).Produce(awscdk.ReferenceStrength_WEAK)
	env.Region = EdgeRegion
	stack := stackBeside(consumer, monitoringStackID, env, "-Monitoring", "Alarms and access logs of the CloudFront distributions of %s")
	stack.AddStackDependency(TopStackOf(consumer), jsii.String("It watches its distributions"))
	return constructs.NewConstruct(stack, awscdk.Names_NodeUniqueId(consumer.Node()))
}
