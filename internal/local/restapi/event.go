package restapi

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// timeFormat is the form of requestContext.requestTime.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
const timeFormat = "02/Jan/2006:15:04:05 -0700"

type object map[string]any

// newEvent returns the event of the request in payload format 1.0.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
// Seen: recorded (test_lambda_aws_proxy_integration). Path and path parameters are
// percent-encoded, those of the query aren't; of several values the last one counts.
func (c *call) newEvent(body *spool.Body) (*spool.Document, error) {
	header, query := c.header(), map[string][]string{}
	for _, p := range sigv4.ParseQuery(c.req.URL.RawQuery) {
		query[p.Name] = append(query[p.Name], p.Value)
	}
	text := !c.isBinary(c.req.Header.Get("Content-Type"))
	event := object{
		"resource": c.route.Path, "path": c.path, "httpMethod": c.method, "requestContext": c.requestContext(),
		"headers": last(header), "multiValueHeaders": header,
		"queryStringParameters": last(query), "multiValueQueryStringParameters": orNull(query),
		"pathParameters": orNull(c.parameters), "stageVariables": orNull(c.stage.Variables),
		"body": nil, "isBase64Encoded": body.Size() > 0 && !text,
	}
	if body.Size() > 0 {
		event["body"] = spool.Placeholder
	}
	data, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	if text && !body.IsText() {
		if body, err = c.garble(body); err != nil {
			return nil, err
		}
		defer body.Close()
	}
	return spool.NewDocument(data, body, text)
}

// requestContext returns what the event tells of the request and its caller.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
// Seen: recorded (test_lambda_aws_proxy_integration).
func (c *call) requestContext() object {
	identity := object{
		"cognitoIdentityPoolId": nil, "cognitoIdentityId": nil, "cognitoAuthenticationType": nil, "cognitoAuthenticationProvider": nil, "principalOrgId": nil,
		"sourceIp": payload.SourceIP(c.req), "userAgent": orNull(c.req.UserAgent()), "accountId": orNull(c.caller.Account), "accessKey": orNull(c.caller.Credentials.AccessKeyID),
		"caller": orNull(c.caller.UserID), "user": orNull(c.caller.UserID), "userArn": orNull(c.caller.ARN),
	}
	if c.keyID != "" {
		identity["apiKey"], identity["apiKeyId"] = c.key, c.keyID
	}
	return object{
		"accountId": c.config.Account, "apiId": c.config.ID, "domainName": c.config.Domain, "domainPrefix": c.config.ID,
		"stage": c.stageName, "deploymentId": c.stage.DeploymentID, "resourceId": c.route.ResourceID, "resourcePath": c.route.Path,
		"httpMethod": c.method, "path": c.whole, "protocol": "HTTP/1.1", "requestId": c.id, "extendedRequestId": c.apigw,
		"requestTime": c.now.UTC().Format(timeFormat), "requestTimeEpoch": c.now.UnixMilli(), "identity": identity,
	}
}

// notSent are request headers that functions don't get.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
// Seen: recorded (test_apigateway_header_remapping_aws, Content-Length).
var notSent = headers.Set("Content-Length", "Content-Md5", "Expect", "Max-Forwards", "Server", "Www-Authenticate")

// header returns the headers of the event. A signature isn't passed on.
func (c *call) header() map[string][]string {
	h := make(http.Header, len(c.req.Header)+5)
	for name, values := range c.req.Header {
		signed := name == "Authorization" && (c.route.IAM || strings.HasPrefix(values[0], "AWS4-"))
		if !signed && !notSent[name] && !headers.HopByHop(name) {
			h[name] = values
		}
	}
	h["X-Forwarded-For"] = []string{strings.Join(append(slices.Clone(h["X-Forwarded-For"]), payload.SourceIP(c.req)), ", ")}
	h.Set("Host", cmp.Or(c.req.Host, c.req.URL.Host))
	port, proto := payload.Forwarded(cmp.Or(h.Get("X-Forwarded-Host"), h.Get("Host")), c.config.PlainHTTP)
	h.Set("X-Forwarded-Port", port)
	h.Set("X-Forwarded-Proto", proto)
	h["X-Amzn-Trace-Id"] = []string{c.xray}
	return h
}

// isBinary reports whether a Content-Type, or the first type of an Accept, is one of
// the API's binary media types. Without one it is JSON.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
func (a *API) isBinary(value string) bool {
	mediaType, _, _ := strings.Cut(value, ",")
	mediaType, _, _ = strings.Cut(mediaType, ";")
	mediaType = cmp.Or(strings.ToLower(strings.TrimSpace(mediaType)), "application/json")
	return slices.ContainsFunc(a.config.BinaryMediaTypes, func(binary string) bool {
		return wildcard.Match(strings.ToLower(binary), mediaType)
	})
}

// garble returns a body that isn't UTF-8 as the event has it, with U+FFFD for each
// byte that is wrong.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html ("UTF8-encoded string")
// Inferred: the replacement, as Java decodes UTF-8.
func (c *call) garble(body *spool.Body) (*spool.Body, error) {
	c.garbled.Do(func() {
		fault.Log(c.log, slog.LevelWarn, "a function gets a body with wrong characters",
			"the body isn't UTF-8, and BinaryMediaTypes of the API doesn't have its type, "+cmp.Or(c.req.Header.Get("Content-Type"), "application/json"),
			"add the type to BinaryMediaTypes, or */*", "path", c.req.URL.Path)
	})
	var content strings.Builder
	if _, err := body.WriteTo(&content); err != nil {
		return nil, err
	}
	replaced, _, err := spool.Read(strings.NewReader(string([]rune(content.String()))), 3*maxPayload)
	return replaced, err
}

func last(values map[string][]string) any {
	one := make(map[string]string, len(values))
	for name, list := range values {
		one[name] = list[len(list)-1]
	}
	return orNull(one)
}

// orNull returns a text or a map, or null for an empty one.
func orNull(value any) any {
	if reflect.ValueOf(value).Len() == 0 {
		return nil
	}
	return value
}
