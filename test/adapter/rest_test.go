package adapter

import "maps"

// restEvent returns an event of a REST API with a POST to /a%2Fb/.
//
// Seen: LocalStack's recordings of AWS (test_lambda_aws_proxy_integration).
func restEvent(more map[string]any) event {
	document := map[string]any{
		"resource": "/{proxy+}", "path": "/a%2Fb/", "httpMethod": "POST", "isBase64Encoded": false, "body": "hello",
		"headers":                         map[string]string{"Host": "abc.execute-api.eu-west-1.amazonaws.com", "X-Many": "2", "Cookie": "c=1; d=2", "X-Forwarded-Proto": "https"},
		"multiValueHeaders":               map[string]any{"Host": []string{"abc.execute-api.eu-west-1.amazonaws.com"}, "X-Many": []string{"1", "2"}, "Cookie": []string{"c=1; d=2"}, "X-Forwarded-Proto": []string{"https"}},
		"queryStringParameters":           map[string]string{"q": "ü +"},
		"multiValueQueryStringParameters": map[string]any{"q": []string{"1", "ü +"}},
		"pathParameters":                  map[string]string{"proxy": "a%2Fb"}, "stageVariables": nil,
		"requestContext": map[string]any{"accountId": "123456789012", "apiId": "abc", "stage": "prod", "path": "/prod/a%2Fb/", "resourcePath": "/{proxy+}", "httpMethod": "POST",
			"requestId": "request-1", "identity": map[string]any{"sourceIp": "192.0.2.1", "userArn": nil}},
	}
	maps.Copy(document, more)
	return event{raw: marshal(document)}
}

// restHeaders are those of the event as the app gets them.
const restHeaders = "cookie: c=1; d=2\nhost: abc.execute-api.eu-west-1.amazonaws.com\nx-forwarded-proto: https\nx-many: 2\n"

var rest = []row{
	{
		name: "a request to a REST API", event: restEvent(nil),
		app: "POST /a%2Fb/?q=1&q=%C3%BC+%2B HTTP/1.1\ncontent-length: 5\n" + restHeaders + "\nhello",
	},
	{name: "one without a query and a body", event: restEvent(map[string]any{"httpMethod": "GET", "path": "/", "body": nil, "queryStringParameters": nil, "multiValueQueryStringParameters": nil}), app: "GET / HTTP/1.1\n" + restHeaders},
	{name: "one in base64", event: restEvent(map[string]any{"body": "AP8=", "isBase64Encoded": true}), app: "POST /a%2Fb/?q=1&q=%C3%BC+%2B HTTP/1.1\ncontent-length: 2\n" + restHeaders + "\n\x00\xff"},
	{
		name: "the response to a REST API", event: restEvent(nil), variables: inBuffer,
		respond: answer("HTTP/1.1 201 Created\nContent-Type: text/plain\nContent-Length: 2\nX-A: 1\nX-A: 2\nSet-Cookie: a=1\nSet-Cookie: b=2\n\nok"),
		lambda:  `{"body":"ok","headers":{},"isBase64Encoded":false,"multiValueHeaders":{"content-length":["2"],"content-type":["text/plain"],"set-cookie":["a=1","b=2"],"x-a":["1","2"]},"statusCode":201}`,
	},
	{
		name: "the stream to a REST API", event: restEvent(nil),
		respond: answer("HTTP/1.1 201 Created\nContent-Type: text/plain\nContent-Length: 2\nX-A: 1\nX-A: 2\nSet-Cookie: a=1\n\nok"),
		lambda:  "201\ncontent-length: 2\ncontent-type: text/plain\nx-a: [1 2]\n(cookie) a=1\n\nok",
	},
}
