package infra

//lint:file-ignore SA1019 apps may set awslambda's deprecated options.

import (
	"cmp"
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// functionOptions returns a copy of given with the defaults of a function that
// streams. The options may be nil.
func functionOptions(given *awslambda.FunctionOptions) *awslambda.FunctionOptions {
	options := construct.CopyOf(given)
	options.Architecture = cmp.Or(options.Architecture, awslambda.Architecture_ARM_64())
	options.MemorySize = cmp.Or(options.MemorySize, jsii.Number(256))
	options.Timeout = cmp.Or(options.Timeout, awscdk.Duration_Minutes(jsii.Number(5)))
	return options
}

func functionProps(options *awslambda.FunctionOptions, config *HandlerConfig) *awslambda.FunctionProps {
	props := new(awslambda.FunctionProps)
	construct.CopyFields(props, options)
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

// takeLogOptions returns the options for the log group of a function, and removes
// them, since the CDK would define a log group for them with a custom resource.
func takeLogOptions(options *awslambda.FunctionOptions) *awslogs.LogGroupProps {
	props := &awslogs.LogGroupProps{
		Retention:     cmp.Or(options.LogRetention, awslogs.RetentionDays_ONE_MONTH),
		RemovalPolicy: cmp.Or(options.LogRemovalPolicy, awscdk.RemovalPolicy_DESTROY),
	}
	options.LogRetention, options.LogRemovalPolicy = "", ""
	return props
}
