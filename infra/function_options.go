package infra

import (
	"maps"
	"math"
	"reflect"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Lambda's limits for a function.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	minMemorySize = 128   // MB
	maxMemorySize = 10240 // MB
	minTimeout    = 1     // seconds
	maxTimeout    = 900   // seconds
)

// functionOptions returns a copy of given with the defaults of a function that
// streams. The options may be nil.
func functionOptions(given *awslambda.FunctionOptions) *awslambda.FunctionOptions {
	options := new(awslambda.FunctionOptions)
	if given != nil {
		*options = *given
	}
	if options.Architecture == nil {
		options.Architecture = awslambda.Architecture_ARM_64()
	}
	if options.MemorySize == nil {
		options.MemorySize = jsii.Number(256)
	}
	if options.Timeout == nil {
		options.Timeout = awscdk.Duration_Minutes(jsii.Number(5))
	}
	return options
}

// functionProps returns the props of a function with the options and code.
// awslambda.FunctionProps has every field of FunctionOptions under its name.
func functionProps(options *awslambda.FunctionOptions, config *HandlerConfig) *awslambda.FunctionProps {
	props := new(awslambda.FunctionProps)
	from, to := reflect.ValueOf(options).Elem(), reflect.ValueOf(props).Elem()
	for i := range from.NumField() {
		to.FieldByName(from.Type().Field(i).Name).Set(from.Field(i))
	}
	props.Code, props.Runtime, props.Handler = config.Code, config.Runtime, config.Handler
	props.Environment = environmentOfFunction(options, config)
	if len(config.Layers) > 0 {
		layers := slices.Clone(config.Layers)
		if options.Layers != nil {
			layers = append(layers, *options.Layers...)
		}
		props.Layers = &layers
	}
	return props
}

// environmentOfFunction returns the variables of a handler with those of the
// options, which replace them.
func environmentOfFunction(options *awslambda.FunctionOptions, config *HandlerConfig) *map[string]*string {
	if len(config.Environment) == 0 {
		return options.Environment
	}
	variables := maps.Clone(config.Environment)
	if options.Environment != nil {
		maps.Copy(variables, *options.Environment)
	}
	return &variables
}

// checkFunctionOptions panics with an *Error about the construct id in scope if
// Lambda wouldn't accept the function, or wouldn't stream its responses.
func checkFunctionOptions(scope constructs.Construct, id *string, options *awslambda.FunctionOptions) {
	checkMemorySize(scope, id, options.MemorySize)
	if n := options.ReservedConcurrentExecutions; n != nil && !*awscdk.Token_IsUnresolved(n) && (*n < 0 || *n != math.Trunc(*n)) {
		fail(scope, id, "got ReservedConcurrentExecutions %v: give a whole number of requests, 0 or more", *n)
	}
	if s, whole, given := seconds(options.Timeout); given && (!whole || s < minTimeout || s > maxTimeout) {
		fail(scope, id, "got Timeout %v s: give %d to %d whole seconds, enough for the whole stream", s, minTimeout, maxTimeout)
	}
	if options.Vpc != nil {
		fail(scope, id, "got a Vpc: %s", vpcCure)
	}
}

// checkMemorySize panics with an *Error about the construct id in scope if
// Lambda wouldn't accept a function's memory.
func checkMemorySize(scope constructs.Construct, id *string, m *float64) {
	if m != nil && !*awscdk.Token_IsUnresolved(m) && (*m < minMemorySize || *m > maxMemorySize || *m != math.Trunc(*m)) {
		fail(scope, id, "got MemorySize %v MB: give %d to %d whole MB", *m, minMemorySize, maxMemorySize)
	}
}

// isNumber reports whether n is known at synthesis.
func isNumber(n *float64) bool {
	return !*awscdk.Token_IsUnresolved(n)
}

// seconds returns a duration in seconds and whether it is a whole number of
// them. given is false for nil and for a token.
func seconds(duration awscdk.Duration) (s float64, whole, given bool) {
	if duration == nil || *duration.IsUnresolved() {
		return 0, false, false
	}
	s = *duration.ToMilliseconds(nil) / 1000
	return s, s == math.Trunc(s), true
}
