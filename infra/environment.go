package infra

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/regioninfo"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// An environment is where resources are deployed. An account or region that is
// only known at deployment is a token, the same for all agnostic stacks.
type environment struct {
	account, region string
}

// environmentOf returns the environment of the stack that contains a construct.
func environmentOf(construct constructs.IConstruct) environment {
	stack := awscdk.Stack_Of(construct)
	return environment{*stack.Account(), *stack.Region()}
}

// topStackOf returns the stack that contains a construct. If that is nested, it
// returns the outermost one, which alone has a name before deployment.
func topStackOf(construct constructs.IConstruct) awscdk.Stack {
	stack := awscdk.Stack_Of(construct)
	for stack.NestedStackParent() != nil {
		stack = stack.NestedStackParent()
	}
	return stack
}

// props returns the environment for a new stack.
func (e environment) props() *awscdk.Environment {
	env := new(awscdk.Environment)
	if isConcrete(&e.account) {
		env.Account = jsii.String(e.account)
	}
	if isConcrete(&e.region) {
		env.Region = jsii.String(e.region)
	}
	return env
}

// distributionProblem returns why a function in e can't be behind a
// distribution in another environment, or "".
func (e environment) distributionProblem(distribution environment) string {
	switch {
	case e == distribution:
		return ""
	case e.account != distribution.account && isConcrete(&e.account) && isConcrete(&distribution.account):
		return fmt.Sprintf("the function is in account %s and the distribution in account %s: "+
			"the function's permission would have to name a distribution that its account can't see, define both in one account",
			e.account, distribution.account)
	case e.account != distribution.account:
		return "only one of the function's and the distribution's stacks has Env.Account: give both the same, or neither"
	case !isConcrete(&e.region) || !isConcrete(&distribution.region):
		return "only one of the function's and the distribution's stacks has Env.Region: give it to both, or to neither"
	}
	return ""
}

// partition returns the partition of the region, or that of Lambda@Edge if the
// region is unknown.
func (e environment) partition() string {
	if isConcrete(&e.region) {
		if name := regioninfo.RegionInfo_Get(jsii.String(e.region)).Partition(); name != nil {
			return *name
		}
	}
	return edgePartition
}

// functionProblem returns why a function can't have a URL with an invoke mode in the
// stack of scope, or "". Lambda defines function URLs in the function's own region.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
func functionProblem(scope constructs.Construct, function awslambda.IFunction, mode awslambda.InvokeMode) string {
	if _, ok := function.(awslambda.IVersion); ok || isVersionArn(*function.FunctionArn()) {
		return "got a Version as Function: Lambda has URLs for functions and aliases only, give the function or an alias of the version"
	}
	if mode == awslambda.InvokeMode_RESPONSE_STREAM && isInVpc(function) {
		return "got a Function in a VPC: " + vpcCure
	}
	if function.TenancyConfig() != nil {
		return "got a Function with TenancyConfig: " + tenancyCure
	}
	env := function.Env()
	own := environmentOf(scope)
	var elsewhere, here []string
	for _, part := range []struct{ name, function, own string }{
		{"account", *env.Account, own.account},
		{"region", *env.Region, own.region},
	} {
		switch functionStack := function.Stack(); {
		case part.function == part.own:
		case isConcrete(&part.function) && isConcrete(&part.own):
			elsewhere = append(elsewhere, part.name+" "+part.function)
			here = append(here, part.name+" "+part.own)
		case *functionStack.Node().Addr() != *awscdk.Stack_Of(scope).Node().Addr():
			return fmt.Sprintf("got a Function of another stack, and only one of the two stacks has a given %s: give it to both, or to neither", part.name)
		}
	}
	if len(elsewhere) == 0 {
		return ""
	}
	problem := fmt.Sprintf("got a Function of %s in a stack of %s: its URL has to be there, define this construct in a stack of %[1]s",
		strings.Join(elsewhere, " and "), strings.Join(here, " and "))
	if *env.Account == own.account {
		problem += ", or a StreamingOrigin in the function's region, whose Origin works in distributions elsewhere"
	}
	return problem
}

// vpcCure says why a function in a VPC can't stream, and what to do.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html#config-rs-vpc-compatibility
const vpcCure = "function URLs don't stream responses in a VPC, define the function without one and reach private resources through their public API, " +
	"or give a StreamingOrigin InvokeMode_BUFFERED"

// See: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda.TenancyConfig.html
const tenancyCure = "functions with tenant isolation can't have a function URL, remove it"

// isInVpc reports whether a function, or the one behind an alias, is in a VPC.
func isInVpc(function awslambda.IFunction) bool {
	if alias, ok := function.(awslambda.IAlias); ok {
		function = alias.Version().Lambda()
	}
	return *function.IsBoundToVpc()
}

// isVersionArn reports whether an ARN is that of a function's version.
func isVersionArn(arn string) bool {
	parts := strings.Split(arn, ":")
	return len(parts) == 8 && numeric.MatchString(parts[7])
}

func isConcrete(s *string) bool {
	return !*awscdk.Token_IsUnresolved(s)
}
