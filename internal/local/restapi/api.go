package restapi

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// maxPayload is the longest body of a request, in bytes.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
// Seen: "HTTP content length exceeded 10485760 bytes." (koki-develop/lgtm-generator#10)
const maxPayload = 10_485_760

type call struct {
	*API

	req    *http.Request
	ctx    context.Context // ends with the integration's timeout
	cancel context.CancelFunc
	now    time.Time
	trace  *trace.Trace
	step   *trace.Stage // of the trace, until the function is invoked

	id, apigw, xray, method string

	stageName, whole, path string // the paths with and without the stage, percent-encoded
	stage                  *Stage
	route                  *Route
	parameters             map[string]string
	caller                 sigv4.Identity
	key, keyID             string // of the API key, if one is required
}

// RoundTrip serves one request of a distribution, whose Host must be the API's own. The
// response's body is the stream itself; the caller must close it. An error is that of
// the request's context: everything else is a response, as on AWS. RoundTrip reads and
// closes the request's body and leaves the rest of the request alone.
func (a *API) RoundTrip(req *http.Request) (*http.Response, error) { return a.serve(req, true) }

// ServeHTTP serves a call over HTTP, whatever its Host.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	exchange.Serve(func(req *http.Request) (*http.Response, error) { return a.serve(req, false) }, w, r)
}

func (a *API) serve(req *http.Request, fromDistribution bool) (*http.Response, error) {
	c := &call{
		API: a, req: req, ctx: req.Context(), trace: trace.FromContext(req.Context()), now: time.Now(), method: cmp.Or(req.Method, http.MethodGet),
		id: lambda.NewRequestID(), apigw: rand.Text()[:15] + "=", // Seen: recorded
	}
	c.xray = payload.TraceID(req.Header.Get("X-Amzn-Trace-Id"), c.now)
	if req.Body != nil {
		defer req.Body.Close()
	}
	c.step = c.trace.Enter(trace.In, "REST API", a.config.Path, "")
	resp, err := c.respond(fromDistribution)
	if err == nil {
		resp.Header.Set("X-Amzn-Requestid", c.id)
		resp.Header.Set("X-Amz-Apigw-Id", c.apigw)
	}
	return resp, err
}

func (c *call) respond(fromDistribution bool) (*http.Response, error) {
	if host := cmp.Or(c.req.Host, c.req.URL.Host); fromDistribution && !strings.EqualFold(host, c.config.Domain) {
		// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html#managed-origin-request-policy-all-viewer-except-host-header
		// Inferred: the response, which is that for a domain that API Gateway doesn't know.
		return c.reject(forbidden, "CloudFront forwards the viewer's Host, "+host+", and API Gateway knows "+c.config.Domain+" only", "use AllViewerExceptHostHeader"), nil
	}
	body, err := payload.ReadBody(c.req, maxPayload)
	switch {
	case errors.Is(err, payload.ErrTooLarge):
		return c.rejectWith(tooLarge, "text; charset=utf-8", tooLarge.message, "the request's body exceeds API Gateway's limit of 10 MB", "send less, or upload to S3 and send the key"), nil
	case err != nil:
		return c.failed("can't read the request's body", err)
	}
	rejected := c.find()
	if rejected == nil {
		rejected = c.authorize(body)
	}
	if rejected == nil && c.route.Instead != nil {
		if instead := c.route.Instead(); instead != nil {
			return instead.RoundTrip(c.without(body))
		}
	}
	defer body.Close() // the event keeps it
	if rejected != nil {
		return rejected, nil
	}
	if denial := c.permission(c.stageName, c.route, c.method); denial != nil {
		c.trace.Missing(denial.Err)
		return c.reject(internalError, denial.Problem, denial.Hint), nil
	}
	event, err := c.newEvent(body)
	switch {
	case err != nil:
		return c.reject(internalError, "can't make an event of the request: "+err.Error(), "report this request"), nil
	case event.Size() > payload.MaxEvent:
		event.Close()
		return c.reject(tooLong, "the event of the request exceeds Lambda's limit of 6 MB",
			"send less than 4.5 MB of binary data, or upload to S3 and send the key"), nil
	}
	return c.invoke(event)
}

// find finds the stage and the route.
//
// Seen: recorded. Slashes before the stage don't count, those behind it only in
// requestContext, and one at the end not for the resource.
// Inferred: an unknown stage gets Forbidden.
func (c *call) find() *http.Response {
	trimmed := strings.TrimLeft(c.req.URL.EscapedPath(), "/")
	name, rest, _ := strings.Cut(trimmed, "/")
	c.whole, c.path = "/"+trimmed, "/"+strings.TrimLeft(rest, "/")
	if c.stageName, c.stage = name, c.config.Stages[name]; c.stage == nil {
		return c.reject(forbidden, "the path doesn't begin with a stage of the API", "put the name of a stage before the path: "+strings.Join(slices.Sorted(maps.Keys(c.config.Stages)), ", "))
	}
	if c.route, c.parameters = c.stage.find(c.method, strings.Trim(c.path, "/")); c.route == nil {
		return c.unsigned("no resource and method of the stage "+name+" match "+c.method+" "+c.path, "define the resource, or {proxy+}; the root needs a method of its own")
	}
	return nil
}

// without returns the request for what responds in place of a function: its path is
// without the stage. It takes over the body.
func (c *call) without(body *spool.Body) *http.Request {
	sent := c.req.Clone(c.req.Context())
	sent.URL.RawPath = c.path
	sent.URL.Path, _ = url.PathUnescape(c.path) // it is part of a valid path
	sent.Body, sent.ContentLength = body.Reader(), body.Size()
	if body.Size() == 0 {
		sent.Body = http.NoBody
	}
	return sent
}

// invoke runs the function and turns its result into a response.
func (c *call) invoke(event lambda.Event) (*http.Response, error) {
	f := c.route.Function
	c.ctx, c.cancel = context.WithTimeout(c.req.Context(), f.Timeout)
	c.step.Leave(trace.Passed)
	options := lambda.InvokeOptions{TraceID: c.xray, Trace: c.trace}
	if !f.Stream {
		options.MaxResponse = lambda.MaxBufferedResponse
	}
	result, err := f.Invoke(c.ctx, event, options)
	if err != nil {
		defer c.cancel()
		if busy := new(lambda.ThrottledError); errors.As(err, &busy) {
			// Seen: Lambda's 429 becomes a 500 (AWS re:Post, "API Gateway proxy integration does not forward Lambda throttling").
			return c.reject(internalError, busy.Error(), busy.Hint()), nil
		}
		return c.failed("the function failed before its first byte", err)
	}
	context.AfterFunc(c.ctx, func() { result.Body.Close() })
	if f.Stream {
		return c.streamed(result)
	}
	defer c.cancel() // closes the body
	return c.buffered(result)
}
