package cloudfront

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// A Distribution serves viewers as a CloudFront distribution does. It is safe
// for concurrent use.
type Distribution struct {
	config       Config
	log          *slog.Logger
	behaviors    []*behavior // in order of precedence, the default last
	origins      map[string]*Origin
	customErrors map[int]CustomErrorResponse
	host         string // in Via
	viewer       handler
	errorPage    handler
}

// A handler responds to a visit. A nil response means that the viewer has left,
// or that its connection must be cut.
type handler func(*visit) *response

// New returns the distribution that config describes. The error is a fault with
// a property below DistributionConfig; origins have a Validate of their own. Values
// that CloudFormation rejects aren't checked. New logs what of config isn't emulated.
func New(config Config, log *slog.Logger) (*Distribution, error) {
	d := &Distribution{
		config:       config,
		log:          log,
		origins:      make(map[string]*Origin, len(config.Origins)),
		customErrors: make(map[int]CustomErrorResponse, len(config.CustomErrorResponses)),
		host:         viaHost(config.ID),
	}
	for id, origin := range config.Origins {
		origin = origin.withDefaults()
		d.origins[id] = &origin
	}
	for _, e := range config.CustomErrorResponses {
		if e.ResponsePagePath != "" {
			d.customErrors[e.ErrorCode] = e
		}
	}
	for i, b := range append(slices.Clone(config.Behaviors), config.Default) {
		property := "DefaultCacheBehavior"
		if i < len(config.Behaviors) {
			property = fmt.Sprintf("CacheBehaviors[%d]", i)
		}
		ready, err := newBehavior(b, d.origins, log)
		if err != nil {
			return nil, fault.In(property, err)
		}
		ready.property = property
		d.behaviors = append(d.behaviors, ready)
	}
	d.viewer = d.viewerPath()
	d.errorPage = d.originPath()
	return d, nil
}

// viewerPath is what a viewer's request passes on its way in, from top to
// bottom, and its response on the way out, from bottom to top.
func (d *Distribution) viewerPath() handler {
	return chain(
		stage{"size limits", "", d.limitSizes},  // 414 or 494
		stage{"behavior", "", d.chooseBehavior}, // by path pattern and precedence
		stage{"", "response headers policy", d.addResponseHeaders},
		stage{"", "custom error response", d.replaceErrors},
		stage{"viewer protocol", "", d.applyViewerProtocolPolicy}, // 301, 307 or 403
		stage{"methods", "", d.limitMethods},                      // 403
		stage{"methods", "", d.rejectBodyOfGet},                   // 403
		stage{"signed URL", "", d.checkSignature},                 // 403, of cookies too
		stage{string(ViewerRequest), string(ViewerResponse), d.runViewerFunctions},
	)(d.originPath())
}

// originPath leads from a behavior to its origin and back.
func (d *Distribution) originPath() handler {
	return chain(
		stage{"cache key and forwarding", "", d.makeOriginRequest},
		stage{string(OriginRequest), string(OriginResponse), d.runOriginFunctions},
		stage{"origin settings", "", d.finishOriginRequest}, // X-Amz-Cf-Id, path, custom headers
		stage{"origin access control", "", d.sign},
		stage{trace.Origin, "", d.fetch}, // timeouts, retries
	)(nil)
}

// ServeHTTP responds to a viewer. It panics with http.ErrAbortHandler to cut the
// connection when a response breaks after it has begun.
func (d *Distribution) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := d.newVisit(r)
	defer v.close()
	v.see(v.state())
	resp := d.viewer(v)
	if resp == nil {
		panic(http.ErrAbortHandler)
	}
	d.respond(w, v, resp)
}

// chooseBehavior picks the first behavior whose pattern matches the path.
// Nothing that happens later changes it.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
func (d *Distribution) chooseBehavior(next handler) handler {
	return func(v *visit) *response {
		v.behavior = d.behaviorFor(v.request.uri)
		v.origin = v.behavior.origin
		v.trace.Fact("path pattern", v.behavior.label())
		v.trace.Fact("origin", v.origin.ID)
		return next(v)
	}
}

func (d *Distribution) behaviorFor(path string) *behavior {
	last := len(d.behaviors) - 1
	path = normalizePath(path)
	for _, b := range d.behaviors[:last] {
		if matchPath(b.PathPattern, path) {
			return b
		}
	}
	return d.behaviors[last]
}
