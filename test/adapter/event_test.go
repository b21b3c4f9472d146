package adapter

// host is the name of the function URL.
const host = "abc.lambda-url.eu-west-1.on.aws"

// An event is an event of a function URL, by what the cases vary.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
type event struct {
	method, path, query string // default: GET, /
	decodedPath         string // default: path
	headers             map[string]string
	cookies             []string
	body                string
	base64              bool
	raw                 string // the whole event, in place of all else
}

func (e event) String() string {
	if e.raw != "" {
		return e.raw
	}
	if e.method == "" {
		e.method = "GET"
	}
	if e.path == "" {
		e.path = "/"
	}
	if e.decodedPath == "" {
		e.decodedPath = e.path
	}
	headers := map[string]string{"host": host}
	for name, value := range e.headers {
		headers[name] = value
	}
	document := map[string]any{
		"version": "2.0", "routeKey": "$default", "rawPath": e.path, "rawQueryString": e.query,
		"headers": headers,
		"requestContext": map[string]any{
			"accountId": "123456789012", "apiId": "abc", "authentication": nil,
			"authorizer": map[string]any{"iam": map[string]any{
				"accessKey": "AKIA", "accountId": "123456789012", "callerId": "AIDA", "cognitoIdentity": nil,
				"principalOrgId": nil, "userArn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDA",
			}},
			"domainName": host, "domainPrefix": "abc",
			"http":      map[string]any{"method": e.method, "path": e.decodedPath, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "curl/8"},
			"requestId": "request-1", "routeKey": "$default", "stage": "$default",
			"time": "28/Sep/2026:10:00:00 +0000", "timeEpoch": 1790000000000,
		},
		"pathParameters": nil, "stageVariables": nil, "isBase64Encoded": e.base64,
	}
	if e.cookies != nil {
		document["cookies"] = e.cookies
	}
	if e.body != "" {
		document["body"] = e.body
	}
	return marshal(document)
}
