package infra

import (
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// A codeAsset is the code of a function as an asset that this machine makes. It
// implements awscdk.ILocalBundling.
type codeAsset struct {
	program program

	// err is why TryBundle failed.
	err error
}

// A program is what makes code.
type program interface {
	// Prepare returns why the code can't be made, as far as that is known, or nil. It
	// is called before the other methods.
	Prepare() error

	// Directory is where the sources are.
	Directory() string

	// Key is what determines the code besides the sources. It is the key of CDK's
	// cache of bundled assets.
	Key() []string

	// Write makes the code in an empty directory.
	Write(outputDir string) error
}

// newCodeConfig returns the configuration of a function whose code a program makes. It
// panics with an *Error about scope if the program can't.
func newCodeConfig(scope constructs.Construct, program program, runtime awslambda.Runtime, handler string) *HandlerConfig {
	construct.Check(scope, nil, program.Prepare())
	asset := &codeAsset{program: program}
	return &HandlerConfig{
		Runtime: runtime,
		Handler: jsii.String(handler),
		Failure: func() error { return asset.err },
		Code: awslambda.Code_FromAsset(jsii.String(program.Directory()), &awss3assets.AssetOptions{
			AssetHashType: awscdk.AssetHashType_OUTPUT,
			Bundling: &awscdk.BundlingOptions{
				Image:   runtime.BundlingImage(),
				Local:   asset,
				Command: jsii.Strings(program.Key()...),
			},
		}),
	}
}

// TryBundle makes the code in outputDir. It keeps a failure in err: a panic here would
// interrupt CDK's half of the call, and returning false would make CDK try Docker and
// hide the reason.
func (a *codeAsset) TryBundle(outputDir *string, _ *awscdk.BundlingOptions) *bool {
	if a.err = a.program.Write(*outputDir); a.err != nil {
		// CDK would take a remaining directory for the output of an earlier
		// successful build.
		os.RemoveAll(*outputDir)
	}
	return jsii.Bool(true)
}

// machineOf returns what the code of a function in scope is made for: its
// architecture, or what the context says for the local edge. It panics with an *Error
// for an architecture that Lambda doesn't have.
func machineOf(scope constructs.Construct, architecture awslambda.Architecture) code.Machine {
	context := func(key string) string {
		value, _ := scope.Node().TryGetContext(jsii.String("cloudfurl:" + key)).(string)
		return value
	}
	machine := code.Machine{
		Architecture: *architecture.Name(),
		GOOS:         context("goos"),
		GOARCH:       context("goarch"),
		Python:       context("python"),
	}
	construct.Check(scope, nil, machine.Check())
	return machine
}

func runtimeName(runtime awslambda.Runtime) string {
	if runtime == nil {
		return ""
	}
	return *runtime.Name()
}

// runtimeOf returns the runtime that was given, or else the default that an app has.
func runtimeOf(given awslambda.Runtime, app code.Runtime) awslambda.Runtime {
	switch {
	case given != nil:
		return given
	case app.Name == code.DefaultPython:
		return awslambda.Runtime_PYTHON_3_13()
	case app.Name == code.DefaultOSOnly:
		return awslambda.Runtime_PROVIDED_AL2023()
	}
	return awslambda.Runtime_NODEJS_24_X()
}

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

// pointers returns variables or arguments as awscdk takes them.
func pointers(variables map[string]string) map[string]*string {
	environment := map[string]*string{}
	for name, value := range variables {
		environment[name] = jsii.String(value)
	}
	return environment
}

// numberText returns a number, which may be a token, as text.
func numberText(n *float64) string {
	if *awscdk.Token_IsUnresolved(n) {
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
