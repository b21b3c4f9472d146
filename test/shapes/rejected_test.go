package shapes

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forbidden is the body of Lambda's 403 for callers without permission.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
const forbidden = `{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}`

func ofAction(action string) func(map[string]any) bool {
	return func(properties map[string]any) bool { return properties["Action"] == action }
}

// advised returns the lines with a cause and a hint that aren't about a request.
func (e *edge) advised(t *testing.T) []line {
	t.Helper()
	return e.log.lines(t, func(l line) bool { return l.Status == 0 && l.Path == "" && l.Cause != "" && l.Hint != "" })
}

// oneLine fails the test unless there is one line, with this cause and hint.
func oneLine(t *testing.T, lines []line, cause, hint string) {
	t.Helper()
	if len(lines) != 1 || !strings.Contains(lines[0].Cause, cause) || !strings.Contains(lines[0].Hint, hint) {
		t.Errorf("got the lines %+v, want one with the cause %q and the hint %q", lines, cause, hint)
	}
}

func TestRejected_without_both_permissions(t *testing.T) {
	for _, action := range []string{"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} {
		t.Run(action, func(t *testing.T) {
			e := serve(t, changed(t, "Stream", without("AWS::Lambda::Permission", ofAction(action))))
			oneLine(t, e.advised(t), "no AWS::Lambda::Permission allows "+action+" on Stream/Site/Function for ", "add an AWS::Lambda::Permission")
			got := e.get(t, "/echo")
			if got.status != http.StatusForbidden || got.body != forbidden {
				t.Errorf("got %d %s, want 403 %s", got.status, got.body, forbidden)
			}
			oneLine(t, e.log.explained(t, "/echo"), "allows "+action+" on Stream/Site/Function for ", "AWS::Lambda::Permission")
		})
	}
}

// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
// "Lambda doesn't perform any authentication before invoking your function", and
// the policy "must grant public access".
func TestRejected_AuthType_NONE_with_origin_access_control(t *testing.T) {
	none := each("AWS::Lambda::Url", func(properties map[string]any) { properties["AuthType"] = "NONE" })
	t.Run("if only CloudFront has permission", func(t *testing.T) {
		e := serve(t, changed(t, "Stream", none))
		advice := e.advised(t)
		if len(advice) == 0 {
			t.Fatal("got no advice")
		}
		oneLine(t, advice[:1], "allows lambda:InvokeFunctionUrl on Stream/Site/Function for ", "Principal: *")
		oneLine(t, advice[1:], "AuthType of Stream/Site/Function/FunctionUrl is NONE", "set AuthType to AWS_IAM")
		if got := e.get(t, "/echo"); got.status != http.StatusForbidden || got.body != forbidden {
			t.Errorf("got %d %s, want 403 %s", got.status, got.body, forbidden)
		}
		oneLine(t, e.log.explained(t, "/echo"), "Principal is cloudfront.amazonaws.com", "")
	})
	t.Run("but not if everybody has permission", func(t *testing.T) {
		e := serve(t, changed(t, "Stream", func(template map[string]any) {
			none(template)
			each("AWS::Lambda::Permission", func(properties map[string]any) {
				properties["Principal"] = "*"
				delete(properties, "SourceArn")
				if properties["Action"] == "lambda:InvokeFunctionUrl" {
					properties["FunctionUrlAuthType"] = "NONE"
				}
			})(template)
		}))
		oneLine(t, e.advised(t), "AuthType of Stream/Site/Function/FunctionUrl is NONE", "set AuthType to AWS_IAM")
		for name, host := range map[string]string{"through CloudFront": "", "at the function URL": e.functionURL(t).Hosts[0]} {
			// The hash isn't verified.
			got := e.send(t, http.MethodPost, "/echo", "body", "Host", host, "X-Amz-Content-Sha256", strings.Repeat("0", 64))
			if got.status != http.StatusOK || got.body != "body" {
				t.Errorf("%s: got %d %s, want 200", name, got.status, got.body)
			}
		}
	})
}

func TestRejected_AuthType_AWS_IAM_without_origin_access_control(t *testing.T) {
	e := serve(t, changed(t, "Stream", each("AWS::CloudFront::Distribution", func(properties map[string]any) {
		for _, origin := range properties["DistributionConfig"].(map[string]any)["Origins"].([]any) {
			delete(origin.(map[string]any), "OriginAccessControlId")
		}
	})))
	oneLine(t, e.advised(t), "is AWS_IAM, and no origin access control signs", "OriginAccessControlId")
	if got := e.get(t, "/echo"); got.status != http.StatusForbidden || got.body != forbidden {
		t.Errorf("got %d %s, want 403 %s", got.status, got.body, forbidden)
	}
	oneLine(t, e.log.explained(t, "/echo"), "has no AWS4-HMAC-SHA256 signature", "")
}

func TestRejected_bodies_that_the_hasher_does_not_see(t *testing.T) {
	for name, test := range map[string]struct {
		change      func(behavior map[string]any)
		cause, hint string
	}{
		"without IncludeBody": {func(behavior map[string]any) {
			delete(behavior["LambdaFunctionAssociations"].([]any)[0].(map[string]any), "IncludeBody")
		}, "Hasher at origin-request doesn't see them", "set IncludeBody"},
		"without hasher": {func(behavior map[string]any) {
			delete(behavior, "LambdaFunctionAssociations")
		}, "no edge function can hash them", "attach an origin-request function with IncludeBody"},
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t, changed(t, "Stream", each("AWS::CloudFront::Distribution", func(properties map[string]any) {
				test.change(properties["DistributionConfig"].(map[string]any)["DefaultCacheBehavior"].(map[string]any))
			})))
			oneLine(t, e.advised(t), test.cause, test.hint)
			got := e.send(t, http.MethodPost, "/echo", "body")
			if got.status != http.StatusForbidden || got.header.Get("X-Amzn-Errortype") != "InvalidSignatureException" {
				t.Errorf("got %d %s, want Lambda's 403 InvalidSignatureException", got.status, got.body)
			}
			oneLine(t, e.log.explained(t, "/echo"), "the body that arrived hashes to", "hash")
			if got := e.send(t, http.MethodPost, "/echo", ""); got.status != http.StatusOK {
				t.Errorf("without a body: got %d %s, want 200", got.status, got.body)
			}
		})
	}
}

func TestRejected_an_invalid_hash_without_a_hasher(t *testing.T) {
	e := serve(t, changed(t, "Stream", each("AWS::CloudFront::Distribution", func(properties map[string]any) {
		delete(properties["DistributionConfig"].(map[string]any)["DefaultCacheBehavior"].(map[string]any), "LambdaFunctionAssociations")
	})))
	got := e.send(t, http.MethodPost, "/echo", "body", "x-amz-content-sha256", "not-a-hash")
	if got.status != http.StatusForbidden || got.header.Get("X-Amzn-Errortype") != "InvalidSignatureException" {
		t.Errorf("got %d %s, want Lambda's 403 InvalidSignatureException", got.status, got.body)
	}
}

func TestRejected_edge_function_outside_us_east_1(t *testing.T) {
	dir := changed(t, "Stream", func(map[string]any) {})
	path := filepath.Join(dir, "manifest.json")
	manifest, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.ReplaceAll(string(manifest), "aws://111122223333/us-east-1", "aws://111122223333/eu-west-1")
	if err := os.WriteFile(path, []byte(moved), 0o644); err != nil {
		t.Fatal(err)
	}
	e := serve(t, dir)
	oneLine(t, e.advised(t), "runs functions from us-east-1 only, this one is in eu-west-1", "stack in us-east-1")
	if got := e.get(t, "/"); got.status != http.StatusServiceUnavailable || got.header.Get("X-Cache") != "LambdaExecutionError from cloudfront" {
		t.Errorf("got %d and X-Cache %q, want 503 and LambdaExecutionError", got.status, got.header.Get("X-Cache"))
	}
	oneLine(t, e.log.explained(t, "/"), "runs functions from us-east-1 only", "")
}

func TestAdvice_names_settings_that_edge_functions_cannot_have(t *testing.T) {
	for want, change := range map[string]map[string]any{
		"environment variables":           {"Environment": map[string]any{"Variables": map[string]any{"LEVEL": "debug"}}},
		"the architecture arm64":          {"Architectures": []any{"arm64"}},
		"a timeout over 30 s":             {"Timeout": 31},
		"a VPC":                           {"VpcConfig": map[string]any{"SubnetIds": []any{"subnet-0"}}},
		"a dead letter queue":             {"DeadLetterConfig": map[string]any{"TargetArn": "arn:aws:sqs:us-east-1:111122223333:letters"}},
		"an EphemeralStorage over 512 MB": {"EphemeralStorage": map[string]any{"Size": 1024}},
		"active tracing":                  {"TracingConfig": map[string]any{"Mode": "Active"}},
	} {
		e := serve(t, changed(t, "Stream", each("AWS::Lambda::Function", func(properties map[string]any) { maps.Copy(properties, change) })))
		lines := slices.DeleteFunc(e.advised(t), func(l line) bool { return !strings.HasPrefix(l.Msg, "Stream/Site/Hasher: ") })
		oneLine(t, lines, "Lambda@Edge rejects functions with "+want, "without")
	}
}

func TestAdvice_is_empty_for_what_works(t *testing.T) {
	for _, name := range []string{"Stream", "EdgeFunction", "Strong", "Weak"} {
		if got := serve(t, shape(name)).advised(t); len(got) > 0 {
			t.Errorf("%s: got %+v, want no warning", name, got)
		}
	}
}

func TestAdvice_warns_of_a_way_around_CloudFront(t *testing.T) {
	oneLine(t, serve(t, shape("Public")).advised(t), "AuthType of Public/Site/Function/FunctionUrl is NONE", "set AuthType to AWS_IAM")
}

func TestAdvice_warns_of_a_newer_schema(t *testing.T) {
	dir := changed(t, "Stream", func(map[string]any) {})
	path := filepath.Join(dir, "manifest.json")
	if err := os.WriteFile(path, []byte(newer(t, path)), 0o644); err != nil {
		t.Fatal(err)
	}
	e := serve(t, dir)
	oneLine(t, e.advised(t), "schema 1055.0.0", "newer cloudfurl")
	if got := e.get(t, "/"); got.status != http.StatusOK {
		t.Errorf("got %d %s, want it served", got.status, got.body)
	}
}

// newer returns the manifest at path with a future schema version.
func newer(t *testing.T, path string) string {
	t.Helper()
	manifest, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(manifest), `"version": "55.0.0"`, `"version": "1055.0.0"`, 1)
	if changed == string(manifest) {
		t.Fatalf("got %.60s, want a manifest of schema 55", manifest)
	}
	return changed
}
