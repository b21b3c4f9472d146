package cloudfront

import (
	"cmp"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A behavior is a Behavior that is ready for use.
type behavior struct {
	Behavior
	origin   *Origin
	forward  forwarding
	property string // of the distribution
}

// newBehavior checks and completes b, and logs what of it isn't emulated.
func newBehavior(b Behavior, origins map[string]*Origin, log *slog.Logger) (*behavior, error) {
	origin, ok := origins[b.TargetOriginID]
	if !ok {
		return nil, fault.In("TargetOriginId", fault.New("use one of "+strings.Join(slices.Sorted(maps.Keys(origins)), ", "),
			"is %q, which isn't an origin of the distribution", b.TargetOriginID))
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
	ready := &behavior{
		Behavior: b,
		origin:   origin,
		forward:  newForwarding(b),
	}
	ready.announce(log)
	return ready, nil
}

// validateFunctions returns why CloudFront rejects the combination of functions.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-combining-functions
func (b Behavior) validateFunctions() error {
	for _, event := range []EventType{ViewerRequest, ViewerResponse} {
		if _, ok := b.Edge[event]; ok && (b.ViewerRequest != nil || b.ViewerResponse != nil) {
			return fault.In("LambdaFunctionAssociations", fault.New("use one kind at both viewer events",
				"has a Lambda@Edge function at %s, while a CloudFront Function runs at a viewer event", event))
		}
	}
	return nil
}

// announce logs what the behavior asks for and isn't emulated.
func (b *behavior) announce(log *slog.Logger) {
	if b.CachePolicy.MaxTTL > 0 {
		fault.Log(log, slog.LevelWarn, "nothing is cached locally: every request goes to the origin",
			"cache policy "+b.CachePolicy.Name+" caches on AWS, and the local edge has no cache",
			"none needed: X-Cache says Miss where AWS may say Hit", "behavior", b.label())
	}
	if unknown := b.forward.unknownCloudFrontHeaders(); len(unknown) > 0 {
		fault.Log(log, slog.LevelWarn, "some CloudFront headers aren't sent to the origin locally",
			"only AWS knows a viewer's location and TLS fingerprint",
			"let the handler work without these headers, as AWS can't locate every viewer",
			"behavior", b.label(), "headers", strings.Join(unknown, ", "))
	}
}

func (b *behavior) label() string { return cmp.Or(b.PathPattern, "Default (*)") }
