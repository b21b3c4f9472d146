package build

import (
	"testing"
)

func TestEdgeFunction_with_layers_is_logged(t *testing.T) {
	dir := siteAssembly(t, func(r object) {
		siteConfig(r)["DefaultCacheBehavior"].(object)["LambdaFunctionAssociations"] = []any{
			object{"EventType": "origin-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:edge:1"}}
	})
	addStack(t, dir, "Edge", "us-east-1", object{
		"Function": object{"Type": "AWS::Lambda::Function", "Properties": object{
			"FunctionName": "edge", "Runtime": "nodejs22.x", "Handler": "index.handler", "Layers": []any{toolsLayer},
			"Code": object{"ZipFile": "exports.handler = async () => {}"}}},
		"Version": object{"Type": "AWS::Lambda::Version", "Properties": object{"FunctionName": object{"Ref": "Function"}}},
	})
	_, log := open(t, dir, Options{Layers: map[string]string{toolsLayer: layerFiles(t, false)}})
	log.Want(t, "Edge/Function can't be deployed as an edge function", "Lambda@Edge rejects functions with layers")
}
