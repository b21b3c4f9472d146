package build

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRESTAPI_serves_a_body_in_OpenAPI(t *testing.T) {
	operation := func(more object) object {
		o := object{"x-amazon-apigateway-integration": object{"type": "aws_proxy", "httpMethod": "POST", "uri": lambdaIntegration()["Uri"], "responses": object{"default": object{"statusCode": 200}}}}
		for name, value := range more {
			o[name] = value
		}
		return o
	}
	// As SAM writes it.
	part, log := openRest(t, func(r object) {
		for _, id := range []string{"Jobs", "Job", "Method", "Stage"} {
			delete(r, id)
		}
		properties(r, "Deployment")["StageName"] = "prod"
		properties(r, "Rest")["Body"] = object{
			"swagger": "2.0", "info": object{"title": ref("AWS::StackName"), "version": "1.0"},
			"paths": object{
				"/hello":    object{"get": operation(nil), "options": object{"x-amazon-apigateway-integration": object{"type": "mock", "requestTemplates": object{"application/json": "{\n  \"statusCode\" : 200\n}\n"}, "responses": object{"default": object{"statusCode": "200", "responseParameters": object{"method.response.header.Access-Control-Allow-Origin": "'*'"}}}}}},
				"/{proxy+}": object{"x-amazon-apigateway-any-method": operation(object{"security": []any{object{"AWS_IAM": []any{}}}}), "parameters": []any{}},
				"/key":      object{"get": operation(object{"security": []any{object{"api_key": []any{}}}})},
				"/auth":     object{"get": operation(object{"security": []any{object{"Cognito": []any{}}}})},
				"/iam":      object{"get": operation(object{"x-amazon-apigateway-auth": object{"type": "AWS_IAM"}})},
				"/http":     object{"get": object{"x-amazon-apigateway-integration": object{"type": "http_proxy", "httpMethod": "GET", "uri": "https://example.com"}}},
			},
			"securityDefinitions": object{
				"AWS_IAM": object{"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
				"Cognito": object{"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "cognito_user_pools"},
				"api_key": object{"type": "apiKey", "name": "x-api-key", "in": "header"},
			},
			"x-amazon-apigateway-policy": object{"Version": "2012-10-17", "Statement": []any{
				object{"Effect": "Allow", "Principal": "*", "Action": []any{"execute-api:Invoke"}, "Resource": "execute-api:/*"},
				object{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": []any{"execute-api:/prod/GET/hello"}, "Condition": object{"StringEquals": object{"aws:Referer": "evil"}}},
			}},
		}
	}, Options{})
	for target, want := range map[string]struct {
		status int
		body   string
	}{
		"GET /prod/hello":     {500, "Internal server error"},
		"OPTIONS /prod/hello": {200, ""},
		"PUT /prod/other":     {403, "Missing Authentication Token"},
		"GET /prod/iam":       {403, "Missing Authentication Token"},
		"GET /prod/key":       {403, "Forbidden"},
		"GET /prod/auth":      {501, "Site/Rest, Body.paths[/auth].get.AuthorizationType: the authorizer Cognito isn't supported locally"},
		"GET /prod/http":      {501, "HTTP_PROXY isn't supported locally"},
	} {
		method, path, _ := strings.Cut(target, " ")
		if resp, body := do(t, part, httptest.NewRequest(method, path, nil)); resp.StatusCode != want.status || !strings.Contains(body, want.body) {
			t.Errorf("%s: got %d %s, want %d %s", target, resp.StatusCode, body, want.status, want.body)
		}
	}
	log.Want(t, reached)
	evil := httptest.NewRequest(http.MethodGet, "/prod/hello", nil)
	evil.Header.Set("Referer", "evil")
	if resp, body := do(t, part, evil); resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "with an explicit deny") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}
