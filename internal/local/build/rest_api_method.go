package build

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/restapi"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// restResourceProperties are those of AWS::ApiGateway::Resource.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-resource.html
type restResourceProperties struct{ ParentId, PathPart, RestApiId string }

// restMethodProperties are those of AWS::ApiGateway::Method.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html
type restMethodProperties struct {
	AuthorizationType, HttpMethod, ResourceId, RestApiId string

	ApiKeyRequired bool
	Integration    restIntegration

	RequestValidatorId template.LeftOut

	AuthorizationScopes, AuthorizerId                                template.NoEffect // AuthorizationType decides
	MethodResponses, OperationName, RequestModels, RequestParameters template.NoEffect
}

// A restIntegration is the Integration of a method. Most is asked for by its type.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-method-integration.html
type restIntegration struct {
	Type, IntegrationHttpMethod, ResponseTransferMode string

	TimeoutInMillis                             int
	Credentials                                 template.NoEffect // a role that invokes
	Uri, RequestTemplates, IntegrationResponses iam.Element

	ContentHandling, RequestParameters template.LeftOut

	CacheKeyParameters, CacheNamespace, ConnectionId, ConnectionType, IntegrationTarget, PassthroughBehavior, TlsConfig template.NoEffect
}

// A restMethod is a method of an API as Method resources or a Body define it.
type restMethod struct {
	resourceID, path, method, authorization string
	keyRequired                             bool
	integration                             restIntegration
	place                                   func(error) error
}

// restMethods returns the methods of an API: those of its Body, and of resources.
func (b *builder) restMethods(api *template.Resource, id string, p *restAPIProperties) ([]restMethod, error) {
	methods, err := b.openAPI(api, p)
	if err != nil {
		return nil, err
	}
	parents := map[string]restResourceProperties{}
	err = each(b, "AWS::ApiGateway::Resource", "RestApiId", id, func(r *template.Resource, p restResourceProperties) error {
		ref, err := r.Ref()
		parents[ref] = p
		return err
	})
	if err != nil {
		return nil, err
	}
	pathOf := func(resource string) string {
		path := ""
		for range len(parents) {
			if p, ok := parents[resource]; ok {
				resource, path = p.ParentId, "/"+p.PathPart+path
			}
		}
		return cmp.Or(path, "/")
	}
	return methods, each(b, "AWS::ApiGateway::Method", "RestApiId", id, func(r *template.Resource, p restMethodProperties) error {
		methods = append(methods, restMethod{p.ResourceId, pathOf(p.ResourceId), p.HttpMethod, p.AuthorizationType, p.ApiKeyRequired, p.Integration,
			func(err error) error { return fault.At(r.Path, err) }})
		return nil
	})
}

// restRoute makes a method. One that isn't supported responds with 501.
func (b *builder) restRoute(m restMethod, variables map[string]string) (restapi.Route, error) {
	route := restapi.Route{ResourceID: m.resourceID, Path: m.path, Method: m.method, IAM: m.authorization == "AWS_IAM", KeyRequired: m.keyRequired}
	function, err := m.integrate(b, &route, variables)
	if errors.Is(err, template.ErrUnsupported) {
		stub := b.stub(m.place(err), function)
		route.Instead, route.IAM, route.KeyRequired = func() http.RoundTripper { return stub }, false, false
		err = nil
	}
	return route, m.place(err)
}

// integrate adds what responds. It returns the logical id of a function.
func (m restMethod) integrate(b *builder, route *restapi.Route, variables map[string]string) (string, error) {
	const hint = "test it on AWS"
	switch method := m.integration.IntegrationHttpMethod; {
	case m.authorization != "" && m.authorization != "NONE" && m.authorization != "AWS_IAM":
		return "", unsupported("AuthorizationType", hint, m.authorization+" isn't supported locally")
	case m.integration.Type == "MOCK":
		mock, err := m.integration.mock()
		route.Instead = func() http.RoundTripper { return mock }
		return "", fault.In("Integration", err)
	case m.integration.Type != "AWS_PROXY":
		return "", unsupported("Integration.Type", "use AWS_PROXY with a Lambda function, or "+hint, cmp.Or(m.integration.Type, "no type")+" isn't supported locally")
	case method != "POST":
		// Seen: 500 for GET, in LocalStack's recordings (test_lambda_aws_proxy_integration_non_post_method).
		return "", unsupported("Integration.IntegrationHttpMethod", "set it to POST, with which Lambda is invoked", "is "+cmp.Or(method, "missing")+", with which every request gets 500 on AWS")
	}
	function, err := m.invokes(b, route, variables)
	return function, fault.In("Integration", err)
}

// lambdaURI is the Uri of a Lambda proxy integration: what is invoked, and how.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
var lambdaURI = regexp.MustCompile(`^arn:[^:]+:apigateway:[^:]+:lambda:path/[^/]+/functions/(.+)/(response-streaming-)?invocations$`)

var stageVariable = regexp.MustCompile(`\$\{stageVariables\.(\w+)\}`)

// invokes adds a function, and returns its logical id.
func (m restMethod) invokes(b *builder, route *restapi.Route, variables map[string]string) (string, error) {
	var uri string
	if err := reread(m.integration.Uri, &uri); err != nil {
		return "", fault.In("Uri", err)
	}
	// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
	uri = stageVariable.ReplaceAllStringFunc(uri, func(name string) string { return variables[stageVariable.FindStringSubmatch(name)[1]] })
	parts := lambdaURI.FindStringSubmatch(uri)
	if parts == nil {
		return "", unsupported("Uri", "name a function by arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations, or test it on AWS", uri+" isn't a Lambda function")
	}
	streams := m.integration.ResponseTransferMode == "STREAM"
	if streams != (parts[2] != "") {
		return "", fault.In("Uri", fault.New("end it with /response-streaming-invocations for STREAM, and with /invocations for BUFFERED", "doesn't fit the ResponseTransferMode: %s", uri))
	}
	target, qualifier, err := b.functionNamed(parts[1])
	if err != nil {
		return "", fault.In("Uri", err)
	}
	replaced, err := b.replacement(target.LogicalID, target.Path)
	if replaced != nil {
		route.Instead = func() http.RoundTripper { return replaced }
	}
	if replaced != nil || err != nil {
		return "", err
	}
	made, permissions, err := b.invocable(target, qualifier)
	if err != nil {
		return target.LogicalID, err
	}
	route.Function = restapi.Function{
		ARN: made.config.ARN, Policies: permissions, Trusted: bool(m.integration.Credentials), Stream: streams,
		Timeout: time.Duration(cmp.Or(m.integration.TimeoutInMillis, 29_000)) * time.Millisecond, Invoke: made.invoke,
	}
	route.Instead = func() http.RoundTripper {
		if made.stub != nil {
			return *made.stub
		}
		return nil
	}
	return target.LogicalID, nil
}

// mock returns a mock integration.
func (i restIntegration) mock() (*restapi.Mock, error) {
	var templates map[string]string
	var responses []restapi.MockResponse
	if err := cmp.Or(reread(i.RequestTemplates, &templates), reread(i.IntegrationResponses, &responses)); err != nil {
		return nil, err
	}
	mock, err := restapi.NewMock(templates["application/json"], responses)
	if err != nil {
		err = unsupported("", fault.HintOf(err), err.Error())
	}
	return mock, err
}

// reread reads a property into what has fields of its names, in whatever case.
func reread(property iam.Element, into any) error {
	if property == nil {
		return nil
	}
	value, err := property.Value()
	if err != nil {
		return err
	}
	data, err := json.Marshal(value)
	return cmp.Or(err, json.Unmarshal(data, into))
}
