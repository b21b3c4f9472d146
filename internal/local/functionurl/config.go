package functionurl

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"

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

// A Config is a function URL as the template defines it, and what it stands in
// front of.
type Config struct {
	// ID is the url-id, the first label of the URL's domain. Required.
	ID string

	// Region and Account are where the function lives. Required.
	Region, Account string

	// FunctionName is for the log and FunctionARN for the permissions. Required.
	FunctionName, FunctionARN string

	// AuthType is AuthTypeIAM or AuthTypeNone. Required.
	AuthType string

	// InvokeMode is InvokeModeBuffered or InvokeModeResponseStream.
	// Default: InvokeModeBuffered
	InvokeMode string

	// CORS is the URL's cross-origin configuration. Default: none, the function
	// answers preflight requests itself.
	CORS *CORS

	// Statements are the function's resource policy. Default: none, which lets
	// in only principals of the function's own account.
	Statements []Statement

	// Function is what the URL invokes. Required.
	Function Invoker

	// Verifier checks signatures. Required with AuthTypeIAM.
	Verifier *sigv4.Verifier

	// Throttle limits a streamed answer to Lambda's 2 MB a second after its
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
}

// New returns the function URL that config describes. An error names the field
// that is missing or has a value that Lambda does not know.
func New(config Config, log *slog.Logger) (*URL, error) {
	if config.InvokeMode == "" {
		config.InvokeMode = InvokeModeBuffered
	}
	var errs []error
	for _, field := range [...]struct{ name, value string }{
		{"ID", config.ID}, {"Region", config.Region}, {"Account", config.Account},
		{"FunctionName", config.FunctionName}, {"FunctionARN", config.FunctionARN},
	} {
		if field.value == "" {
			errs = append(errs, fmt.Errorf("%s is empty: give it the template's value", field.name))
		}
	}
	if config.AuthType != AuthTypeIAM && config.AuthType != AuthTypeNone {
		errs = append(errs, fmt.Errorf("AuthType is %q: give it %s or %s", config.AuthType, AuthTypeIAM, AuthTypeNone))
	}
	if config.InvokeMode != InvokeModeBuffered && config.InvokeMode != InvokeModeResponseStream {
		errs = append(errs, fmt.Errorf("InvokeMode is %q: give it %s or %s", config.InvokeMode, InvokeModeBuffered, InvokeModeResponseStream))
	}
	if config.Function == nil {
		errs = append(errs, errors.New("Function is nil: give it the function that the URL invokes"))
	}
	if config.AuthType == AuthTypeIAM && (config.Verifier == nil || config.Verifier.Lookup == nil) {
		errs = append(errs, errors.New("Verifier is nil or has no Lookup: AuthType AWS_IAM checks signatures"))
	}
	if log == nil {
		errs = append(errs, errors.New("the logger is nil: give the composer's"))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("functionurl: URL %q of function %q: %w", config.ID, config.FunctionName, errors.Join(errs...))
	}
	return &URL{
		config: config,
		log:    log.With("url", config.ID, "function", config.FunctionName),
		limits: lambdaLimits,
		domain: Domain(config.ID, config.Region),
	}, nil
}

// Domain returns the domain name of the function URL with the id in the region.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
func Domain(id, region string) string {
	return id + ".lambda-url." + region + ".on.aws"
}
