package construct

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/regioninfo"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// EdgeRegion is the only region that Lambda@Edge accepts functions from.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
const EdgeRegion = "us-east-1"

// EdgePartition is the only partition that has Lambda@Edge.
const EdgePartition = "aws"

// An Environment is where resources are deployed. An account or region that is
// only known at deployment is a token, the same for all agnostic stacks.
type Environment struct {
	Account, Region string
}

// EnvironmentOf returns the environment of the stack that contains a construct.
func EnvironmentOf(of constructs.IConstruct) Environment {
	stack := awscdk.Stack_Of(of)
	return Environment{*stack.Account(), *stack.Region()}
}

// TopStackOf returns the stack that contains a construct. If that is nested, it
// returns the outermost one, which alone has a name before deployment.
func TopStackOf(of constructs.IConstruct) awscdk.Stack {
	stack := awscdk.Stack_Of(of)
	for stack.NestedStackParent() != nil {
		stack = stack.NestedStackParent()
	}
	return stack
}

// Props returns the environment for a new stack.
func (e Environment) Props() *awscdk.Environment {
	env := new(awscdk.Environment)
	if IsConcrete(&e.Account) {
		env.Account = jsii.String(e.Account)
	}
	if IsConcrete(&e.Region) {
		env.Region = jsii.String(e.Region)
	}
	return env
}

// DistributionProblem returns why a function in e can't be behind a
// distribution in another environment, or "".
func (e Environment) DistributionProblem(distribution Environment) string {
	switch {
	case e == distribution:
		return ""
	case e.Account != distribution.Account && IsConcrete(&e.Account) && IsConcrete(&distribution.Account):
		return fmt.Sprintf("the function is in account %s and the distribution in account %s: "+
			"the function's permission would have to name a distribution that its account can't see, define both in one account",
			e.Account, distribution.Account)
	case e.Account != distribution.Account:
		return "only one of the function's and the distribution's stacks has Env.Account: set both the same, or neither"
	case !IsConcrete(&e.Region) || !IsConcrete(&distribution.Region):
		return "only one of the function's and the distribution's stacks has Env.Region: set it in both, or in neither"
	}
	return ""
}

// Partition returns the partition of the region, or that of Lambda@Edge if the
// region is unknown.
func (e Environment) Partition() string {
	if IsConcrete(&e.Region) {
		if name := regioninfo.RegionInfo_Get(jsii.String(e.Region)).Partition(); name != nil {
			return *name
		}
	}
	return EdgePartition
}

// StageOf returns the app or stage of scope.
func StageOf(scope constructs.IConstruct) constructs.IConstruct {
	if stage := awscdk.Stage_Of(scope); stage != nil {
		return stage
	}
	return scope.Node().Root()
}

// Text returns a string that may be nil.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// IsConcrete reports whether s is known at synthesis.
func IsConcrete(s *string) bool {
	return !*awscdk.Token_IsUnresolved(s)
}
