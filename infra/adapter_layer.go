package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// AWS's public layers with the Lambda Web Adapter. Version 30 is the adapter's
// 1.1.0.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
// See: https://github.com/aws/aws-lambda-web-adapter/pull/871
const (
	adapterLayerVersion = 30
	adapterAccount      = "753240598075"
)

// adapterLayerNames are the layers' names by architecture.
var adapterLayerNames = map[string]string{
	"arm64":  "LambdaAdapterLayerArm64",
	"x86_64": "LambdaAdapterLayerX86",
}

// adapterAccountsChina are the accounts of the layers in China, which are for x86_64
// only.
var adapterAccountsChina = map[string]string{
	"cn-north-1":     "041581134020",
	"cn-northwest-1": "069767869989",
}

// newAdapterLayer refers to AWS's layer for the region of scope. It panics with an
// *Error if AWS publishes none there.
func newAdapterLayer(scope constructs.Construct, architecture awslambda.Architecture) awslambda.ILayerVersion {
	name, ok := adapterLayerNames[*architecture.Name()]
	if !ok {
		construct.Fail(scope, nil, "got architecture %s, for which AWS has no layer with its Lambda Web Adapter: give arm64 or x86_64", *architecture.Name())
	}
	arn := awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("lambda"),
		Account:      jsii.String(adapterAccountIn(scope, *architecture.Name())),
		Resource:     jsii.String("layer"),
		ResourceName: jsii.String(fmt.Sprintf("%s:%d", name, adapterLayerVersion)),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	return awslambda.LayerVersion_FromLayerVersionArn(scope, jsii.String("AdapterLayer"), arn)
}

// adapterAccountIn returns the account of the layer in the region of scope. A
// region that is only known at deployment is taken for one of AWS's partition.
func adapterAccountIn(scope constructs.Construct, architecture string) string {
	env := construct.EnvironmentOf(scope)
	const cure = "copy the layer to your account and give it as AdapterLayer, or use ImageHandler"
	switch partition := env.Partition(); partition {
	case "aws":
		return adapterAccount
	case "aws-cn":
		account, ok := adapterAccountsChina[env.Region]
		if !ok || architecture != "x86_64" {
			construct.Fail(scope, nil, "got architecture %s in %s, where AWS publishes its Lambda Web Adapter for x86_64 only: "+
				"give FunctionOptions.Architecture, or %s", architecture, env.Region, cure)
		}
		return account
	default:
		construct.Fail(scope, nil, "got a stack in %s, of partition %s, where AWS doesn't publish the layer with its Lambda Web Adapter: %s", env.Region, partition, cure)
		return ""
	}
}
