package smoke

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Options are the options of Run.
type Options struct {
	// FunctionURL is the address of the function URL itself, from ParseURL.
	// Default: nil, the cases that send requests to it are skipped
	FunctionURL *url.URL

	// Timeout is how long each case may take, from dialing to the last byte.
	// Default: 30 s
	Timeout time.Duration

	// Concurrency is how many cases run at once.
	// Default: 4
	Concurrency int

	// Cases are the cases to run.
	// Default: Matrix()
	Cases []Case
}

// The defaults of Options.
const (
	DefaultTimeout     = 30 * time.Second
	DefaultConcurrency = 4
)

// ParseURL parses the address of a distribution or of a function URL: http or
// https, a host, and the path that the demo's own paths are below, if it isn't
// served at the root. The error is a *fault.Error.
func ParseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, fault.New("use http:// or https:// and a host, such as https://d111111abcdef8.cloudfront.net/", "invalid URL %q", s)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fault.New(fmt.Sprintf("use %s://%s%s", u.Scheme, u.Host, cmp.Or(u.EscapedPath(), "/")), "URL %q has more than a scheme, a host and a path", s)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/") + "/"}, nil
}

// Run runs the cases against the distribution at target, from ParseURL, and
// reports on all of them in order. The error is a *fault.Error if nothing
// responds at target, it redirects to https, or it serves none of the cases, and
// ctx's error if ctx ends.
func Run(ctx context.Context, target *url.URL, options Options) (*Report, error) {
	options.Timeout = cmp.Or(options.Timeout, DefaultTimeout)
	options.Concurrency = cmp.Or(options.Concurrency, DefaultConcurrency)
	if options.Cases == nil {
		options.Cases = Matrix()
	}
	r := &runner{target: target, functionURL: options.FunctionURL, timeout: options.Timeout}
	if err := r.lookForDemo(ctx); err != nil {
		return nil, err
	}
	results := make([]Result, len(options.Cases))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(options.Concurrency)
	for i, one := range options.Cases {
		group.Go(func() error {
			results[i] = r.run(groupCtx, one)
			return groupCtx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return newReport(r, results), nil
}

type runner struct {
	client      client
	target      *url.URL
	functionURL *url.URL
	timeout     time.Duration

	// noDemo is the summary of the response to GET /inspect, or "" if it was the
	// demo's.
	noDemo string
}

// closed are the 403s of distributions that serve none of the cases.
var closed = []struct{ body, problem, hint string }{
	{`"code":"default_domain"`, "serves only its own domain names (RejectDefaultDomain)", "use one of the domain names of the distribution"},
	{"<Code>MissingKey</Code>", "serves only signed URLs and signed cookies (key groups)", "test an endpoint without key groups: the requests aren't signed"},
}

// lookForDemo finds out whether the origin is the demo.
func (r *runner) lookForDemo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	response, err := r.client.send(ctx, r.target, Request{Method: http.MethodGet, Target: "/inspect"}.below(r.target))
	if errors.Is(err, context.Canceled) {
		return err
	}
	if response == nil {
		return fault.At(r.target.String(), fault.New("start the local edge with `make run`, or use the DistributionUrl that `cdk deploy` printed", "%w", err))
	}
	location := response.Header.Get("Location")
	if r.target.Scheme == "http" && response.Status >= 300 && response.Status < 400 && strings.HasPrefix(location, "https://") {
		return fault.At(r.target.String(), fault.New("use the https:// URL of the distribution", "redirects to %s", location))
	}
	for _, c := range closed {
		if bytes.Contains(response.Body, []byte(c.body)) && response.Status == http.StatusForbidden {
			return fault.At(r.target.String(), fault.New(c.hint, "%s", c.problem))
		}
	}
	if err != nil || !response.isDemo() {
		r.noDemo = response.summary()
	}
	return nil
}

func (r *runner) run(ctx context.Context, c Case) Result {
	target := r.target
	if c.ToFunctionURL && r.functionURL != nil {
		target = r.functionURL
	}
	request := c.Request.below(target)
	result := Result{Group: c.Group, Name: c.Name, Why: c.Why, Request: request.String(), Expected: c.Expected()}
	switch {
	case c.ToFunctionURL && r.functionURL == nil:
		return result.skipped("needs --function-url")
	case !c.AnyOrigin && r.noDemo != "":
		return result.skipped("needs the demo function, but GET /inspect got " + r.noDemo)
	case c.Takes > r.timeout:
		return result.skipped(fmt.Sprintf("takes up to %v: needs a longer --timeout", c.Takes))
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	response, err := r.client.send(ctx, target, request)
	if err != nil {
		return result.decided(c, response, err.Error())
	}
	return result.decided(c, response, firstProblem(response, c.Checks))
}
