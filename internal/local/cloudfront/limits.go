package cloudfront

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Limits of a request, and of the headers of a response.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
// as of April 2026. Copies from before have 20,480 bytes of headers.
const (
	maxURL     = 8192  // bytes: scheme, host, path and query
	maxHeaders = 32768 // bytes: request line and headers, or headers of a response
)

// statusRequestTooLong is 494.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
const statusRequestTooLong = 494

// Viewer protocol policies.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DefaultCacheBehavior.html
const (
	viewerAllowAll  = "allow-all"
	viewerHTTPSOnly = "https-only"
	viewerRedirect  = "redirect-to-https"
)

// limitSizes rejects requests that are too large: 414 for the URL, 494 for the
// headers.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomMaxRequestStringLength
// Seen: until 2023 413 for both (umbraco/Umbraco-CMS#13917, jeffshurtliff/khoros#21).
func (d *Distribution) limitSizes(next handler) handler {
	return func(v *visit) *response {
		tooLarge := rejection{hint: "shorten the URL or the headers (cookies above all), or move data into the body of a POST"}
		switch {
		case v.urlSize > maxURL:
			tooLarge.status = http.StatusRequestURITooLong
			tooLarge.cause = fmt.Sprintf("the URL has %d bytes, and CloudFront accepts %d", v.urlSize, maxURL)
		case v.headSize > maxHeaders:
			tooLarge.status = statusRequestTooLong
			tooLarge.cause = fmt.Sprintf("the request line and headers have %d bytes, and CloudFront accepts %d", v.headSize, maxHeaders)
		case !strings.HasPrefix(v.request.uri, "/"):
			return d.reject(v, rejection{
				status: http.StatusBadRequest,
				cause:  fmt.Sprintf("the request is for %q, which isn't a path", v.request.uri),
				hint:   "request a path that starts with a slash",
			})
		default:
			return next(v)
		}
		resp := d.reject(v, tooLarge)
		// CloudFront ends the connection too.
		resp.header.Set("Connection", "close")
		return resp
	}
}

// measure returns the size of a request's URL, and of its line and headers.
func measure(r *http.Request) (url, head int) {
	target := r.RequestURI
	url = len(target)
	if strings.HasPrefix(target, "/") {
		url += len("https://") + len(r.Host)
	}
	head = len(r.Method) + 1 + len(target) + 1 + len(r.Proto) + 2 + headerSize(http.Header{"Host": {r.Host}}) + headerSize(r.Header)
	return url, head
}

func headerSize(header http.Header) (size int) {
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	return size
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
				hint:   "use https",
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
		if slices.Contains(v.behavior.AllowedMethods, v.request.method) {
			return next(v)
		}
		r := rejection{
			status: http.StatusForbidden,
			cause:  fmt.Sprintf("the behavior %s doesn't allow %s", v.behavior.label(), v.request.method),
			hint:   "add the method to AllowedMethods (CDK: AllowedMethods_ALLOW_ALL), or use one of " + strings.Join(v.behavior.AllowedMethods, ", "),
		}
		if !slices.Contains(allMethods, v.request.method) {
			r.cause = "CloudFront doesn't support " + v.request.method
			r.hint = "use one of " + strings.Join(allMethods, ", ")
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
				hint:   "send the body with POST, or put the data into the query string",
			})
		}
		return next(v)
	}
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
