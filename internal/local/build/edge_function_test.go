package build

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
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
	log.Want(t, "Edge/Function: can't be deployed as an edge function", "Lambda@Edge rejects functions with layers")
}

// withEdge attaches the version of an ARN at origin-request.
func withEdge(arn string) func(object) {
	return func(r object) {
		siteConfig(r)["DefaultCacheBehavior"].(object)["LambdaFunctionAssociations"] = []any{object{"EventType": "origin-request", "LambdaFunctionARN": arn}}
	}
}

func TestEdgeFunction_whose_role_does_not_trust_the_edge_is_logged(t *testing.T) {
	for services, logged := range map[string]bool{"lambda.amazonaws.com": true, "edgelambda.amazonaws.com": false} {
		dir := siteAssembly(t, withEdge("arn:aws:lambda:us-east-1:111122223333:function:edge:1"))
		addStack(t, dir, "Edge", "us-east-1", object{
			"Role": object{"Type": "AWS::IAM::Role", "Properties": object{"AssumeRolePolicyDocument": object{"Statement": []any{object{
				"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": object{"Service": []any{services}}}}}}},
			"Function": object{"Type": "AWS::Lambda::Function", "Properties": object{
				"FunctionName": "edge", "Runtime": "nodejs22.x", "Handler": "index.handler", "Role": object{"Fn::GetAtt": []any{"Role", "Arn"}},
				"Code": object{"ZipFile": "exports.handler = async () => {}"}}},
			"Version": object{"Type": "AWS::Lambda::Version", "Properties": object{"FunctionName": object{"Ref": "Function"}}},
		})
		_, log := open(t, dir, Options{})
		if got := strings.Contains(log.String(), "edgelambda.amazonaws.com can't assume its role"); got != logged {
			t.Errorf("%s: logged is %v, want %v: %s", services, got, logged, log)
		}
	}
}

func TestFunctions_of_the_app_take_the_place_of_imported_ones(t *testing.T) {
	const version, elsewhere = "arn:aws:lambda:us-east-1:111122223333:function:hasher:7", "arn:aws:lambda:eu-west-1:111122223333:function:api"
	edge, _ := open(t, siteAssembly(t, withAPI(func(r object) {
		withEdge(version)(r)
		r["Hasher"] = object{"Type": "AWS::Lambda::Function", "Properties": object{"Runtime": "nodejs22.x", "Handler": "index.handler",
			"Code": object{"ZipFile": "exports.handler = async () => ({status: '200', body: 'from the edge'})"}}}
		properties(r, "ApiUrl")["TargetFunctionArn"] = elsewhere
		for _, action := range []string{"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} {
			r[strings.TrimPrefix(action, "lambda:")] = permission(action, object{})
		}
	})), Options{Functions: map[string]string{version: "Hasher", elsewhere: "Site/Api/Function"}})
	for path, want := range map[string]string{"/": "from the edge", "/api/": "hello"} {
		if resp, body := get(t, edge, path); resp.StatusCode != http.StatusOK || strings.Trim(body, `"`) != want {
			t.Errorf("%s: got %d %s, want %s", path, resp.StatusCode, body, want)
		}
	}
	for want, functions := range map[string]map[string]string{
		"--function: there is no function Nobody":       {version: "Nobody"},
		"--function: arn:other doesn't name a function": {"arn:other": "Api"},
	} {
		log, _ := logtest.New()
		_, err := buildDir(siteAssembly(t, withAPI(withEdge(version))), Options{Functions: functions}, log)
		wantError(t, err, want, "use ")
	}
}
