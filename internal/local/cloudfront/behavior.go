package cloudfront

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A behavior is a Behavior made ready for use.
type behavior struct {
	Behavior
	origin  *Origin
	allowed map[string]bool
	cached  map[string]bool
	forward forwarding
}

// newBehavior checks and completes b, and says in the log what of it does not
// show locally.
func newBehavior(b Behavior, origins map[string]*Origin, log *slog.Logger) (*behavior, error) {
	origin, ok := origins[b.TargetOriginID]
	if !ok {
		return nil, fmt.Errorf("TargetOriginId is %q: the distribution has no such origin", b.TargetOriginID)
	}
	if !slices.Contains([]string{viewerAllowAll, viewerHTTPSOnly, viewerRedirect}, b.ViewerProtocolPolicy) {
		return nil, fmt.Errorf("ViewerProtocolPolicy is %q, not allow-all, https-only or redirect-to-https", b.ViewerProtocolPolicy)
	}
	if b.CachePolicy.Headers.Behavior == "" {
		return nil, fmt.Errorf("it has no cache policy: the legacy ForwardedValues are not played, use CachePolicyId")
	}
	if err := b.CachePolicy.validate(); err != nil {
		return nil, err
	}
	if b.OriginRequestPolicy != nil {
		if err := b.OriginRequestPolicy.validate(); err != nil {
			return nil, err
		}
	}
	if b.ResponseHeadersPolicy != nil {
		if err := b.ResponseHeadersPolicy.validate(); err != nil {
			return nil, err
		}
	}
	if err := b.validateFunctions(); err != nil {
		return nil, err
	}
	if len(b.AllowedMethods) == 0 {
		b.AllowedMethods = []string{http.MethodGet, http.MethodHead}
	}
	if len(b.CachedMethods) == 0 {
		b.CachedMethods = []string{http.MethodGet, http.MethodHead}
	}
	for _, method := range b.AllowedMethods {
		if !slices.Contains(allMethods, method) {
			return nil, fmt.Errorf("AllowedMethods names %q, which CloudFront does not accept", method)
		}
	}
	made := &behavior{
		Behavior: b,
		origin:   origin,
		allowed:  set(b.AllowedMethods),
		cached:   set(b.CachedMethods),
		forward:  newForwarding(b, origin),
	}
	made.announce(log)
	return made, nil
}

// validateFunctions refuses the combinations that CloudFront refuses.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-combining-functions
func (b Behavior) validateFunctions() error {
	for _, event := range slices.Sorted(maps.Keys(b.Edge)) {
		association := b.Edge[event]
		switch event {
		case ViewerRequest, ViewerResponse:
			if b.ViewerRequest != nil || b.ViewerResponse != nil {
				return fmt.Errorf("it has a CloudFront Function and a Lambda@Edge function (%s) at viewer events: CloudFront takes one kind", event)
			}
		case OriginRequest, OriginResponse:
		default:
			return fmt.Errorf("a Lambda@Edge function is associated with the event %q, which is none", event)
		}
		if association.Function == nil {
			return fmt.Errorf("the Lambda@Edge function at %s is missing", event)
		}
		if association.IncludeBody && event != ViewerRequest && event != OriginRequest {
			return fmt.Errorf("IncludeBody is set at %s: only request events have a body", event)
		}
	}
	return nil
}

// announce says what a template asks for and the local edge does not show.
func (b *behavior) announce(log *slog.Logger) {
	if b.CachePolicy.caches() {
		log.Warn("nothing is cached locally: every request goes to the origin",
			"behavior", b.label(),
			"cause", "cache policy "+b.CachePolicy.label()+" caches on AWS, and the local edge has no cache",
			"cure", "none needed: X-Cache says Miss where AWS may say Hit")
	}
	if unknown := b.forward.unknownCloudFrontHeaders(); len(unknown) > 0 {
		log.Warn("some CloudFront headers are not sent to the origin locally",
			"behavior", b.label(),
			"headers", strings.Join(unknown, ", "),
			"cause", "only AWS knows where a viewer is and how its TLS looks",
			"cure", "let the handler work without these headers, as it must for viewers AWS cannot place")
	}
}

func (b *behavior) label() string { return cmp.Or(b.PathPattern, "Default (*)") }
