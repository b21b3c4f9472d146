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
	Name string

	// CORS adds headers to the responses of requests that have Origin.
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

// CORS is the part of a policy for cross-origin requests, as templates have it.
type CORS struct {
	AccessControlAllowCredentials bool
	AccessControlAllowHeaders     Items
	AccessControlAllowMethods     Items
	AccessControlAllowOrigins     Items
	AccessControlExposeHeaders    Items
	AccessControlMaxAgeSec        *int // Default: no header
	OriginOverride                bool
}

// Items is a list of a policy.
type Items struct{ Items []string }

// apply changes header, which is on its way to the viewer who sent origin as
// its Origin header with this method.
//
// Removal comes first, then what the policy adds.
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#understanding-response-headers-policies-remove-headers
func (p *ResponseHeadersPolicy) apply(header http.Header, method, origin, requestMethod string) {
	for _, name := range p.Remove {
		header.Del(name)
		// CloudFront replaces Server with its own, and net/http does so with Date.
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
	if !ok || !c.OriginOverride && sendsCORS(header) {
		return
	}
	add(header, "Access-Control-Allow-Origin", allowed, c.OriginOverride)
	if allowed != "*" && !slices.Contains(header.Values("Vary"), "Origin") {
		// Inferred: a response that depends on Origin says so.
		header.Add("Vary", "Origin")
	}
	credentials := ""
	if c.AccessControlAllowCredentials {
		credentials = "true"
	}
	c.add(header, "Access-Control-Allow-Credentials", credentials)
	c.add(header, "Access-Control-Expose-Headers", strings.Join(c.AccessControlExposeHeaders.Items, ", "))
	if preflight {
		methods := c.AccessControlAllowMethods.Items
		if slices.Contains(methods, "ALL") {
			methods = allMethods
		}
		c.add(header, "Access-Control-Allow-Headers", strings.Join(c.AccessControlAllowHeaders.Items, ", "))
		c.add(header, "Access-Control-Allow-Methods", strings.Join(methods, ", "))
		if c.AccessControlMaxAgeSec != nil {
			c.add(header, "Access-Control-Max-Age", strconv.Itoa(*c.AccessControlMaxAgeSec))
		}
	}
}

// add adds a header unless it is empty.
func (c *CORS) add(header http.Header, name, value string) {
	if value != "" {
		add(header, name, value, c.OriginOverride)
	}
}

// sendsCORS reports whether the origin sent CORS headers. Without OriginOverride
// CloudFront then adds none of the policy's.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#understanding-response-headers-policies-cors
func sendsCORS(header http.Header) bool {
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-") {
			return true
		}
	}
	return false
}

// allowOrigin returns the value of Access-Control-Allow-Origin for a viewer's
// origin. A pattern may start with * in its host, as in *.example.org, and may
// leave out the scheme.
func (c *CORS) allowOrigin(origin string) (string, bool) {
	for _, pattern := range c.AccessControlAllowOrigins.Items {
		if pattern == "*" {
			// Inferred: browsers reject * with credentials, so the origin is named.
			if c.AccessControlAllowCredentials {
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
