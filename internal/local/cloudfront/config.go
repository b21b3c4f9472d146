package cloudfront

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A Config describes a distribution.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-distribution-distributionconfig.html
type Config struct {
	// ID, ARN and DomainName are what AWS would have given the distribution.
	ID, ARN, DomainName string

	// Account is the id of the account that owns it.
	Account string

	// Behaviors are CacheBehaviors in order of precedence: the first whose path
	// pattern matches serves the request.
	Behaviors []Behavior

	// Default serves what no pattern matches. It has no PathPattern.
	Default Behavior

	// Origins are the origins by their id.
	Origins map[string]Origin

	// OtherOrigins reaches origins that an origin-request function makes up.
	// Default: such a request is answered 502 and logged.
	OtherOrigins http.RoundTripper

	// CustomErrorResponses replace answers of 400 and above.
	CustomErrorResponses []CustomErrorResponse

	// DefaultRootObject is what / stands for, without a leading slash.
	// Default: / itself.
	DefaultRootObject string

	// HTTPVersion is http1.1, http2, http3 or http2and3. The listener decides
	// what is really spoken; here it is only checked.
	// Default: http1.1.
	HTTPVersion string

	// PlainHTTP makes requests without TLS count as HTTP, so that viewer
	// protocol policies show.
	// Default: every request counts as HTTPS.
	PlainHTTP bool
}

// A Behavior is a cache behavior.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-distribution-cachebehavior.html
type Behavior struct {
	PathPattern, TargetOriginID string

	// ViewerProtocolPolicy is allow-all, https-only or redirect-to-https.
	ViewerProtocolPolicy string

	// AllowedMethods are the methods that pass.
	// Default: GET and HEAD.
	AllowedMethods []string

	// CachedMethods are the methods whose answers AWS may cache.
	// Default: GET and HEAD.
	CachedMethods []string

	// Compress is taken and does nothing: see the package's words on compression.
	Compress bool

	CachePolicy           CachePolicy
	OriginRequestPolicy   *OriginRequestPolicy
	ResponseHeadersPolicy *ResponseHeadersPolicy

	// ViewerRequest and ViewerResponse are the CloudFront Functions.
	// Default: none.
	ViewerRequest, ViewerResponse ViewerFunction

	// Edge are the Lambda@Edge functions.
	Edge map[EventType]EdgeAssociation
}

// An EdgeAssociation attaches a Lambda@Edge function to an event.
type EdgeAssociation struct {
	// Name is the name that log lines use.
	// Default: the event's name.
	Name string

	Function EdgeFunction

	// IncludeBody shows the request's body to the function. Request events only.
	IncludeBody bool
}

// An EdgeFunction runs Lambda@Edge code.
type EdgeFunction interface {
	// Invoke runs the handler with an event and returns what it returned, as
	// JSON. An error is an exception, a timeout or a function that cannot run:
	// the viewer gets 503. It must return when ctx ends.
	Invoke(ctx context.Context, event []byte) ([]byte, error)
}

// A CustomErrorResponse replaces answers that have a status.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
type CustomErrorResponse struct {
	// ErrorCode is the status to replace.
	ErrorCode int

	// ResponseCode is the status that the viewer gets.
	// Default, with an empty ResponsePagePath: the answer stays as it is.
	ResponseCode int

	// ResponsePagePath is the path of the page, asked for through the behavior
	// that its pattern chooses.
	ResponsePagePath string
}

// An EventType is where in the path of a request an edge function runs.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html
type EventType string

// The events, in their order.
const (
	ViewerRequest  EventType = "viewer-request"
	OriginRequest  EventType = "origin-request"
	OriginResponse EventType = "origin-response"
	ViewerResponse EventType = "viewer-response"
)

// customErrorCodes are the statuses that can be replaced.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html
var customErrorCodes = []int{400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}

// allMethods are the methods that CloudFront accepts at all.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomHTTPMethods
var allMethods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

func (c Config) validate() error {
	if c.ID == "" || c.DomainName == "" || c.Account == "" || c.ARN == "" {
		return fmt.Errorf("ID, ARN, DomainName and Account must all be set")
	}
	if c.Default.PathPattern != "" {
		return fmt.Errorf("DefaultCacheBehavior has the path pattern %q: it takes none", c.Default.PathPattern)
	}
	if strings.HasPrefix(c.DefaultRootObject, "/") {
		return fmt.Errorf("DefaultRootObject is %q: it must not start with a slash", c.DefaultRootObject)
	}
	if c.HTTPVersion != "" && !slices.Contains([]string{"http1.1", "http2", "http3", "http2and3"}, strings.ToLower(c.HTTPVersion)) {
		return fmt.Errorf("HttpVersion is %q, not http1.1, http2, http3 or http2and3", c.HTTPVersion)
	}
	for _, id := range slices.Sorted(maps.Keys(c.Origins)) {
		if err := c.Origins[id].withDefaults().validate(); err != nil {
			return fmt.Errorf("origin %s: %w", id, err)
		}
	}
	for _, e := range c.CustomErrorResponses {
		if err := e.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (e CustomErrorResponse) validate() error {
	switch {
	case !slices.Contains(customErrorCodes, e.ErrorCode):
		return fmt.Errorf("CustomErrorResponses: ErrorCode is %d, which CloudFront cannot replace", e.ErrorCode)
	case (e.ResponseCode == 0) != (e.ResponsePagePath == ""):
		return fmt.Errorf("CustomErrorResponses: ResponseCode and ResponsePagePath of %d go together, or both stay out", e.ErrorCode)
	case e.ResponseCode != 0 && e.ResponseCode != 200 && !slices.Contains(customErrorCodes, e.ResponseCode):
		return fmt.Errorf("CustomErrorResponses: ResponseCode of %d is %d, which CloudFront cannot send", e.ErrorCode, e.ResponseCode)
	case e.ResponsePagePath != "" && !strings.HasPrefix(e.ResponsePagePath, "/"):
		return fmt.Errorf("CustomErrorResponses: ResponsePagePath of %d is %q: it must start with a slash", e.ErrorCode, e.ResponsePagePath)
	}
	return nil
}
