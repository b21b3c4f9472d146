package infra

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// functionProblem returns why a function can't have a URL with an invoke mode in the
// stack of scope, or "". Lambda defines function URLs in the function's own region.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
func functionProblem(scope constructs.Construct, function awslambda.IFunction, mode awslambda.InvokeMode) string {
	if mode == awslambda.InvokeMode_RESPONSE_STREAM && isInVpc(function) {
		return "got a Function in a VPC: " + synthesis.VpcHint
	}
	env := function.Env()
	own := construct.EnvironmentOf(scope)
	var elsewhere, here []string
	for _, part := range []struct{ name, function, own string }{
		{"account", *env.Account, own.Account},
		{"region", *env.Region, own.Region},
	} {
		switch functionStack := function.Stack(); {
		case part.function == part.own:
		case construct.IsConcrete(&part.function) && construct.IsConcrete(&part.own):
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
	if *env.Account == own.Account {
		problem += ", or a StreamingOrigin in the function's region, whose Origin works in distributions elsewhere"
	}
	return problem
}

// isInVpc reports whether a function, or the one behind an alias, is in a VPC.
func isInVpc(function awslambda.IFunction) bool {
	if alias, ok := function.(awslambda.IAlias); ok {
		function = alias.Version().Lambda()
	}
	return *function.IsBoundToVpc()
}
