package cloudfront

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Limits of a request.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
const (
	maxURL     = 8192  // bytes: scheme, host, path and query
	maxRequest = 20480 // bytes: request line and headers, without the body
)

// Viewer protocol policies.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DefaultCacheBehavior.html
const (
	viewerAllowAll  = "allow-all"
	viewerHTTPSOnly = "https-only"
	viewerRedirect  = "redirect-to-https"
)

// limitSizes rejects requests that are too large, with 413 for both limits.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomMaxRequestStringLength
// Seen: 413 for a URL over 8,192 bytes (umbraco/Umbraco-CMS#13917, jeffshurtliff/khoros#21).
func (d *Distribution) limitSizes(next handler) handler {
	return func(v *visit) *response {
		switch {
		case v.tooLarge != "":
			resp := d.reject(v, rejection{
				status: http.StatusRequestEntityTooLarge,
				cause:  v.tooLarge,
				cure:   "shorten the URL or the headers (cookies above all), or move data into the body of a POST",
			})
			// CloudFront ends the connection too.
			resp.header.Set("Connection", "close")
			return resp
		case !strings.HasPrefix(v.request.uri, "/"):
			return d.reject(v, rejection{
				status: http.StatusBadRequest,
				cause:  fmt.Sprintf("the request is for %q, which isn't a path", v.request.uri),
				cure:   "request a path that starts with a slash",
			})
		}
		return next(v)
	}
}

// measure returns what about a request is too large, empty if nothing is.
func measure(r *http.Request) string {
	target := r.RequestURI
	if target == "" {
		target = r.URL.RequestURI()
	}
	url := len(target)
	if strings.HasPrefix(target, "/") {
		url += len("https://") + len(r.Host)
	}
	if url > maxURL {
		return fmt.Sprintf("the URL has %d bytes, and CloudFront accepts %d", url, maxURL)
	}
	const colonSpaceCRLF = 4
	size := len(r.Method) + 1 + len(target) + 1 + len(r.Proto) + 2 + len("Host") + len(r.Host) + colonSpaceCRLF
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + colonSpaceCRLF
		}
	}
	if size > maxRequest {
		return fmt.Sprintf("the request line and headers have %d bytes, and CloudFront accepts %d", size, maxRequest)
	}
	return ""
}

// applyViewerProtocolPolicy rejects or redirects requests that count as HTTP.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html
func (d *Distribution) applyViewerProtocolPolicy(next handler) handler {
	return func(v *visit) *response {
		policy, read := v.behavior.ViewerProtocolPolicy, isRead(v.request.method)
		switch {
		case v.https || policy == viewerAllowAll:
			return next(v)
		case policy == viewerHTTPSOnly || !read && v.proto == "1.0":
			return d.reject(v, rejection{
				status: http.StatusForbidden,
				cause:  "the request came over HTTP, and the behavior " + v.behavior.label() + " is " + policy,
				cure:   "use https",
			})
		}
		status := http.StatusTemporaryRedirect
		if read {
			status = http.StatusMovedPermanently
		}
		resp := d.page(v, status, "redirected to https")
		resp.header.Set("Location", "https://"+v.request.header.Get("Host")+v.request.url())
		resp.xCache, resp.final = "Redirect", true
		return resp
	}
}

// limitMethods rejects the methods that a behavior doesn't allow.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html
func (d *Distribution) limitMethods(next handler) handler {
	return func(v *visit) *response {
		if v.behavior.allowed[v.request.method] {
			return next(v)
		}
		r := rejection{
			status: http.StatusForbidden,
			cause:  fmt.Sprintf("the behavior %s doesn't allow %s", v.behavior.label(), v.request.method),
			cure:   "add the method to AllowedMethods (CDK: AllowedMethods_ALLOW_ALL), or use one of " + strings.Join(v.behavior.AllowedMethods, ", "),
		}
		if !slices.Contains(allMethods, v.request.method) {
			r.cause = "CloudFront doesn't support " + v.request.method
			r.cure = "use one of " + strings.Join(allMethods, ", ")
		}
		return d.reject(v, r)
	}
}

// rejectBodyOfGet rejects a GET that has a body.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustom-get-body
// Inferred: HEAD is treated as GET.
func (d *Distribution) rejectBodyOfGet(next handler) handler {
	return func(v *visit) *response {
		if isRead(v.request.method) && v.request.body.length != 0 {
			return d.reject(v, rejection{
				status: http.StatusForbidden,
				cause:  "CloudFront rejects " + v.request.method + " with a body",
				cure:   "send the body with POST, or put the data into the query string",
			})
		}
		return next(v)
	}
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
