package smoke

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options are what Run may be told.
type Options struct {
	// FunctionURL is the address of the function URL itself, as ParseURL
	// returns it.
	// Default: nil, which leaves out the cases that ask it directly
	FunctionURL *url.URL

	// Timeout is how long each case may take, from dialling to the last byte.
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

// ParseURL reads the address of a distribution or of a function URL: http or
// https, a host, and no path but "/", since the demo is at the root. The error
// says what to give instead.
func ParseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q is no address: give http:// or https:// and a host", s)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q has no host", s)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return nil, fmt.Errorf("%q has more than a host: the cases have paths of their own, so give %s://%s/", s, u.Scheme, u.Host)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}, nil
}

// An UnreachableError says that there is no HTTP server at a URL, so that no
// case was run.
type UnreachableError struct {
	URL string
	Err error
}

// Error names the URL and what happened instead of an answer.
func (e *UnreachableError) Error() string {
	return "nothing answers at " + e.URL + ": " + e.Err.Error()
}

// Unwrap returns what happened instead.
func (e *UnreachableError) Unwrap() error {
	return e.Err
}

// A RedirectError says that a distribution sends viewers elsewhere, so that no
// case was run.
type RedirectError struct {
	From, To string
}

// Error names the URL that was asked and the one to ask instead.
func (e *RedirectError) Error() string {
	return e.From + " redirects to " + e.To
}

// Run runs the cases against the distribution at target, as ParseURL returns
// it, and reports on all of them in their order. The error is an
// *UnreachableError, a *RedirectError, or that of ctx, at whose end Run
// returns at once.
func Run(ctx context.Context, target *url.URL, options Options) (*Report, error) {
	return run(ctx, &client{}, target, options)
}

func run(ctx context.Context, c *client, target *url.URL, options Options) (*Report, error) {
	if options.Timeout <= 0 {
		options.Timeout = DefaultTimeout
	}
	if options.Concurrency <= 0 {
		options.Concurrency = DefaultConcurrency
	}
	if options.Cases == nil {
		options.Cases = Matrix()
	}
	r := &runner{client: c, target: target, functionURL: options.FunctionURL, timeout: options.Timeout}
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
	client      *client
	target      *url.URL
	functionURL *url.URL
	timeout     time.Duration

	// noDemo says what answered GET /inspect in the demo's place, empty if it
	// was the demo.
	noDemo string
}

func (r *runner) lookForDemo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	answer, err := r.client.send(ctx, r.target, Request{Method: http.MethodGet, Target: "/inspect"})
	if errors.Is(err, context.Canceled) {
		return err
	}
	if answer == nil {
		return &UnreachableError{r.target.String(), err}
	}
	location := answer.Header.Get("Location")
	if r.target.Scheme == "http" && answer.Status >= 300 && answer.Status < 400 && strings.HasPrefix(location, "https://") {
		return &RedirectError{r.target.String(), location}
	}
	if err != nil || !answer.isDemo() {
		r.noDemo = answer.summary()
	}
	return nil
}

func (r *runner) run(ctx context.Context, c Case) Result {
	result := Result{Group: c.Group, Name: c.Name, Why: c.Why, Request: c.Request.String(), Expected: c.Expected()}
	target := r.target
	switch {
	case c.ToFunctionURL && r.functionURL == nil:
		return result.leftOut("needs the address of the function URL: --function-url")
	case c.NeedsDemo && r.noDemo != "":
		return result.leftOut("needs the demo function, and GET /inspect got " + r.noDemo)
	case c.ToFunctionURL:
		target = r.functionURL
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	answer, err := r.client.send(ctx, target, c.Request)
	if err != nil {
		return result.decided(c, answer, err.Error())
	}
	return result.decided(c, answer, firstProblem(answer, c.Checks))
}
