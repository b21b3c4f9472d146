package infra

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// newAdapter returns the settings of AWS's Lambda Web Adapter, or why the adapter
// wouldn't accept what is known of them.
func newAdapter(port *float64, readinessCheckPath string, asyncInit bool) (code.Adapter, error) {
	adapter := code.Adapter{ReadinessCheckPath: readinessCheckPath, AsyncInit: asyncInit}
	if port != nil {
		adapter.Port = numberText(port)
	}
	known := adapter
	if !construct.IsConcrete(&readinessCheckPath) {
		known.ReadinessCheckPath = ""
	}
	return adapter, known.Check()
}

// adapterOptions returns what an adapter needs to know of a function's options.
func adapterOptions(options *awslambda.FunctionOptions) code.FunctionOptions {
	return code.FunctionOptions{
		AdotInstrumentation: options.AdotInstrumentation != nil,
		Environment:         concrete(options.Environment),
	}
}

// concrete returns the variables whose values are known at synthesis.
func concrete(variables *map[string]*string) map[string]string {
	known := map[string]string{}
	if variables != nil {
		for name, value := range *variables {
			if value != nil && construct.IsConcrete(value) {
				known[name] = *value
			}
		}
	}
	return known
}

// pointers returns variables as awscdk takes them.
func pointers(variables map[string]string) map[string]*string {
	environment := map[string]*string{}
	for name, value := range variables {
		environment[name] = jsii.String(value)
	}
	return environment
}

// numberText returns a number, which may be a token, as text.
func numberText(n *float64) string {
	if !construct.IsNumber(n) {
		return *awscdk.Token_AsString(n, nil)
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// newAdapterLayer refers to AWS's layer with the adapter for the region of scope. It
// panics with an *Error if AWS publishes none there.
func newAdapterLayer(scope constructs.Construct, architecture awslambda.Architecture) awslambda.ILayerVersion {
	env := construct.EnvironmentOf(scope)
	layer, err := code.NewAdapterLayer(env.Partition(), env.Region, *architecture.Name())
	construct.Check(scope, nil, err)
	arn := awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("lambda"),
		Account:      jsii.String(layer.Account),
		Resource:     jsii.String("layer"),
		ResourceName: jsii.String(layer.NameAndVersion),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	return awslambda.LayerVersion_FromLayerVersionArn(scope, jsii.String("AdapterLayer"), arn)
}
