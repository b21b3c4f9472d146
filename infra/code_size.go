package infra

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/bundle"
)

// checkCodeSize panics with an *Error about scope if a function's code and layers
// are larger than Lambda allows. What isn't an asset of the app has no known size:
// layers by ARN, and those that are added to the function later.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func checkCodeSize(scope constructs.Construct, function awslambda.Function, layers *[]awslambda.ILayerVersion) {
	if layers == nil {
		return
	}
	var names []string
	var ofLayers int64
	for _, layer := range *layers {
		if bytes := assetSize(layer); bytes > 0 {
			ofLayers += bytes
			names = append(names, fmt.Sprintf("%s (%s)", *layer.Node().Path(), bundle.Megabytes(bytes)))
		}
	}
	if ofLayers == 0 {
		return
	}
	if own := assetSize(function); own+ofLayers > bundle.MaxSize {
		construct.Fail(scope, nil, "got code of %s and Layers of %s, together more than Lambda's %s unzipped: make them smaller, or use ImageHandler, whose limit is 10 GB. The layers: %s",
			bundle.Megabytes(own), bundle.Megabytes(ofLayers), bundle.Megabytes(bundle.MaxSize), strings.Join(names, ", "))
	}
}

// assetSize returns the size, unzipped, of the asset that is the code of a function
// or a layer, or 0 if that isn't known.
func assetSize(of constructs.IConstruct) int64 {
	asset, ok := of.Node().TryFindChild(jsii.String("Code")).(awss3assets.Asset)
	if !ok {
		return 0
	}
	path := *asset.AssetPath()
	if !filepath.IsAbs(path) {
		path = filepath.Join(*awscdk.Stage_Of(of).AssetOutdir(), path)
	}
	bytes, err := bundle.UnzippedSize(path)
	if err != nil {
		return 0
	}
	return bytes
}
