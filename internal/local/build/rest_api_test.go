package build

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func ref(id string) object { return object{"Ref": id} }

func lambdaIntegration(more ...any) object {
	i := object{"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": object{"Fn::Join": []any{"", []any{
		"arn:", ref("AWS::Partition"), ":apigateway:", ref("AWS::Region"), ":lambda:path/2015-03-31/functions/", object{"Fn::GetAtt": []any{"Handler", "Arn"}}, "/invocations"}}}}
	for n := 0; n < len(more); n += 2 {
		i[more[n].(string)] = more[n+1]
	}
	return i
}

func restMethodOf(resource any, method string, integration object, more ...any) object {
	p := object{"RestApiId": ref("Rest"), "ResourceId": resource, "HttpMethod": method, "AuthorizationType": "NONE", "Integration": integration}
	for n := 0; n < len(more); n += 2 {
		p[more[n].(string)] = more[n+1]
	}
	return object{"Type": "AWS::ApiGateway::Method", "Metadata": object{"aws:cdk:path": "Site/Rest/" + method + "/Resource"}, "Properties": p}
}

// withRest adds a function that is busy, so that a request that reaches it gets 500
// without a process, and a REST API with the stage prod and POST /jobs/{job}.
func withRest(change func(r object)) func(object) {
	return func(r object) {
		r["Handler"] = object{"Type": "AWS::Lambda::Function", "Metadata": object{"aws:cdk:path": "Site/Handler/Resource"}, "Properties": object{
			"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": object{"ZipFile": "exports.handler = async () => ({})"}, "ReservedConcurrentExecutions": 0}}
		r["Permit"] = object{"Type": "AWS::Lambda::Permission", "Properties": object{
			"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "FunctionName": object{"Fn::GetAtt": []any{"Handler", "Arn"}},
			"SourceArn": object{"Fn::Sub": "arn:aws:execute-api:eu-west-1:111122223333:${Rest}/*"}}}
		r["Rest"] = object{"Type": "AWS::ApiGateway::RestApi", "Metadata": object{"aws:cdk:path": "Site/Rest/Resource"}, "Properties": object{"Name": "rest"}}
		r["Jobs"] = object{"Type": "AWS::ApiGateway::Resource", "Properties": object{"RestApiId": ref("Rest"), "ParentId": object{"Fn::GetAtt": []any{"Rest", "RootResourceId"}}, "PathPart": "jobs"}}
		r["Job"] = object{"Type": "AWS::ApiGateway::Resource", "Properties": object{"RestApiId": ref("Rest"), "ParentId": ref("Jobs"), "PathPart": "{job}"}}
		r["Method"] = restMethodOf(ref("Job"), "POST", lambdaIntegration())
		r["Deployment"] = object{"Type": "AWS::ApiGateway::Deployment", "Properties": object{"RestApiId": ref("Rest")}}
		r["Stage"] = object{"Type": "AWS::ApiGateway::Stage", "Properties": object{"RestApiId": ref("Rest"), "DeploymentId": ref("Deployment"), "StageName": "prod"}}
		change(r)
	}
}

// openRest starts the site with a REST API, and returns that part.
func openRest(t *testing.T, change func(r object), options Options) (Part, *logtest.Log) {
	t.Helper()
	app, log := openApp(t, siteAssembly(t, withRest(change)), options)
	for _, part := range app.Parts {
		if part.Kind == "REST API" {
			return part, log
		}
	}
	t.Fatal("no part is a REST API")
	return Part{}, nil
}

const reached = "all 0 environments of"

func TestRESTAPI_serves_methods_of_resources(t *testing.T) {
	part, log := openRest(t, func(r object) {
		r["Root"] = restMethodOf(object{"Fn::GetAtt": []any{"Rest", "RootResourceId"}}, "ANY", lambdaIntegration())
	}, Options{})
	for target, want := range map[string]int{"POST /prod/jobs/1": 500, "GET /prod": 500, "GET /prod/jobs/1": 403, "POST /jobs/1": 403} {
		method, path, _ := strings.Cut(target, " ")
		if resp, body := do(t, part, httptest.NewRequest(method, path, nil)); resp.StatusCode != want {
			t.Errorf("%s: got %d %s, want %d", target, resp.StatusCode, body, want)
		}
	}
	if n := strings.Count(log.String(), reached); n != 2 {
		t.Errorf("the function was reached %d times, want 2", n)
	}
	lines := strings.Join(part.Describe("23875"), "\n")
	if part.Prefix != "prod/" || !strings.HasPrefix(lines, "http://"+part.Hosts[0]+":23875/prod/") || strings.Contains(lines, "signed") || !strings.HasSuffix(part.Hosts[1], ".execute-api.eu-west-1.amazonaws.com") {
		t.Errorf("got %s, %s", part.Hosts, lines)
	}
}

func TestRESTAPI_responds_with_501_for_methods_that_it_does_not_support(t *testing.T) {
	for want, method := range map[string]object{
		"Site/Rest/GET, AuthorizationType: CUSTOM isn't supported locally":                        restMethodOf(ref("Jobs"), "GET", lambdaIntegration(), "AuthorizationType", "CUSTOM", "AuthorizerId", ref("Nobody")),
		"Integration.Type: AWS isn't supported locally":                                           restMethodOf(ref("Jobs"), "GET", object{"Type": "AWS", "Uri": ref("Nobody"), "RequestTemplates": ref("Nobody")}),
		"Integration.IntegrationHttpMethod: is GET, with which every request gets 500 on AWS":     restMethodOf(ref("Jobs"), "GET", lambdaIntegration("IntegrationHttpMethod", "GET")),
		"Integration.Uri: function other isn't defined in this assembly":                          restMethodOf(ref("Jobs"), "GET", lambdaIntegration("Uri", "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/other/invocations")),
		"Integration.Uri: arn:aws:apigateway:eu-west-1:sqs:path/1/q isn't a Lambda function":      restMethodOf(ref("Jobs"), "GET", lambdaIntegration("Uri", "arn:aws:apigateway:eu-west-1:sqs:path/1/q")),
		"Integration: RequestTemplates: isn't a constant, and mapping templates aren't supported": restMethodOf(ref("Jobs"), "GET", object{"Type": "MOCK", "RequestTemplates": object{"application/json": "#set($x = 1)"}}),
	} {
		part, log := openRest(t, func(r object) { r["Other"] = method }, Options{})
		wantStub(t, part, "/prod/jobs", want)
		log.Want(t, "its requests get 501", want)
		if resp, _ := do(t, part, httptest.NewRequest(http.MethodPost, "/prod/jobs/1", nil)); resp.StatusCode != http.StatusInternalServerError {
			t.Errorf("%s: the rest of the API gets %d", want, resp.StatusCode)
		}
	}
	part, _ := openRest(t, func(r object) { properties(r, "Rest")["BodyS3Location"] = object{"Bucket": "b"} }, Options{})
	wantStub(t, part, "/prod/jobs/1", "Site/Rest, BodyS3Location: isn't supported locally", "--origin Rest=URL")
}

func TestRESTAPI_resolves_stage_variables(t *testing.T) {
	part, log := openRest(t, func(r object) {
		properties(r, "Handler")["FunctionName"] = "shop"
		properties(r, "Permit")["FunctionName"] = "shop:live"
		properties(r, "Stage")["Variables"] = object{"alias": "live"}
		properties(r, "Method")["Integration"] = lambdaIntegration("Uri",
			object{"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:shop:${!stageVariables.alias}/invocations"})
	}, Options{})
	do(t, part, httptest.NewRequest(http.MethodPost, "/prod/jobs/1", nil))
	log.Want(t, reached)
}

func TestRESTAPI_lets_enabled_keys_in(t *testing.T) {
	part, _ := openRest(t, func(r object) {
		properties(r, "Method")["ApiKeyRequired"] = true
		for id, key := range map[string]object{"Given": {"Enabled": true, "Value": "a-given-value-of-20-characters"}, "MadeUp": {"Enabled": true}, "Off": {"Value": "off"}} {
			r[id] = object{"Type": "AWS::ApiGateway::ApiKey", "Properties": key}
		}
	}, Options{})
	shown := strings.Join(part.Describe("1"), "\n")
	_, madeUp, _ := strings.Cut(shown, "x-api-key: ")
	if strings.Contains(shown, "a-given-value") || !strings.HasPrefix(madeUp, madeUpKey) {
		t.Errorf("got %s", shown)
	}
	for key, want := range map[string]int{"a-given-value-of-20-characters": 500, madeUp: 500, "off": 403, "other": 403, "": 403} {
		req := httptest.NewRequest(http.MethodPost, "/prod/jobs/1", nil)
		req.Header.Set("X-Api-Key", key)
		if resp, body := do(t, part, req); resp.StatusCode != want {
			t.Errorf("%q: got %d %s, want %d", key, resp.StatusCode, body, want)
		}
	}
}

func TestRESTAPI_lets_administrators_and_roles_in(t *testing.T) {
	roles := func(r object) {
		properties(r, "Method")["AuthorizationType"] = "AWS_IAM"
		r["Role"] = object{"Type": "AWS::IAM::Role", "Metadata": object{"aws:cdk:path": "Site/Role/Resource"}, "Properties": object{"AssumeRolePolicyDocument": object{}}}
		properties(r, "Handler")["Role"] = object{"Fn::GetAtt": []any{"Role", "Arn"}}
	}
	for name, test := range map[string]struct {
		change func(r object)
		want   string // in the response's body
		log    string
	}{
		"a role without a policy": {roles, "because no identity-based policy allows the execute-api:Invoke action", "no policy of Site/Role allows execute-api:Invoke on Site/Rest/prod/POST/jobs/1 for Site/Role"},
		"a role with a policy": {func(r object) {
			roles(r)
			properties(r, "Role")["Policies"] = []any{object{"PolicyName": "p", "PolicyDocument": object{"Statement": []any{object{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": object{"Fn::Sub": "arn:aws:execute-api:eu-west-1:*:${Rest}/prod/POST/jobs/*"}}}}}}
		}, "Internal server error", reached},
		"a managed policy of AWS": {func(r object) {
			roles(r)
			properties(r, "Role")["ManagedPolicyArns"] = []any{"arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"}
		}, "Internal server error", reached},
		"a role in the API's policy": {func(r object) {
			roles(r)
			properties(r, "Rest")["Policy"] = object{"Statement": []any{object{"Effect": "Allow", "Action": "execute-api:Invoke", "Principal": object{"AWS": object{"Fn::GetAtt": []any{"Role", "Arn"}}}, "Resource": "execute-api:/prod/*"}}}
		}, "Internal server error", reached},
	} {
		app, log := openApp(t, siteAssembly(t, withRest(test.change)), Options{})
		part := app.Parts[len(app.Parts)-1]
		signed := func(keys sigv4.Credentials) (*http.Response, string) {
			req := httptest.NewRequest(http.MethodPost, "http://"+part.Hosts[1]+"/prod/jobs/1", nil)
			sigv4.Sign(req, sigv4.EmptyPayloadHash, keys, "execute-api", "eu-west-1", time.Now())
			return do(t, part, req)
		}
		if resp, body := signed(sigv4.Credentials{AccessKeyID: personKey("111122223333"), SecretAccessKey: SecretAccessKey}); resp.StatusCode != http.StatusInternalServerError {
			t.Errorf("%s, an administrator: got %d %s", name, resp.StatusCode, body)
		}
		if resp, body := signed(app.functions.made[0].config.Credentials); !strings.Contains(body, test.want) {
			t.Errorf("%s: got %d %s, want %s", name, resp.StatusCode, body, test.want)
		}
		log.Want(t, test.log)
		if lines := strings.Join(part.Describe("1"), "\n"); !strings.Contains(lines, "signed requests: curl --aws-sigv4 aws:amz:eu-west-1:execute-api --user AKIALOCL111122223333:") {
			t.Errorf("got %s", lines)
		}
	}
}

func TestRESTAPI_is_an_origin_with_the_stage_as_its_path(t *testing.T) {
	behind := func(policy string, change func(r object)) func(r object) {
		return func(r object) {
			config := siteConfig(r)
			config["Origins"] = append(config["Origins"].([]any), object{
				"Id": "RestOrigin", "OriginPath": "/prod", "CustomOriginConfig": object{"OriginProtocolPolicy": "https-only"},
				"DomainName": object{"Fn::Join": []any{"", []any{ref("Rest"), ".execute-api.", ref("AWS::Region"), ".", ref("AWS::URLSuffix")}}},
			})
			config["CacheBehaviors"] = []any{object{"PathPattern": "/jobs/*", "TargetOriginId": "RestOrigin", "ViewerProtocolPolicy": "allow-all",
				"AllowedMethods": []any{"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}, "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "OriginRequestPolicyId": policy}}
			change(r)
		}
	}
	const exceptHost, allViewer = "b689b0a8-53d0-40ab-baf2-68738e2966ac", "216adef6-5c7f-47e4-b989-5492eafa07d3"
	for name, test := range map[string]struct {
		change func(r object)
		status int
		log    []string
	}{
		"without the viewer's Host": {behind(exceptHost, func(object) {}), 500, []string{reached, "api=Site/Rest"}},
		"with it":                   {behind(allViewer, func(object) {}), 403, []string{"CloudFront forwards the viewer's Host", "use AllViewerExceptHostHeader"}},
		"with IAM": {behind(exceptHost, func(r object) { properties(r, "Method")["AuthorizationType"] = "AWS_IAM" }), 403,
			[]string{"Site/Distribution: requests to origin Site/Rest get 403", "origin access control doesn't sign for API Gateway"}},
	} {
		app, log := openApp(t, siteAssembly(t, withRest(test.change)), Options{})
		if resp, body := do(t, app.Parts[0], httptest.NewRequest(http.MethodPost, "/jobs/1", nil)); resp.StatusCode != test.status {
			t.Errorf("%s: got %d %s, want %d", name, resp.StatusCode, body, test.status)
		}
		log.Want(t, test.log...)
	}
}

func TestRESTAPI_says_at_start_what_AWS_would_reject(t *testing.T) {
	_, log := openRest(t, func(r object) { delete(r, "Permit") }, Options{})
	log.Want(t, "Site/Rest: requests get 500, as API Gateway may not invoke the function", "no AWS::Lambda::Permission allows lambda:InvokeFunction", "/prod/POST/jobs/{job}")
	_, log = openRest(t, func(r object) { delete(r, "Stage") }, Options{})
	log.Want(t, "Site/Rest: every request gets 403", "the API has no stage")
	_, log = openRest(t, func(r object) {
		properties(r, "Rest")["Policy"] = object{"Statement": []any{object{"Effect": "Allow", "Action": "execute-api:Invoke", "Principal": "*", "Resource": "*", "Condition": object{"StringEquals": object{"aws:SourceVpce": ref("Nobody")}}}}}
	}, Options{})
	log.Want(t, "a statement of the Policy of Site/Rest doesn't count")
	_, log = openRest(t, func(r object) {
		r["Domain"] = object{"Type": "AWS::ApiGateway::DomainName", "Properties": object{"DomainName": "api.example.com"}}
	}, Options{})
	log.Want(t, "REST APIs are served without Site/Domain", "AWS::ApiGateway::DomainName isn't supported locally")
	_, err := buildDir(siteAssembly(t, withRest(func(r object) { properties(r, "Method")["Color"] = "red" })), Options{}, slog.New(slog.DiscardHandler))
	wantError(t, err, "Site/Rest/POST, Color: isn't a known property of AWS::ApiGateway::Method")
	_, err = buildDir(siteAssembly(t, withRest(func(r object) {
		properties(r, "Method")["Integration"] = lambdaIntegration("ResponseTransferMode", "STREAM")
	})), Options{}, slog.New(slog.DiscardHandler))
	wantError(t, err, "Site/Rest/POST, Integration.Uri: doesn't fit the ResponseTransferMode", "response-streaming-invocations")
}

func TestRESTAPI_is_replaced_by_a_server(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.URL.Path)) }))
	defer server.Close()
	for name, want := range map[string]string{"Handler": "/jobs/1", "Site/Rest": "/prod/jobs/1"} {
		part, _ := openRest(t, func(object) {}, Options{Origins: map[string]string{name: server.URL}})
		if resp, body := do(t, part, httptest.NewRequest(http.MethodPost, "/prod/jobs/1", nil)); resp.StatusCode != http.StatusOK || body != want {
			t.Errorf("%s: got %d %s, want %s", name, resp.StatusCode, body, want)
		}
	}
}
