package restapi

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// A Config is a REST API as the template defines it, and its functions.
type Config struct {
	// ID is the first label of Domain, the API's own. Required.
	ID, Domain string

	// Path is the construct path of the API, for traces.
	Path string

	// Partition, Region and Account are those of the API. Required.
	Partition, Region, Account string

	// BinaryMediaTypes are the types that are base64 in events and results, such as
	// image/png or */*. Default: none
	BinaryMediaTypes []string

	// Policy is the resource policy. Default: none
	Policy *iam.Policy

	// Paths names resources in messages. Default: none, by their ARNs
	Paths iam.Paths

	// Stages are those of the API, by name.
	Stages map[string]*Stage

	// IdleTimeout ends a stream that is silent for longer.
	// Default: 5 minutes, as for regional APIs
	IdleTimeout time.Duration

	// Access decides whether a principal of the API's account may call, by the
	// principal's own policies and Policy. Required if a route has IAM.
	Access func(caller sigv4.Identity, r iam.Request) *fault.Error

	// Verifier checks signatures. Required if a route has IAM.
	Verifier *sigv4.Verifier

	// PlainHTTP makes events say that the request came over HTTP, because viewers
	// reach the local edge by it. Default: false, HTTPS as on AWS
	PlainHTTP bool

	// Throttle limits a streamed response to 2 MB a second after its first 10 MB.
	// Default: false, as fast as the function
	Throttle bool
}

// ARN is the part of the ARNs of methods before the stage.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
func (c Config) ARN() string {
	return "arn:" + c.Partition + ":" + service + ":" + c.Region + ":" + c.Account + ":" + c.ID
}

// A Stage is what a path begins with, and what is deployed there.
type Stage struct {
	// DeploymentID is in events.
	DeploymentID string

	// Variables are the stage variables. Default: none
	Variables map[string]string

	// Keys are the ids of the API keys, by value.
	Keys map[string]string

	// Routes are the methods of the API's resources.
	Routes []Route
}

// A Route is a method of a resource.
type Route struct {
	// ResourceID is in events, and so is Path, such as /users/{id} or /{proxy+}.
	ResourceID, Path string

	// Method is an HTTP method, or ANY.
	Method string

	// IAM requires a signature, and KeyRequired an API key. Default: false
	IAM, KeyRequired bool

	// Function is what is invoked.
	Function Function

	// Instead returns what responds in place of Function, nil if nothing does. Its
	// requests have a path without the stage. Default: nothing
	Instead func() http.RoundTripper
}

// A Function is the function of a Lambda proxy integration.
type Function struct {
	// ARN is for the permissions, which are Policies. Trusted functions need none: API
	// Gateway has a role that invokes them.
	ARN      string
	Policies []*iam.Policy
	Trusted  bool

	// Stream says that the ResponseTransferMode is STREAM.
	Stream bool

	// Timeout bounds a response, to the end of its stream.
	Timeout time.Duration

	// Invoke is the Invoke method of the function.
	Invoke func(ctx context.Context, event lambda.Event, options lambda.InvokeOptions) (*lambda.Response, error)
}

// An API is a REST API. It is safe for concurrent use.
type API struct {
	config  Config
	log     *slog.Logger
	garbled sync.Once
}

// New returns the REST API that config describes.
func New(config Config, log *slog.Logger) *API {
	config.IdleTimeout = cmp.Or(config.IdleTimeout, 5*time.Minute)
	for _, stage := range config.Stages {
		slices.SortStableFunc(stage.Routes, func(a, b Route) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return &API{config: config, log: log.With("api", config.Path)}
}
