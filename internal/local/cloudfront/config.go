package cloudfront

import (
	"context"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/cffunction"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// A Config describes a distribution.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-distribution-distributionconfig.html
type Config struct {
	// ID, ARN and DomainName are what AWS would have given the distribution.
	ID, ARN, DomainName string

	// Aliases are its alternate domain names.
	Aliases []string

	// Account is the id of the account that owns it.
	Account string

	// Credentials are those that origin access controls sign with.
	Credentials sigv4.Credentials

	// Behaviors are CacheBehaviors in order of precedence: the first whose path
	// pattern matches serves the request.
	Behaviors []Behavior

	// Default serves what no pattern matches. It has no PathPattern.
	Default Behavior

	// Origins are the origins by their id.
	Origins map[string]Origin

	// OtherOrigins reaches origins that an origin-request function chooses by
	// domain name and the distribution doesn't have.
	// Default: such a request gets 502.
	OtherOrigins http.RoundTripper

	// CustomErrorResponses replace responses of 400 and above.
	CustomErrorResponses []CustomErrorResponse

	// DefaultRootObject is what / stands for, without a leading slash.
	// Default: / itself.
	DefaultRootObject string

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

	// AllowedMethods are the methods that CloudFront accepts.
	// Default: GET and HEAD.
	AllowedMethods []string

	// CachedMethods are the methods whose responses AWS may cache.
	// Default: GET and HEAD.
	CachedMethods []string

	CachePolicy           CachePolicy
	OriginRequestPolicy   *OriginRequestPolicy
	ResponseHeadersPolicy *ResponseHeadersPolicy

	// TrustedKeys are the public keys of its trusted key groups, by their id.
	// Default: no request needs a signed URL or signed cookies.
	TrustedKeys map[string]PublicKey

	// ViewerRequest and ViewerResponse are the CloudFront Functions.
	// Default: none.
	ViewerRequest, ViewerResponse *cffunction.Function

	// Paths are the construct paths of the functions, for traces.
	Paths map[EventType]string

	// Edge are the Lambda@Edge functions.
	Edge map[EventType]EdgeAssociation
}

// An EdgeAssociation attaches a Lambda@Edge function to an event.
type EdgeAssociation struct {
	// Name is the name that log lines use.
	// Default: the event's name.
	Name string

	Function EdgeFunction

	// Mentions reports whether its code contains a text, such as the name of a header.
	// Default: nil, the code isn't known
	Mentions func(text string) bool

	// IncludeBody shows the request's body to the function. Request events only.
	IncludeBody bool
}

// An EdgeFunction runs a Lambda@Edge function with an event and returns its
// result, as JSON. An error is an exception, a timeout, or a function that can't
// run: the viewer gets 503. It must return when ctx ends, and close the event.
type EdgeFunction func(ctx context.Context, event *spool.Document) ([]byte, error)

// A CustomErrorResponse replaces responses that have a status.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
type CustomErrorResponse struct {
	// ErrorCode is the status to replace.
	ErrorCode int

	// ResponseCode is the status that the viewer gets.
	// Default, with an empty ResponsePagePath: the response stays as it is.
	ResponseCode int

	// ResponsePagePath is the path of the page, requested through the behavior
	// that matches it.
	ResponsePagePath string
}

// An EventType says when an edge function runs.
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

// allMethods are the methods that CloudFront supports.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomHTTPMethods
var allMethods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
