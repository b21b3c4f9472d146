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

// An event is a request in payload format 2.0. Empty fields that live captures
// don't have are left out; those that the documentation shows as null are null.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
// Seen: the captures of aws-lambda-go, lambdaurl/testdata.
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	PathParameters        *struct{}         `json:"pathParameters"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
	StageVariables        *struct{}         `json:"stageVariables"`
}

type requestContext struct {
	AccountID      string      `json:"accountId"`
	APIID          string      `json:"apiId"`
	Authentication *struct{}   `json:"authentication"`
	Authorizer     *authorizer `json:"authorizer"`
	DomainName     string      `json:"domainName"`
	DomainPrefix   string      `json:"domainPrefix"`
	HTTP           httpContext `json:"http"`
	RequestID      string      `json:"requestId"`
	RouteKey       string      `json:"routeKey"`
	Stage          string      `json:"stage"`
	Time           string      `json:"time"`
	TimeEpoch      int64       `json:"timeEpoch"`
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

type authorizer struct {
	IAM iamAuthorizer `json:"iam"`
}

type iamAuthorizer struct {
	AccessKey       string    `json:"accessKey"`
	AccountID       string    `json:"accountId"`
	CallerID        string    `json:"callerId"`
	CognitoIdentity *struct{} `json:"cognitoIdentity"`
	PrincipalOrgID  *string   `json:"principalOrgId"`
	UserARN         string    `json:"userArn"`
	UserID          string    `json:"userId"`
}

// timeFormat is the form of requestContext.time.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
const timeFormat = "02/Jan/2006:15:04:05 -0700"

// newEvent returns the event of a request.
func (u *URL) newEvent(req *http.Request, body *spool.Body, caller sigv4.Identity, ids lambda.InvokeOptions, now time.Time) (*spool.Document, error) {
	sourceIP := payload.SourceIP(req)
	text := isText(req.Header, body)
	e := event{
		Version: "2.0", RouteKey: "$default",
		RawPath: cmp.Or(req.URL.EscapedPath(), "/"), RawQueryString: req.URL.RawQuery,
		Cookies:               slices.Collect(headers.Cookies(req.Header["Cookie"])),
		Headers:               u.headerFields(req, body.Size(), sourceIP, ids.TraceID),
		QueryStringParameters: queryParameters(req.URL.RawQuery),
		IsBase64Encoded:       !text,
		RequestContext: requestContext{
			AccountID: "anonymous", APIID: u.config.ID,
			DomainName: u.domain, DomainPrefix: u.config.ID,
			HTTP: httpContext{
				Method: cmp.Or(req.Method, http.MethodGet), Path: cmp.Or(req.URL.Path, "/"), Protocol: "HTTP/1.1",
				SourceIP: sourceIP, UserAgent: req.UserAgent(),
			},
			RequestID: ids.RequestID, RouteKey: "$default", Stage: "$default",
			Time: now.UTC().Format(timeFormat), TimeEpoch: now.UnixMilli(),
		},
	}
	if u.config.AuthType == AuthTypeIAM {
		// Seen: accountId is the caller's, also for requests that CloudFront signed.
		e.RequestContext.AccountID = caller.Account
		e.RequestContext.Authorizer = &authorizer{IAM: iamAuthorizer{
			AccessKey: caller.Credentials.AccessKeyID, AccountID: caller.Account,
			CallerID: caller.UserID, UserARN: caller.ARN, UserID: caller.UserID,
		}}
	}
	if body.Size() > 0 {
		e.Body = spool.Placeholder
	}
	data, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return spool.NewDocument(data, body, text)
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
func (u *URL) headerFields(req *http.Request, length int64, sourceIP, trace string) map[string]string {
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
	h["x-forwarded-for"] = cmp.Or(h["x-forwarded-for"], sourceIP)
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
