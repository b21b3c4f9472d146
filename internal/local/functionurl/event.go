package functionurl

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// An object is one of JSON.
type object map[string]any

// timeFormat is the form of requestContext.time.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
const timeFormat = "02/Jan/2006:15:04:05 -0700"

// newEvent returns the event of a request in payload format 2.0. Empty fields that live
// captures don't have are left out; those that the documentation shows as null are null.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
// Seen: the captures of aws-lambda-go, lambdaurl/testdata.
func (u *URL) newEvent(req *http.Request, body *spool.Body, caller sigv4.Identity, ids lambda.InvokeOptions, now time.Time) (*spool.Document, error) {
	text := isText(req.Header, body)
	event := object{
		"version": "2.0", "routeKey": "$default", "rawPath": cmp.Or(req.URL.EscapedPath(), "/"), "rawQueryString": req.URL.RawQuery,
		"headers": u.headerFields(req, body.Size(), ids.TraceID), "requestContext": u.requestContext(req, caller, ids.RequestID, now),
		"pathParameters": nil, "stageVariables": nil, "isBase64Encoded": !text,
	}
	if cookies := slices.Collect(headers.Cookies(req.Header["Cookie"])); len(cookies) > 0 {
		event["cookies"] = cookies
	}
	if query := queryParameters(req.URL.RawQuery); len(query) > 0 {
		event["queryStringParameters"] = query
	}
	if body.Size() > 0 {
		event["body"] = spool.Placeholder
	}
	data, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	return spool.NewDocument(data, body, text)
}

// requestContext returns what the event tells of the request and its caller.
//
// Seen: accountId is the caller's, also for requests that CloudFront signed.
func (u *URL) requestContext(req *http.Request, caller sigv4.Identity, id string, now time.Time) object {
	account, authorizer := "anonymous", any(nil)
	if u.config.AuthType == AuthTypeIAM {
		account = caller.Account
		authorizer = object{"iam": object{
			"accessKey": caller.Credentials.AccessKeyID, "accountId": caller.Account, "callerId": caller.UserID, "cognitoIdentity": nil,
			"principalOrgId": nil, "userArn": caller.ARN, "userId": caller.UserID,
		}}
	}
	return object{
		"accountId": account, "apiId": u.config.ID, "authentication": nil, "authorizer": authorizer, "domainName": u.domain, "domainPrefix": u.config.ID,
		"http": object{
			"method": cmp.Or(req.Method, http.MethodGet), "path": cmp.Or(req.URL.Path, "/"), "protocol": "HTTP/1.1",
			"sourceIp": payload.SourceIP(req), "userAgent": req.UserAgent(),
		},
		"requestId": id, "routeKey": "$default", "stage": "$default", "time": now.UTC().Format(timeFormat), "timeEpoch": now.UnixMilli(),
	}
}

// isText reports whether the event has a body as it is, not in base64.
// Seen: text/* and application/json as they are; form data, multipart and
// unknown types in base64 (aws-lambda-go captures; nitro#1778; CUDly#1483).
// Inferred: application/javascript, application/xml and the meaning of
// Content-Encoding, from the same rule of load balancers; and a body that isn't
// UTF-8 is base64 whatever its type, since JSON can't hold it.
//
// See: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
func isText(h http.Header, body *spool.Body) bool {
	if body.Size() == 0 {
		return true
	}
	if h.Get("Content-Encoding") != "" {
		return false
	}
	mediaType, _, _ := strings.Cut(strings.ToLower(h.Get("Content-Type")), ";")
	switch mediaType = strings.TrimSpace(mediaType); {
	case strings.HasPrefix(mediaType, "text/"), mediaType == "application/json",
		mediaType == "application/javascript", mediaType == "application/xml":
		return body.IsText()
	}
	return false
}

// headerFields returns the headers of the event. Lambda removes Authorization and
// leaves X-Forwarded-For as the caller sent it.
// Seen: through CloudFront it holds the viewer's address alone, with
// CloudFront's in sourceIp.
func (u *URL) headerFields(req *http.Request, length int64, trace string) map[string]string {
	h := make(map[string]string, len(req.Header)+6)
	for name, values := range req.Header {
		if name == "Authorization" || name == "Expect" || headers.HopByHop(name) || len(values) == 0 {
			continue
		}
		separator := ","
		if name == "Cookie" {
			separator = "; "
		}
		h[strings.ToLower(name)] = strings.Join(values, separator)
	}
	h["host"] = cmp.Or(req.Host, req.URL.Host)
	if length > 0 {
		h["content-length"] = strconv.FormatInt(length, 10)
	}
	h["x-forwarded-for"] = cmp.Or(h["x-forwarded-for"], payload.SourceIP(req))
	h["x-forwarded-port"], h["x-forwarded-proto"] = payload.Forwarded(cmp.Or(h["x-forwarded-host"], h["host"]), u.config.PlainHTTP)
	h["x-amzn-trace-id"] = trace
	return h
}

// queryParameters decodes a query, and joins the values of a repeated name.
func queryParameters(raw string) map[string]string {
	parameters := make(map[string]string)
	for _, p := range sigv4.ParseQuery(raw) {
		if earlier, ok := parameters[p.Name]; ok {
			p.Value = earlier + "," + p.Value
		}
		parameters[p.Name] = p.Value
	}
	return parameters
}
