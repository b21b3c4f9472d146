package cloudfront

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A ResponseHeadersPolicy removes headers from, and adds headers to, what
// viewers get.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
type ResponseHeadersPolicy struct {
	ID, Name string

	// CORS answers requests that carry Origin.
	// Default: no CORS headers.
	CORS *CORS

	// Headers are the security and the custom headers.
	Headers []ResponseHeader

	// Remove names the origin's headers that viewers do not get.
	Remove []string
}

// A ResponseHeader is a header that a policy adds.
type ResponseHeader struct {
	Name, Value string

	// Override makes the policy's value win over the origin's.
	// Default: the origin's value wins.
	Override bool
}

// CORS is the part of a policy that answers cross-origin requests.
type CORS struct {
	AllowCredentials                         bool
	AllowHeaders, AllowMethods, AllowOrigins []string
	ExposeHeaders                            []string
	MaxAge                                   string // seconds; empty: no header
	OriginOverride                           bool
}

// apply changes header, which is on its way to the viewer who sent origin as
// its Origin header with this method.
//
// Removal comes first, then what the policy adds.
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#understanding-response-headers-policies-remove-headers
func (p *ResponseHeadersPolicy) apply(header http.Header, method, origin, requestMethod string) {
	for _, name := range p.Remove {
		header.Del(name)
		// CloudFront puts its own Server in place of the removed one; net/http
		// does the same for Date.
		if strings.EqualFold(name, "Server") {
			header.Set("Server", serverName)
		}
	}
	if p.CORS != nil && origin != "" {
		p.CORS.apply(header, origin, method == http.MethodOptions && requestMethod != "")
	}
	for _, h := range p.Headers {
		add(header, h.Name, h.Value, h.Override)
	}
}

func (c *CORS) apply(header http.Header, origin string, preflight bool) {
	allowed, ok := c.allowOrigin(origin)
	if !ok {
		return
	}
	add(header, "Access-Control-Allow-Origin", allowed, c.OriginOverride)
	if allowed != "*" && !slices.Contains(header.Values("Vary"), "Origin") {
		// Inferred: an answer that depends on Origin says so.
		header.Add("Vary", "Origin")
	}
	if c.AllowCredentials {
		add(header, "Access-Control-Allow-Credentials", "true", c.OriginOverride)
	}
	if len(c.ExposeHeaders) > 0 {
		add(header, "Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ", "), c.OriginOverride)
	}
	if !preflight {
		return
	}
	if len(c.AllowHeaders) > 0 {
		add(header, "Access-Control-Allow-Headers", strings.Join(c.AllowHeaders, ", "), c.OriginOverride)
	}
	if len(c.AllowMethods) > 0 {
		methods := c.AllowMethods
		if slices.Contains(methods, "ALL") {
			methods = allMethods
		}
		add(header, "Access-Control-Allow-Methods", strings.Join(methods, ", "), c.OriginOverride)
	}
	if c.MaxAge != "" {
		add(header, "Access-Control-Max-Age", c.MaxAge, c.OriginOverride)
	}
}

// allowOrigin returns the value of Access-Control-Allow-Origin for a viewer's
// origin. A pattern may start with * in its host, as in *.example.org, and may
// leave out the scheme.
func (c *CORS) allowOrigin(origin string) (string, bool) {
	for _, pattern := range c.AllowOrigins {
		if pattern == "*" {
			// Inferred: browsers take no * with credentials, so the origin itself
			// is named then.
			if c.AllowCredentials {
				return origin, true
			}
			return "*", true
		}
		subject := origin
		if !strings.Contains(pattern, "://") {
			if u, err := url.Parse(origin); err == nil {
				subject = u.Host
			}
		}
		if matchPath(pattern, subject) {
			return origin, true
		}
	}
	return "", false
}

func add(header http.Header, name, value string, override bool) {
	if override || len(header.Values(name)) == 0 {
		header.Set(name, value)
	}
}

// NewResponseHeadersPolicy returns the policy that a ResponseHeadersPolicyConfig
// describes, its intrinsics resolved. The error names every field that is
// missing, unknown, of the wrong type, or not played.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-responseheaderspolicy-responseheaderspolicyconfig.html
func NewResponseHeadersPolicy(id string, config map[string]any) (ResponseHeadersPolicy, error) {
	p := newProperties("ResponseHeadersPolicyConfig", config)
	policy := ResponseHeadersPolicy{ID: id, Name: p.text("Name", required)}
	p.text("Comment", optional)
	if cors := p.object("CorsConfig", optional); p.has("CorsConfig") {
		policy.CORS = newCORS(cors)
	}
	if security := p.object("SecurityHeadersConfig", optional); p.has("SecurityHeadersConfig") {
		policy.Headers = newSecurityHeaders(security)
	}
	if custom := p.object("CustomHeadersConfig", optional); p.has("CustomHeadersConfig") {
		for _, item := range custom.objects("Items", required) {
			policy.Headers = append(policy.Headers, ResponseHeader{
				Name:     item.text("Header", required),
				Value:    item.text("Value", required),
				Override: item.boolean("Override", required),
			})
		}
	}
	if remove := p.object("RemoveHeadersConfig", optional); p.has("RemoveHeadersConfig") {
		for _, item := range remove.objects("Items", required) {
			policy.Remove = append(policy.Remove, item.text("Header", required))
		}
	}
	if timing := p.object("ServerTimingHeadersConfig", optional); p.has("ServerTimingHeadersConfig") {
		timing.number("SamplingRate", optional)
		if timing.boolean("Enabled", required) {
			timing.errs = append(timing.errs, errServerTiming)
		}
	}
	if err := p.close(); err != nil {
		return ResponseHeadersPolicy{}, err
	}
	return policy, policy.validate()
}

func newCORS(p *properties) *CORS {
	items := func(name string, need presence) []string {
		inner := p.object(name, need)
		if !p.has(name) {
			return nil
		}
		return inner.texts("Items", required)
	}
	cors := &CORS{
		AllowCredentials: p.boolean("AccessControlAllowCredentials", required),
		AllowHeaders:     items("AccessControlAllowHeaders", required),
		AllowMethods:     items("AccessControlAllowMethods", required),
		AllowOrigins:     items("AccessControlAllowOrigins", required),
		ExposeHeaders:    items("AccessControlExposeHeaders", optional),
		OriginOverride:   p.boolean("OriginOverride", required),
	}
	if age := p.number("AccessControlMaxAgeSec", optional); p.has("AccessControlMaxAgeSec") {
		cors.MaxAge = strconv.FormatInt(int64(age), 10)
	}
	return cors
}
