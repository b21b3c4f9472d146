package cloudfront

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
)

// A Distribution answers viewers as a CloudFront distribution does. It is safe
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

// A handler answers a visit. A nil response means that the viewer has left, or
// that its connection must be cut: there is nobody to answer.
type handler func(*visit) *response

// A stage is one step on the way to the origin and back.
type stage func(next handler) handler

// New returns the distribution that config describes. The error names what is
// wrong or not played. What config asks for and the local edge does not show
// is logged once, here.
func New(config Config, log *slog.Logger) (*Distribution, error) {
	if err := config.validate(); err != nil {
		return nil, fmt.Errorf("distribution %s: %w", config.ID, err)
	}
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
	for _, b := range config.Behaviors {
		if b.PathPattern == "" {
			return nil, fmt.Errorf("distribution %s: a cache behavior has no path pattern", config.ID)
		}
	}
	for _, b := range append(slices.Clone(config.Behaviors), config.Default) {
		made, err := newBehavior(b, d.origins, log)
		if err != nil {
			return nil, fmt.Errorf("distribution %s: behavior %s: %w", config.ID, cmp.Or(b.PathPattern, "Default (*)"), err)
		}
		d.behaviors = append(d.behaviors, made)
	}
	d.viewer = d.viewerPath()
	d.errorPage = d.originPath()
	return d, nil
}

// viewerPath is what a viewer's request passes on its way in, from top to
// bottom, and its answer on the way out, from bottom to top.
func (d *Distribution) viewerPath() handler {
	return chain(
		d.limitSizes,                // 413
		d.chooseBehavior,            // by path pattern and precedence
		d.addResponseHeaders,        // out: response headers policy
		d.replaceErrors,             // out: custom error responses
		d.applyViewerProtocolPolicy, // 301, 307 or 403
		d.limitMethods,              // 403
		d.refuseBodyOfGet,           // 403
		d.runViewerFunctions,        // viewer-request, out: viewer-response
	)(d.originPath())
}

// originPath is what leads from a behavior to its origin and back.
func (d *Distribution) originPath() handler {
	return chain(
		d.makeOriginRequest,   // what cache and origin request policy let travel
		d.runOriginFunctions,  // origin-request, out: origin-response
		d.finishOriginRequest, // X-Amz-Cf-Id, origin path, custom headers
		d.sign,                // origin access control
	)(d.fetch) // timeouts, retries
}

func chain(stages ...stage) func(handler) handler {
	return func(last handler) handler {
		for _, s := range slices.Backward(stages) {
			last = s(last)
		}
		return last
	}
}

// ServeHTTP answers a viewer. It panics with http.ErrAbortHandler to cut the
// connection when an answer breaks after it has begun.
func (d *Distribution) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := d.newVisit(r)
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
