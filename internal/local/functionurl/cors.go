package functionurl

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A CORS is the cross-origin configuration of a function URL.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
type CORS struct {
	// AllowCredentials lets requests carry cookies. Default: false
	AllowCredentials bool

	// AllowHeaders and AllowMethods are what the origins in AllowOrigins may
	// send; "*" is any. Default: none
	AllowHeaders, AllowMethods, AllowOrigins []string

	// ExposeHeaders are the response headers that other origins may read.
	// Default: none
	ExposeHeaders []string

	// MaxAge is how long browsers may cache a preflight response, in seconds, up
	// to 86400. Default: 0, not at all
	MaxAge int
}

// isPreflight reports whether a browser asks what it may send.
//
// See: https://fetch.spec.whatwg.org/#cors-preflight-request
func isPreflight(req *http.Request) bool {
	return req.Method == http.MethodOptions && req.Header.Get("Origin") != "" &&
		req.Header.Get("Access-Control-Request-Method") != ""
}

// preflight returns the headers of the response to a preflight request. An
// origin that isn't allowed gets none.
// Inferred: the status is 200 either way.
func (c *CORS) preflight(origin string) http.Header {
	h := make(http.Header, 6)
	if !c.allow(h, origin) {
		return h
	}
	setList(h, "Access-Control-Allow-Methods", c.AllowMethods)
	setList(h, "Access-Control-Allow-Headers", c.AllowHeaders)
	if c.MaxAge > 0 {
		h.Set("Access-Control-Max-Age", strconv.Itoa(c.MaxAge))
	}
	return h
}

// apply adds the configured headers to those of the function, and reports whether
// the function sets one of them too: browsers reject two origins.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
// (with both, the response has "*, *").
func (c *CORS) apply(h http.Header, origin string) (twice bool) {
	configured := make(http.Header, 4)
	if origin != "" && c.allow(configured, origin) {
		setList(configured, "Access-Control-Expose-Headers", c.ExposeHeaders)
	}
	for name, values := range configured {
		twice = twice || name != "Vary" && len(h[name]) > 0
		h[name] = append(h[name], values...)
	}
	return twice
}

// allow sets who may read the response, and reports whether the origin may.
// Inferred: with credentials "*" becomes the origin's name, since browsers accept
// nothing else.
func (c *CORS) allow(h http.Header, origin string) bool {
	anyone := slices.Contains(c.AllowOrigins, "*")
	if !anyone && !slices.Contains(c.AllowOrigins, origin) {
		return false
	}
	if anyone && !c.AllowCredentials {
		h.Set("Access-Control-Allow-Origin", "*")
		return true
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	if c.AllowCredentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	return true
}

func setList(h http.Header, name string, values []string) {
	if len(values) > 0 {
		h.Set(name, strings.Join(values, ","))
	}
}
