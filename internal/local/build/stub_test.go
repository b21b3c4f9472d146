package build

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// wantStub checks that a path gets 501 with all of the words.
func wantStub(t *testing.T, edge http.Handler, path string, words ...string) {
	t.Helper()
	resp, body := get(t, edge, path)
	if resp.StatusCode != http.StatusNotImplemented {
		t.Errorf("%s: got %d %s, want 501", path, resp.StatusCode, body)
		return
	}
	for _, word := range words {
		if !strings.Contains(body, word) {
			t.Errorf("%s: got %s, want %q in it", path, body, word)
		}
	}
}

// withAPI adds a function, its URL and a behavior for /api/* to the site.
func withAPI(change func(r object)) func(object) {
	return func(r object) {
		r["Api"] = object{"Type": "AWS::Lambda::Function", "Metadata": object{"aws:cdk:path": "Site/Api/Function/Resource"}, "Properties": object{
			"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": object{"ZipFile": "exports.handler = async () => 'hello'"}}}
		r["ApiUrl"] = object{"Type": "AWS::Lambda::Url", "Metadata": object{"aws:cdk:path": "Site/Api/Function/FunctionUrl/Resource"}, "Properties": object{
			"AuthType": "NONE", "TargetFunctionArn": object{"Fn::GetAtt": []any{"Api", "Arn"}}}}
		config := siteConfig(r)
		config["Origins"] = append(config["Origins"].([]any), object{
			"Id": "ApiOrigin", "CustomOriginConfig": object{"OriginProtocolPolicy": "https-only"},
			"DomainName": object{"Fn::Select": []any{2, object{"Fn::Split": []any{"/", object{"Fn::GetAtt": []any{"ApiUrl", "FunctionUrl"}}}}}},
		})
		config["CacheBehaviors"] = []any{object{
			"PathPattern": "/api/*", "TargetOriginId": "ApiOrigin", "ViewerProtocolPolicy": "allow-all",
			"CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
		}}
		change(r)
	}
}

func siteConfig(r object) object {
	return properties(r, siteDistribution)["DistributionConfig"].(object)
}

func apiBehavior(r object) object { return siteConfig(r)["CacheBehaviors"].([]any)[0].(object) }

func TestOpen_serves_the_rest_of_an_app_with_unsupported_parts(t *testing.T) {
	const behavior = "Site/Distribution, DistributionConfig.CacheBehaviors[0]."
	tests := map[string]struct {
		change func(r object)
		words  []string
	}{
		"a layer": {func(r object) {
			properties(r, "Api")["Layers"] = []any{"arn:aws:lambda:eu-west-1:111122223333:layer:tools:1"}
		},
			[]string{"Site/Api/Function, Layers[0]: layer arn:aws:lambda:eu-west-1:111122223333:layer:tools:1 isn't defined in this assembly",
				"--layer arn:aws:lambda:eu-west-1:111122223333:layer:tools:1=PATH", "--origin Api=URL"}},
		"a container image": {func(r object) {
			properties(r, "Api")["Code"] = object{"ImageUri": object{"Fn::Sub": "${Nobody}.dkr.ecr"}}
			properties(r, "Api")["PackageType"] = "Image"
			delete(properties(r, "Api"), "Runtime")
		}, []string{"Site/Api/Function, Code.ImageUri: its image isn't built by this app", "--run Api='COMMAND'", "--origin Api=URL"}},
		"an unknown runtime": {func(r object) { properties(r, "Api")["Runtime"] = "java21" },
			[]string{`Site/Api/Function, Runtime: "java21" isn't supported locally`, "a command that runs the code with --run", "--origin Api=URL"}},
		"an imported function": {func(r object) {
			properties(r, "ApiUrl")["TargetFunctionArn"] = "arn:aws:lambda:eu-west-1:111122223333:function:elsewhere"
		}, []string{"Site/Api/Function/FunctionUrl, TargetFunctionArn: function arn:aws:lambda:eu-west-1:111122223333:function:elsewhere isn't defined in this assembly"}},
		"an origin group": {func(r object) {
			siteConfig(r)["OriginGroups"] = object{"Quantity": 1, "Items": []any{object{"Id": "Group", "FailoverCriteria": object{}, "Members": object{"Quantity": 2}}}}
			apiBehavior(r)["TargetOriginId"] = "Group"
		}, []string{"DistributionConfig.OriginGroups.Items[0].Members: isn't supported locally", "--origin Group=URL"}},
		"an origin in a VPC": {func(r object) {
			siteConfig(r)["Origins"].([]any)[1].(object)["VpcOriginConfig"] = object{"VpcOriginId": object{"Ref": "Nobody"}}
		}, []string{"DistributionConfig.Origins[1].VpcOriginConfig: isn't supported locally", "--origin ApiOrigin=URL"}},
		"an imported key group": {func(r object) { apiBehavior(r)["TrustedKeyGroups"] = []any{"11112222-3333-4444-5555-666677778888"} },
			[]string{behavior + `TrustedKeyGroups[0]: "11112222-3333-4444-5555-666677778888" isn't the id of an AWS::CloudFront::KeyGroup in this assembly`}},
		"trusted signers": {func(r object) { apiBehavior(r)["TrustedSigners"] = []any{"self"} },
			[]string{behavior + "TrustedSigners: isn't supported locally"}},
		"an imported CloudFront Function": {func(r object) {
			apiBehavior(r)["FunctionAssociations"] = []any{object{"EventType": "viewer-request", "FunctionARN": "arn:aws:cloudfront::111122223333:function/there"}}
		}, []string{behavior + `FunctionAssociations[0].FunctionARN: "arn:aws:cloudfront::111122223333:function/there" isn't`}},
		"an imported edge function": {func(r object) {
			apiBehavior(r)["LambdaFunctionAssociations"] = []any{object{"EventType": "origin-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:there:1"}}
		}, []string{behavior + `LambdaFunctionAssociations[0].LambdaFunctionARN: function arn:aws:lambda:us-east-1:111122223333:function:there:1 isn't`,
			"--function arn:aws:lambda:us-east-1:111122223333:function:there:1=FUNCTION"}},
		"an imported policy": {func(r object) { apiBehavior(r)["CachePolicyId"] = "4135ea2d-0000-0000-0000-000000000000" },
			[]string{behavior + `CachePolicyId: "4135ea2d-0000-0000-0000-000000000000" isn't the id of a managed CachePolicy or of one in this assembly`}},
		"a value of another app in a behavior": {func(r object) { apiBehavior(r)["CachePolicyId"] = object{"Fn::ImportValue": "there"} },
			[]string{behavior + "CachePolicyId.Fn::ImportValue: no stack exports"}},
		"an origin of an unknown type": {func(r object) {
			r["Balancer"] = object{"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"}
			siteConfig(r)["Origins"].([]any)[1].(object)["DomainName"] = object{"Fn::GetAtt": []any{"Balancer", "DNSName"}}
		}, []string{"DistributionConfig.Origins[1].DomainName", "needs DNSName of Balancer, of the unsupported type AWS::ElasticLoadBalancingV2::LoadBalancer", "--value Balancer.DNSName=VALUE"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			edge, log := open(t, siteAssembly(t, withAPI(test.change)), Options{})
			if resp, body := get(t, edge, "/"); resp.StatusCode != http.StatusOK {
				t.Errorf("the rest: got %d %s", resp.StatusCode, body)
			}
			wantStub(t, edge, "/api/hello", test.words...)
			log.Want(t, "level=ERROR", "its requests get 501", "cause=", "hint=")
		})
	}
}

func TestOpen_does_not_serve_an_unsupported_distribution(t *testing.T) {
	edge, _ := open(t, siteAssembly(t, func(r object) { siteConfig(r)["ViewerMtlsConfig"] = object{"Mode": "required"} }), Options{})
	wantStub(t, edge, "/", "Site/Distribution, DistributionConfig.ViewerMtlsConfig: isn't supported locally")
}

func TestOpen_does_not_serve_a_disabled_distribution(t *testing.T) {
	edge, _ := open(t, siteAssembly(t, func(r object) { siteConfig(r)["Enabled"] = false }), Options{})
	wantStub(t, edge, "/", "Site/Distribution, DistributionConfig.Enabled: is false, so CloudFront doesn't serve it", "set it to true")
}

func TestOpen_serves_replacements_in_the_place_of_origins(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("User-Agent")+string(body))
	}))
	t.Cleanup(server.Close)
	layer := func(r object) { properties(r, "Api")["Layers"] = []any{"arn:tools"} }
	group := func(r object) {
		siteConfig(r)["OriginGroups"] = object{"Quantity": 1, "Items": []any{object{"Id": "Group", "Members": object{"Quantity": 2}}}}
		apiBehavior(r)["TargetOriginId"] = "Group"
	}
	for name, change := range map[string]func(object){
		"Api": layer, "Site/Api/Function": layer, "ApiUrl": layer, "ApiOrigin": layer, "Group": group,
	} {
		edge, log := open(t, siteAssembly(t, withAPI(change)), Options{Origins: map[string]string{name: server.URL + "/base/"}})
		if resp, body := get(t, edge, "/api/a%20b%2Fc"); resp.StatusCode != http.StatusOK || body != "GET /base/api/a%20b%2Fc Amazon CloudFront" {
			t.Errorf("%s: got %d %q", name, resp.StatusCode, body)
		}
		log.Want(t, "level=INFO", name+" is served by "+server.URL)
	}
	edge, _ := open(t, siteAssembly(t, unchanged), Options{Origins: map[string]string{siteBucket: server.URL}})
	if resp, body := get(t, edge, "/file"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "GET /file ") {
		t.Errorf("for the bucket: got %d %q", resp.StatusCode, body)
	}
	log, _ := logtest.New()
	app, err := buildDir(siteAssembly(t, withAPI(layer)), Options{Origins: map[string]string{"Api": server.URL}}, log)
	if err != nil {
		t.Fatal(err)
	}
	if resp, body := get(t, app.Parts[1], "/direct"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "GET /direct ") {
		t.Errorf("by the function URL: got %d %q", resp.StatusCode, body)
	}
	if err := app.Close(); err != nil {
		t.Error(err)
	}
	_, err = buildDir(siteAssembly(t, withAPI(layer)), Options{Origins: map[string]string{"Other": server.URL}}, log)
	wantError(t, err, "--origin: Other doesn't name an origin, function or bucket", "ApiOrigin")
	_, err = buildDir(siteAssembly(t, withAPI(layer)), Options{Origins: map[string]string{"Api": "localhost:3000"}}, log)
	wantError(t, err, `--origin Api: invalid URL "localhost:3000"`, "http://127.0.0.1:3000")
}

func TestNetworkOrigin_reaches_buckets_and_function_URLs_of_the_assembly(t *testing.T) {
	cloud, err := assembly.Open(siteAssembly(t, withAPI(func(r object) { properties(r, "Api")["Layers"] = []any{"arn:tools"} })))
	if err != nil {
		t.Fatal(err)
	}
	log, written := logtest.New()
	b, err := newBuilder(cloud, Options{}, log)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	origin := &networkOrigin{b: b}
	for domain, want := range map[string]int{
		b.app.endpoints[0].domain:                                     http.StatusNotImplemented,
		b.buckets.byName["site-bucket83908e77-awoom02vkacb"].hosts[0]: http.StatusForbidden,
	} {
		resp, err := origin.RoundTrip(httptest.NewRequest(http.MethodGet, "https://"+domain+"/index.html", nil))
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("%s: got %d, want %d", domain, resp.StatusCode, want)
		}
	}
	if strings.Contains(written.String(), "go to the network") {
		t.Errorf("a request went to the network: %s", written)
	}
	if err := b.app.Close(); err != nil {
		t.Error(err)
	}
}

// What has no effect here is never resolved: subnets of a stack without
// environment, for example, are known only to the account.
func TestOpen_ignores_values_without_effect_that_it_cannot_resolve(t *testing.T) {
	unknown := object{"Fn::GetAtt": []any{"Nobody", "Arn"}}
	edge, log := open(t, siteAssembly(t, withAPI(func(r object) {
		properties(r, "Api")["VpcConfig"] = object{"SubnetIds": []any{object{"Fn::Cidr": []any{unknown, 1, 8}}}}
		properties(r, "Api")["DeadLetterConfig"] = unknown
		siteConfig(r)["WebACLId"] = unknown
		siteConfig(r)["ViewerCertificate"] = object{"AcmCertificateArn": unknown}
		r["Headers"] = object{"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": object{"ResponseHeadersPolicyConfig": object{
			"Name": "h", "ServerTimingHeadersConfig": object{"Enabled": true, "SamplingRate": unknown},
			"CustomHeadersConfig": object{"Items": []any{object{"Header": "X-Own", "Value": "1", "Override": true}}},
		}}}
		apiBehavior(r)["ResponseHeadersPolicyId"] = object{"Ref": "Headers"}
	})), Options{})
	if resp, body := get(t, edge, "/"); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	log.Want(t, "Site/Distribution is served without DistributionConfig.WebACLId")
	log.Want(t, "is served without ResponseHeadersPolicyConfig.ServerTimingHeadersConfig")
}

func TestStub_says_in_the_line_of_the_request_why_it_responds(t *testing.T) {
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	tr := trace.NewLog(0).Begin(req)
	resp, body := do(t, stub{"a part is unknown", "name it"}, req.WithContext(trace.NewContext(t.Context(), tr)))
	if s := tr.Summary(); resp.StatusCode != http.StatusNotImplemented || body != "cloudfurl: a part is unknown\nname it\n" || s.Cause != "a part is unknown" || s.Hint != "name it" {
		t.Errorf("got %d %q, and the trace has %+v", resp.StatusCode, body, s)
	}
}
