package functionurl

import (
	"cmp"
	"context"
	"log/slog"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// Values of [Config.AuthType].
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionUrlConfig.html
const (
	AuthTypeIAM  = "AWS_IAM"
	AuthTypeNone = "NONE"
)

// Values of [Config.InvokeMode].
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionUrlConfig.html
const (
	InvokeModeBuffered       = "BUFFERED"
	InvokeModeResponseStream = "RESPONSE_STREAM"
)

// A Config is a function URL as the template defines it, and its function.
type Config struct {
	// ID is the url-id, the first label of the URL's domain. Required.
	ID string

	// Region and Account are those of the function. Required.
	Region, Account string

	// FunctionName is for the log and FunctionARN for the permissions. Required.
	FunctionName, FunctionARN string

	// Path is the construct path of the URL, for traces.
	Path string

	// AuthType is AuthTypeIAM or AuthTypeNone. Required.
	AuthType string

	// InvokeMode is InvokeModeBuffered or InvokeModeResponseStream.
	// Default: InvokeModeBuffered
	InvokeMode string

	// CORS is the URL's cross-origin configuration. Default: none, the function
	// handles preflight requests itself.
	CORS *CORS

	// Policies are the permissions of the function. Default: none, which permits only
	// principals of the function's account.
	Policies []*iam.Policy

	// Paths names resources in messages. Default: none, by their ARNs
	Paths iam.Paths

	// Access decides whether a principal of the function's account may call, by the
	// principal's own policies and Policies. Default: every one may.
	Access func(caller sigv4.Identity, r iam.Request) *fault.Error

	// Invoke is the Invoke method of the function. Required.
	Invoke func(ctx context.Context, event lambda.Event, options lambda.InvokeOptions) (*lambda.Response, error)

	// Verifier checks signatures. Required with AuthTypeIAM.
	Verifier *sigv4.Verifier

	// PlainHTTP makes events say that the request came over HTTP, because viewers
	// reach the local edge by it. Default: false, HTTPS as on AWS
	PlainHTTP bool

	// Throttle limits a streamed response to Lambda's 2 MB a second after its
	// first 6 MB. Default: false, as fast as the function.
	Throttle bool
}

// A URL is a function URL. It is safe for concurrent use.
type URL struct {
	config     Config
	log        *slog.Logger
	limits     limits
	domain     string
	oddPath    sync.Once
	compressed sync.Once
	corsTwice  sync.Once
}

// New returns the function URL that config describes.
func New(config Config, log *slog.Logger) *URL {
	config.InvokeMode = cmp.Or(config.InvokeMode, InvokeModeBuffered)
	return &URL{
		config: config,
		log:    log.With("url", config.Path),
		limits: lambdaLimits,
		// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
		domain: config.ID + ".lambda-url." + config.Region + ".on.aws",
	}
}

// limits are Lambda's quotas, in bytes. Tests lower them.
type limits struct {
	event    int   // the event of a request
	buffered int   // a buffered response
	stream   int64 // a streamed response
	prelude  int   // what precedes the body of a streamed response
	free     int64 // what a throttled stream sends at full speed
	rate     int   // bytes a second after that
}

// lambdaLimits are the quotas as Lambda states them: 6 MB for requests and
// buffered responses, and 200 MB for streamed ones, of which the first 6 MB are
// sent at full speed and the rest at 2 MB a second.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Inferred: the MB of a streamed response are of 2^20 bytes too; and the prelude's
// limit, which keeps a response without a prelude out of memory.
var lambdaLimits = limits{
	event:    payload.MaxEvent,
	buffered: lambda.MaxBufferedResponse,
	stream:   200 << 20,
	prelude:  64 << 10,
	free:     6 << 20,
	rate:     2 << 20,
}
