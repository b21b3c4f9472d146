package main

import (
	"fmt"
	"os"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// The context keys of the app. Their defaults are in cdk.json.
const (
	contextArchitecture = "architecture"
	contextRegion       = "region"
)

// regionName matches the names of regions.
//
// See: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regionName = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)

// settings configure a deployment. They come from the context and the
// environment.
type settings struct {
	// Region is the region of the demo's stack.
	Region string

	// Account is the account of the credentials in use, or empty if the CDK CLI
	// found no credentials.
	Account string

	// Architecture is the instruction set of the handlers.
	Architecture awslambda.Architecture
}

// readSettings reads the context of scope. It panics with an *infra.Error if
// a value in the context is missing or invalid.
func readSettings(scope constructs.Construct) settings {
	s := settings{
		Region:  contextString(scope, contextRegion),
		Account: os.Getenv("CDK_DEFAULT_ACCOUNT"),
	}
	if !regionName.MatchString(s.Region) {
		panic(&infra.Error{
			Path:   "context " + contextRegion,
			Reason: fmt.Sprintf("got %q: give the name of a region, such as ap-northeast-1", s.Region),
		})
	}
	switch architecture := contextString(scope, contextArchitecture); architecture {
	case "arm64":
		s.Architecture = awslambda.Architecture_ARM_64()
	case "x86_64":
		s.Architecture = awslambda.Architecture_X86_64()
	default:
		panic(&infra.Error{
			Path:   "context " + contextArchitecture,
			Reason: fmt.Sprintf("got %q: give arm64 or x86_64", architecture),
		})
	}
	return s
}

// environment returns the environment of a stack in region.
func (s settings) environment(region string) *awscdk.Environment {
	env := &awscdk.Environment{Region: jsii.String(region)}
	if s.Account != "" {
		env.Account = jsii.String(s.Account)
	}
	return env
}

func contextString(scope constructs.Construct, key string) string {
	value, ok := scope.Node().TryGetContext(jsii.String(key)).(string)
	if !ok || value == "" {
		panic(&infra.Error{
			Path:   "context " + key,
			Reason: "got no value: run the app with the CDK CLI, which reads cdk.json, or give -c " + key + "=VALUE",
		})
	}
	return value
}
