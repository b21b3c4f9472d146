package code

import (
	"fmt"
	"strconv"
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

// An AdapterLayer is a layer of AWS's with the adapter, by the parts of its ARN.
type AdapterLayer struct {
	Account, NameAndVersion string
}

// NewAdapterLayer returns the layer for an architecture in a region of a partition, or
// why AWS publishes none there. A region that is only known at deployment is one of
// AWS's own partition.
func NewAdapterLayer(partition, region, architecture string) (layer AdapterLayer, err error) {
	name, ok := adapterLayerNames[architecture]
	if !ok {
		return layer, fmt.Errorf("got architecture %s, for which AWS has no layer with its Lambda Web Adapter: give arm64 or x86_64", architecture)
	}
	if partition != "aws" {
		return layer, fmt.Errorf("got a stack in %s, of partition %s, where AWS doesn't publish the layer with its Lambda Web Adapter for every CPU: "+
			"give the layer, or a copy in your account, as AdapterLayer, or use ImageHandler", region, partition)
	}
	return AdapterLayer{adapterAccount, name + ":" + strconv.Itoa(adapterLayerVersion)}, nil
}
