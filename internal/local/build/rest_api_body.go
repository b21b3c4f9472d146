package build

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// openAPI is what an API needs of a Body, in OpenAPI 2.0 or 3.0. SAM writes APIs so.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
type openAPI struct {
	Paths               map[string]map[string]json.RawMessage
	SecurityDefinitions map[string]openAPIScheme
	Components          struct {
		SecuritySchemes map[string]openAPIScheme
	}
	KeySource        string                                `json:"x-amazon-apigateway-api-key-source"`
	BinaryMediaTypes []string                              `json:"x-amazon-apigateway-binary-media-types"`
	Policy           *struct{ Statement []map[string]any } `json:"x-amazon-apigateway-policy"`
}

type openAPIScheme struct {
	Name     string
	AuthType string `json:"x-amazon-apigateway-authtype"`
}

type openAPIOperation struct {
	Auth        struct{ Type string } `json:"x-amazon-apigateway-auth"`
	Security    []map[string]any
	Integration struct {
		Type, HttpMethod, ResponseTransferMode string
		TimeoutInMillis                        int
		Uri, Credentials                       string
		RequestTemplates                       map[string]any
		Responses                              map[string]restapi.MockResponse
	} `json:"x-amazon-apigateway-integration"`
}

// operations are methods, by what a path calls them.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html
var operations = map[string]string{
	"delete": "DELETE", "get": "GET", "head": "HEAD", "options": "OPTIONS", "patch": "PATCH", "post": "POST", "put": "PUT", "x-amazon-apigateway-any-method": "ANY",
}

// openAPI returns the methods of an API's Body, and adds what else it says to the
// properties of the API.
func (b *builder) openAPI(api *template.Resource, p *restAPIProperties) (methods []restMethod, err error) {
	var body openAPI
	if err := reread(p.Body, &body); err != nil {
		return nil, fault.At(api.Path, fault.In("Body", err))
	}
	p.ApiKeySourceType = cmp.Or(p.ApiKeySourceType, body.KeySource)
	p.BinaryMediaTypes = append(p.BinaryMediaTypes, body.BinaryMediaTypes...)
	if body.Policy != nil {
		p.Policy = &policyDocument{}
		for _, s := range body.Policy.Statement {
			p.Policy.Statement = append(p.Policy.Statement, statementOf(s))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(body.Paths)) {
		id := fmt.Sprintf("%06x", crc32.ChecksumIEEE([]byte(path)))[:6]
		for _, name := range slices.Sorted(maps.Keys(operations)) {
			raw, ok := body.Paths[path][name]
			if !ok {
				continue
			}
			place := func(err error) error { return fault.At(api.Path, fault.In("Body.paths["+path+"]."+name, err)) }
			var operation openAPIOperation
			if err := json.Unmarshal(raw, &operation); err != nil {
				return nil, place(err)
			}
			m := body.method(operation)
			m.resourceID, m.path, m.method, m.place = id, path, operations[name], place
			methods = append(methods, m)
		}
	}
	return methods, nil
}

// method returns the method of an operation.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
// and https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html
func (o openAPI) method(operation openAPIOperation) restMethod {
	m := restMethod{authorization: strings.ToUpper(operation.Auth.Type)}
	for _, requirement := range operation.Security {
		for name := range requirement {
			scheme, ok := o.SecurityDefinitions[name]
			if !ok {
				scheme = o.Components.SecuritySchemes[name]
			}
			switch {
			case strings.EqualFold(scheme.AuthType, "awsSigv4"):
				m.authorization = "AWS_IAM"
			case strings.EqualFold(scheme.Name, "x-api-key"):
				m.keyRequired = true
			default:
				m.authorization = "the authorizer " + name
			}
		}
	}
	in := operation.Integration
	m.integration = restIntegration{
		Type: strings.ToUpper(in.Type), IntegrationHttpMethod: in.HttpMethod, ResponseTransferMode: strings.ToUpper(in.ResponseTransferMode), TimeoutInMillis: in.TimeoutInMillis,
		Uri: iam.Literal{V: in.Uri}, Credentials: in.Credentials != "", RequestTemplates: iam.Literal{V: in.RequestTemplates},
	}
	var responses []restapi.MockResponse
	for _, pattern := range slices.Sorted(maps.Keys(in.Responses)) {
		response := in.Responses[pattern]
		if response.SelectionPattern = pattern; pattern == "default" {
			response.SelectionPattern = ""
		}
		responses = append(responses, response)
	}
	m.integration.IntegrationResponses = iam.Literal{V: responses}
	return m
}

// statementOf returns a statement of JSON.
func statementOf(raw map[string]any) iam.Statement {
	text := func(name string) string { return fmt.Sprint(raw[name]) }
	element := func(name string) iam.Element {
		if raw[name] == nil {
			return nil
		}
		return iam.Literal{V: raw[name]}
	}
	actions, ok := raw["Action"].([]any)
	if !ok {
		actions = []any{raw["Action"]}
	}
	s := iam.Statement{Sid: text("Sid"), Effect: text("Effect"), Principal: element("Principal"), NotPrincipal: element("NotPrincipal"),
		Resource: element("Resource"), NotResource: element("NotResource"), Condition: element("Condition")}
	for _, action := range actions {
		s.Action = append(s.Action, fmt.Sprint(action))
	}
	return s
}
