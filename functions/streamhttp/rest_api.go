package streamhttp

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// An invocation is the event of a function URL, or that of a REST API as a function
// URL would have sent it.
type invocation struct {
	events.LambdaFunctionURLRequest
}

// UnmarshalJSON reads an event. Those of REST APIs have no version.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
func (i *invocation) UnmarshalJSON(data []byte) error {
	err := json.Unmarshal(data, &i.LambdaFunctionURLRequest)
	if err != nil || i.Version != "" {
		return err
	}
	var rest events.APIGatewayProxyRequest
	if err := json.Unmarshal(data, &rest); err != nil || rest.HTTPMethod == "" {
		return err
	}
	i.LambdaFunctionURLRequest = fromRestApi(&rest)
	return nil
}

// fromRestApi converts the event of a REST API. Its path is percent-encoded, as that of
// a function URL, and its query parameters aren't, and have lost their order.
//
// Seen: events that LocalStack's tests have recorded (test_lambda_aws_proxy_integration).
func fromRestApi(rest *events.APIGatewayProxyRequest) events.LambdaFunctionURLRequest {
	headers := make(map[string]string, len(rest.MultiValueHeaders))
	for name, values := range rest.MultiValueHeaders {
		separator := ","
		if strings.EqualFold(name, "Cookie") {
			separator = "; "
		}
		headers[http.CanonicalHeaderKey(name)] = strings.Join(values, separator)
	}
	call, identity := &rest.RequestContext, &rest.RequestContext.Identity
	event := events.LambdaFunctionURLRequest{
		Version:         payloadVersion,
		RawPath:         rest.Path,
		RawQueryString:  url.Values(rest.MultiValueQueryStringParameters).Encode(),
		Headers:         headers,
		Body:            rest.Body,
		IsBase64Encoded: rest.IsBase64Encoded,
		RequestContext: events.LambdaFunctionURLRequestContext{
			AccountID:    call.AccountID,
			RequestID:    call.RequestID,
			APIID:        call.APIID,
			DomainName:   call.DomainName,
			DomainPrefix: call.DomainPrefix,
			Time:         call.RequestTime,
			TimeEpoch:    call.RequestTimeEpoch,
			HTTP: events.LambdaFunctionURLRequestContextHTTPDescription{
				Method:    rest.HTTPMethod,
				Path:      rest.Path,
				Protocol:  call.Protocol,
				SourceIP:  identity.SourceIP,
				UserAgent: identity.UserAgent,
			},
		},
	}
	if identity.UserArn != "" {
		event.RequestContext.Authorizer = &events.LambdaFunctionURLRequestContextAuthorizerDescription{
			IAM: &events.LambdaFunctionURLRequestContextAuthorizerIAMDescription{
				AccessKey: identity.AccessKey,
				AccountID: identity.AccountID,
				CallerID:  identity.Caller,
				UserARN:   identity.UserArn,
				UserID:    identity.User,
			},
		}
	}
	return event
}

// invoked returns Wrap(handler) for the events of REST APIs, too.
func invoked(handler http.Handler) func(context.Context, *invocation) (*events.LambdaFunctionURLStreamingResponse, error) {
	wrapped := Wrap(handler)
	return func(ctx context.Context, i *invocation) (*events.LambdaFunctionURLStreamingResponse, error) {
		if i == nil {
			return wrapped(ctx, nil)
		}
		return wrapped(ctx, &i.LambdaFunctionURLRequest)
	}
}
