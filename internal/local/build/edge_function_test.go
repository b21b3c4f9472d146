package build

import (
	"strings"
	"testing"
)

func TestEdgeFunction_beyond_older_limits_is_logged_at_viewer_events_only(t *testing.T) {
	for event, want := range map[string]int{"viewer-request": 2, "origin-request": 0} {
		_, log := open(t, siteAssembly(t, func(r object) {
			r["Edge"] = object{"Type": "AWS::Lambda::Function", "Metadata": object{"aws:cdk:path": "Site/Edge/Resource"}, "Properties": object{
				"Runtime": "nodejs22.x", "Handler": "index.handler", "Timeout": 30, "MemorySize": "256",
				"Code": object{"ZipFile": "exports.handler = async () => {}"}}}
			r["EdgeVersion"] = object{"Type": "AWS::Lambda::Version", "Properties": object{"FunctionName": object{"Ref": "Edge"}}}
			siteConfig(r)["DefaultCacheBehavior"].(object)["LambdaFunctionAssociations"] = []any{object{"EventType": event, "LambdaFunctionARN": object{"Ref": "EdgeVersion"}}}
		}), Options{})
		if got := strings.Count(log.String(), "Site/Edge may be rejected at "+event); got != want {
			t.Errorf("%s: %d lines, want %d: %s", event, got, want, log)
		}
	}
}

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
