package build

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// findings checks an assembly.
func findings(t *testing.T, dir string) []Finding {
	t.Helper()
	cloud, err := assembly.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	found, err := Check(cloud, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// withSigned makes the API of withAPI one that is right: signed and permitted, with a
// hasher in another stack.
func withSigned(change func(r object)) func(object) {
	return withAPI(func(r object) {
		properties(r, "ApiUrl")["AuthType"], properties(r, "ApiUrl")["InvokeMode"] = "AWS_IAM", "RESPONSE_STREAM"
		r["Control"] = object{"Type": "AWS::CloudFront::OriginAccessControl", "Properties": object{"OriginAccessControlConfig": object{
			"Name": "c", "OriginAccessControlOriginType": "lambda", "SigningBehavior": "always", "SigningProtocol": "sigv4"}}}
		apiOrigin(r)["OriginAccessControlId"] = object{"Ref": "Control"}
		r["First"], r["Second"] = permit("lambda:InvokeFunctionUrl", "cloudfront.amazonaws.com"), permit("lambda:InvokeFunction", "cloudfront.amazonaws.com")
		change(r)
	})
}

func apiOrigin(r object) object { return siteConfig(r)["Origins"].([]any)[1].(object) }

// cachePolicy is one that caches by all cookies and query strings, and some headers.
func cachePolicy(names ...any) object {
	by := object{"HeaderBehavior": "none"}
	if len(names) > 0 {
		by = object{"HeaderBehavior": "whitelist", "Headers": names}
	}
	return object{"Type": "AWS::CloudFront::CachePolicy", "Properties": object{"CachePolicyConfig": object{
		"Name": "keys", "MinTTL": 0, "DefaultTTL": 60, "MaxTTL": 60, "ParametersInCacheKeyAndForwardedToOrigin": object{
			"EnableAcceptEncodingGzip": false, "EnableAcceptEncodingBrotli": false, "HeadersConfig": by,
			"CookiesConfig": object{"CookieBehavior": "all"}, "QueryStringsConfig": object{"QueryStringBehavior": "all"}}}}}
}

// copyAuthorization attaches a function that copies the viewer's Authorization.
func copyAuthorization(r object) {
	r["Copy"] = object{"Type": "AWS::CloudFront::Function", "Properties": object{"Name": "copy", "AutoPublish": true,
		"FunctionConfig": object{"Comment": "", "Runtime": "cloudfront-js-2.0"},
		"FunctionCode":   "function handler(e) { e.request.headers['x-copy'] = e.request.headers.authorization; return e.request }"}}
	apiBehavior(r)["FunctionAssociations"] = []any{object{"EventType": "viewer-request", "FunctionARN": object{"Fn::GetAtt": []any{"Copy", "FunctionARN"}}}}
}

// hasher is a stack with an edge function of some code.
func hasher(code string) object {
	return object{
		"Function": object{"Type": "AWS::Lambda::Function", "Properties": object{
			"FunctionName": "edge", "Runtime": "nodejs24.x", "Handler": "index.handler", "Code": object{"ZipFile": code}}},
		"Version": object{"Type": "AWS::Lambda::Version", "Properties": object{"FunctionName": object{"Ref": "Function"}}},
	}
}

const (
	edgeARN = "arn:aws:lambda:us-east-1:111122223333:function:edge"
	hashing = "exports.handler = (e) => { 'x-amz-content-sha256 content-length' }"
)

func TestRules_find_what_AWS_rejects_and_nothing_else(t *testing.T) {
	const origin, behavior = "DistributionConfig.Origins[1]", "DistributionConfig.CacheBehaviors[0]"
	all := []any{"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
	attach := func(r object, arn string, more ...any) {
		association := object{"EventType": "origin-request", "LambdaFunctionARN": arn}
		for i := 0; i < len(more); i += 2 {
			association[more[i].(string)] = more[i+1]
		}
		apiBehavior(r)["LambdaFunctionAssociations"], apiBehavior(r)["AllowedMethods"] = []any{association}, all
	}
	tests := map[string]struct {
		change                func(r object)
		rule, property, cause string // empty if there is nothing to find
		code                  string // of the edge function
	}{
		"what is right": {func(r object) {}, "", "", "", ""},
		"a hasher":      {func(r object) { attach(r, edgeARN+":1", "IncludeBody", true) }, "", "", "", hashing},
		"a hasher in several files": {func(r object) { attach(r, edgeARN+":1", "IncludeBody", true) }, "", "", "",
			"module.exports = require('./hasher')"},
		"a hasher without IncludeBody": {func(r object) { attach(r, edgeARN+":1") }, "unhashed-body", behavior,
			"Function at origin-request doesn't see them: its association has no IncludeBody", hashing},
		"an edge function that doesn't hash": {func(r object) { attach(r, edgeARN+":1", "IncludeBody", true) }, "unhashed-body", behavior,
			"Function at origin-request doesn't set x-amz-content-sha256", "exports.handler = (e) => e"},
		"a hasher that knows no DELETE": {func(r object) { attach(r, edgeARN+":1", "IncludeBody", true) }, "delete-body", behavior,
			"doesn't show the body of a DELETE", "'x-amz-content-sha256'"},
		"the function itself": {func(r object) { attach(r, edgeARN, "IncludeBody", true) }, "edge-version",
			behavior + ".LambdaFunctionAssociations[0].LambdaFunctionARN", "takes numbered versions only", hashing},
		"$LATEST": {func(r object) { attach(r, edgeARN+":$LATEST", "IncludeBody", true) }, "edge-version",
			behavior + ".LambdaFunctionAssociations[0].LambdaFunctionARN", "takes numbered versions only", hashing},
		"a hasher without methods that have bodies": {func(r object) {
			attach(r, edgeARN+":1", "IncludeBody", true)
			apiBehavior(r)["AllowedMethods"] = []any{"GET", "HEAD"}
		}, "methods", behavior, "gets bodies, and no method in AllowedMethods has one", hashing},
		"AllViewer": {func(r object) { apiBehavior(r)["OriginRequestPolicyId"] = "216adef6-5c7f-47e4-b989-5492eafa07d3" }, "host-header", behavior,
			"forwards the viewer's Host", ""},
		"AllViewer, with Host mended at origin-request": {func(r object) {
			attach(r, edgeARN+":1", "IncludeBody", true)
			apiBehavior(r)["OriginRequestPolicyId"] = "216adef6-5c7f-47e4-b989-5492eafa07d3"
		}, "", "", "", hashing + "; request.headers['host'] = []"},
		"UseOriginCacheControlHeaders": {func(r object) { apiBehavior(r)["CachePolicyId"] = "83da9c7e-98b4-4e11-a168-04f0df8e2c65" }, "host-header", behavior,
			"forwards the viewer's Host", ""},
		"a cache key without cookies": {func(r object) {
			apiBehavior(r)["CachePolicyId"], apiBehavior(r)["OriginRequestPolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6", "b689b0a8-53d0-40ab-baf2-68738e2966ac"
		}, "cache-key", behavior, "CachingOptimized caches without cookies and query strings", ""},
		"a cache key without Authorization, which a function copies": {func(r object) {
			apiBehavior(r)["CachePolicyId"], apiBehavior(r)["OriginRequestPolicyId"] = object{"Ref": "Keys"}, "b689b0a8-53d0-40ab-baf2-68738e2966ac"
			r["Keys"] = cachePolicy()
			copyAuthorization(r)
		}, "cache-key", behavior, "caches without Authorization", ""},
		"a cache key without Authorization, which the signature replaces": {func(r object) {
			apiBehavior(r)["CachePolicyId"], apiBehavior(r)["OriginRequestPolicyId"] = object{"Ref": "Keys"}, "b689b0a8-53d0-40ab-baf2-68738e2966ac"
			r["Keys"] = cachePolicy()
		}, "", "", "", ""},
		"a cache key with Authorization, which the signature replaces": {func(r object) {
			apiBehavior(r)["CachePolicyId"] = object{"Ref": "Keys"}
			r["Keys"] = cachePolicy("authorization")
		}, "authorization", behavior, "signature of origin access control replaces it", ""},
		"a cache key with Authorization, which a function copies": {func(r object) {
			apiBehavior(r)["CachePolicyId"] = object{"Ref": "Keys"}
			r["Keys"] = cachePolicy("authorization")
			copyAuthorization(r)
		}, "", "", "", ""},
		"nothing cached": {func(r object) { apiBehavior(r)["OriginRequestPolicyId"] = "b689b0a8-53d0-40ab-baf2-68738e2966ac" }, "", "", "", ""},
		"a slow function": {func(r object) {
			properties(r, "Api")["Timeout"] = 60
			delete(properties(r, "ApiUrl"), "InvokeMode")
		}, "origin-timeout", origin, "Timeout of Site/Api/Function is 1m0s", ""},
		"a slow function, and patience": {func(r object) {
			properties(r, "Api")["Timeout"] = 60
			delete(properties(r, "ApiUrl"), "InvokeMode")
			apiOrigin(r)["CustomOriginConfig"].(object)["OriginReadTimeout"] = 60
		}, "", "", "", ""},
		"patience above the quota": {func(r object) { apiOrigin(r)["CustomOriginConfig"].(object)["OriginReadTimeout"] = 150 }, "quota", origin,
			"OriginReadTimeout is 2m30s", ""},
		"a slow function that streams": {func(r object) { properties(r, "Api")["Timeout"] = 60 }, "", "", "", ""},
		"a VPC": {func(r object) { properties(r, "Api")["VpcConfig"] = object{"SubnetIds": []any{"subnet-0"}} }, "vpc-stream", "InvokeMode",
			"Site/Api/Function is in a VPC", ""},
		"a VPC without streams": {func(r object) {
			properties(r, "Api")["VpcConfig"] = object{"SubnetIds": []any{"subnet-0"}}
			delete(properties(r, "ApiUrl"), "InvokeMode")
		}, "", "", "", ""},
		"an adapter that streams": {func(r object) {
			properties(r, "Api")["Environment"] = object{"Variables": object{"AWS_LWA_INVOKE_MODE": "response_stream"}}
		}, "", "", "", ""},
		"an adapter that streams into BUFFERED": {func(r object) {
			properties(r, "Api")["Environment"] = object{"Variables": object{"AWS_LWA_INVOKE_MODE": "response_stream"}}
			delete(properties(r, "ApiUrl"), "InvokeMode")
		}, "invoke-mode", "InvokeMode", "InvokeMode is BUFFERED", ""},
		"an adapter that buffers": {func(r object) {
			properties(r, "Api")["Layers"] = []any{"arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86:27"}
			properties(r, "Api")["Environment"] = object{"Variables": object{"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap"}}
		}, "invoke-mode", "InvokeMode", "AWS_LWA_INVOKE_MODE isn't response_stream", ""},
		"an image that isn't here": {func(r object) {
			properties(r, "Api")["Code"] = object{"ImageUri": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1"}
			delete(properties(r, "Api"), "Runtime")
			delete(r, "Second")
		}, "permission", origin, "no AWS::Lambda::Permission allows lambda:InvokeFunction on Site/Api/Function", ""},
		"what isn't supported": {func(r object) { properties(r, "Api")["FileSystemConfigs"] = []any{object{"Arn": "arn"}} }, "unchecked", "FileSystemConfigs",
			"isn't supported locally", ""},
		"a URL for everyone": {func(r object) {
			properties(r, "ApiUrl")["AuthType"] = "NONE"
			delete(apiOrigin(r), "OriginAccessControlId")
			r["First"], r["Second"] = permit("lambda:InvokeFunctionUrl", "*"), permit("lambda:InvokeFunction", "*")
		}, "open-url", origin, "AuthType of Site/Api/Function/FunctionUrl is NONE", ""},
		"nothing that signs": {func(r object) { delete(apiOrigin(r), "OriginAccessControlId") }, "unsigned-origin", origin, "no origin access control signs", ""},
		"an edge function that signs": {func(r object) {
			attach(r, edgeARN+":1", "IncludeBody", true)
			delete(apiOrigin(r), "OriginAccessControlId")
		}, "", "", "", "request.headers.authorization = sign()"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := siteAssembly(t, withSigned(test.change))
			if test.code != "" {
				addStack(t, dir, "Edge", "us-east-1", hasher(test.code))
			}
			found := slices.DeleteFunc(findings(t, dir), func(f Finding) bool { return f.Rule == "accept-encoding" }) // most policies forward it
			if test.rule == "" && len(found) > 0 {
				t.Errorf("got %+v, want nothing", found)
			}
			if test.rule != "" && (len(found) != 1 || found[0].Rule != test.rule || found[0].Property != test.property || !strings.Contains(found[0].Cause, test.cause)) {
				t.Errorf("got %+v, want one of %s at %s: %s", found, test.rule, test.property, test.cause)
			}
			for _, f := range found {
				if f.Source == "" && f.Rule != "unchecked" || f.Severity == "" || f.Hint == "" || strings.ContainsAny(f.Happens+f.Cause+f.Hint, "{}") {
					t.Errorf("got %+v, want a source, a severity, a hint, and words", f)
				}
			}
		})
	}
}

// Its edge function, perhaps one that hashes, is a parameter without a value.
func TestRules_say_nothing_of_a_behavior_that_is_not_known(t *testing.T) {
	found := findings(t, siteAssembly(t, withSigned(func(r object) {
		behavior := apiBehavior(r)
		behavior["AllowedMethods"] = []any{"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
		behavior["LambdaFunctionAssociations"] = []any{object{"EventType": "origin-request", "IncludeBody": true,
			"LambdaFunctionARN": object{"Fn::ImportValue": "HasherVersion"}}}
	})))
	if len(found) != 1 || found[0].Rule != "unchecked" {
		t.Errorf("got %+v, want only that it isn't checked", found)
	}
}

func TestRules_have_a_word_for_an_edge_function_of_another_app(t *testing.T) {
	found := findings(t, siteAssembly(t, withSigned(func(r object) {
		behavior := apiBehavior(r)
		behavior["AllowedMethods"] = []any{"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
		behavior["LambdaFunctionAssociations"] = []any{object{"EventType": "origin-request", "LambdaFunctionARN": edgeARN + ":1"}}
	})))
	const want = "the function at origin-request doesn't see them: its association has no IncludeBody"
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == "unhashed-body" && f.Cause == want }) {
		t.Errorf("got %+v, want the cause %s", found, want)
	}
}

func TestRules_tell_functions_that_require_a_hash_from_those_that_delete_it(t *testing.T) {
	for code, want := range map[string]bool{
		"delete event.request.headers['x-amz-content-sha256']":                                                                        true,
		"if (!event.request.headers['x-amz-content-sha256']) return {statusCode: 411}":                                                false,
		"const h = event.request.headers; delete h['x-amz-content-sha256']; if (!h['x-amz-content-sha256']) return {statusCode: 411}": false,
	} {
		found := findings(t, siteAssembly(t, withSigned(func(r object) {
			r["Viewer"] = object{"Type": "AWS::CloudFront::Function", "Properties": object{"Name": "viewer", "AutoPublish": true,
				"FunctionConfig": object{"Comment": "", "Runtime": "cloudfront-js-2.0"}, "FunctionCode": "function handler(event) { " + code + "; return event.request }"}}
			behavior := apiBehavior(r)
			behavior["AllowedMethods"] = []any{"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
			behavior["FunctionAssociations"] = []any{object{"EventType": "viewer-request", "FunctionARN": object{"Fn::GetAtt": []any{"Viewer", "FunctionARN"}}}}
		})))
		if got := slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == "unhashed-body" }); got != want {
			t.Errorf("%s: got %+v, want unhashed-body: %t", code, found, want)
		}
	}
}

func TestRules_are_all_in_the_table(t *testing.T) {
	for _, rule := range slices.Concat(routeRules, functionURLRules) {
		if Rules[rule.name].Source == "" || (rule.cause == "") != (rule.hint == "") {
			t.Errorf("%s isn't complete", rule.name)
		}
	}
}

func TestFindings_hide_the_values_of_flags(t *testing.T) {
	b := &builder{options: Options{Values: map[string]string{"Secret.Value": "hunter22"}}, log: slog.New(slog.DiscardHandler)}
	for range 2 {
		b.found(Finding{Rule: "permission", Path: "App/Site", Happens: "no", Cause: "got hunter22", Hint: "not hunter22"})
	}
	if len(b.findings) != 1 || b.findings[0].Cause != "got (the value of Secret.Value)" || strings.Contains(b.findings[0].Hint, "hunter22") {
		t.Errorf("got %+v, want one without the value", b.findings)
	}
}
