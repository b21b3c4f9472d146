package build

import (
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/functionurl"
)

// hashHeader is the header that origin access control signs in place of the body.
const hashHeader = "x-amz-content-sha256"

// signsBodies reports whether requests of a method reach a function URL that checks
// the hashes of their bodies, and no CloudFront Function requires these of viewers.
func (r route) signsBodies(method string) bool {
	return r.hasAuthType(functionurl.AuthTypeIAM) && r.signs() && slices.Contains(r.behavior.AllowedMethods, method) && !r.viewer(hashHeader)
}

// unhashed: no edge function hashes the bodies that origin access control signs.
func (r route) unhashed() *Finding {
	if !r.signsBodies(http.MethodPost) {
		return nil
	}
	cause, hint := "no edge function can hash them for origin access control", "attach an origin-request function with IncludeBody that sets "+hashHeader
	for _, event := range []cloudfront.EventType{cloudfront.ViewerRequest, cloudfront.OriginRequest} {
		association, ok := r.behavior.Edge[event]
		switch {
		case !ok:
			continue
		case !association.IncludeBody:
			cause = association.Name + " at " + string(event) + " doesn't see them: its association has no IncludeBody"
			hint = "set IncludeBody where the function is attached"
		case r.edge(event, hashHeader):
			return nil
		default:
			cause = association.Name + " at " + string(event) + " doesn't set " + hashHeader
		}
	}
	return &Finding{
		Rule: "unhashed-body", Property: r.behaviorProperty, Cause: cause, Hint: hint,
		Happens: r.pattern() + " responds with 403 to requests with a body, unless the viewer sends the right " + hashHeader,
	}
}

// deleted: a function hashes bodies, and doesn't expect that it can't see one.
//
// Seen: Lambda@Edge doesn't show the body of a DELETE (sst#6430, sst#6427).
func (r route) deleted() *Finding {
	association := r.behavior.Edge[cloudfront.OriginRequest]
	if !r.signsBodies(http.MethodDelete) || !association.IncludeBody || !r.edge(cloudfront.OriginRequest, hashHeader) ||
		r.edge(cloudfront.OriginRequest, "DELETE", "content-length", "Content-Length") {
		return nil
	}
	return &Finding{
		Rule: "delete-body", Property: r.behaviorProperty, Happens: r.pattern() + " may respond with 403 to a DELETE that has a body",
		Cause: "Lambda@Edge reportedly doesn't show the body of a DELETE, and " + association.Name + " hashes what it sees",
		Hint:  "let the function refuse a content-length over 0 without data, or take DELETE out of AllowedMethods",
	}
}

// methods: a function waits for bodies that CloudFront rejects.
func (r route) methods() *Finding {
	for event, association := range r.behavior.Edge {
		if association.IncludeBody && !slices.ContainsFunc([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, func(method string) bool {
			return slices.Contains(r.behavior.AllowedMethods, method)
		}) {
			return &Finding{
				Rule: "methods", Property: r.behaviorProperty + ".AllowedMethods", Happens: r.pattern() + " responds with 403 to POST, from CloudFront itself",
				Cause: association.Name + " at " + string(event) + " gets bodies, and no method in AllowedMethods has one",
				Hint:  "set AllowedMethods to all seven, or detach the function",
			}
		}
	}
	return nil
}

// cacheKey: CloudFront caches by less than the function responds to.
func (r route) cacheKey() *Finding {
	unkeyed := strings.Join(r.behavior.Unkeyed(), " and ")
	if r.url == nil || unkeyed == "" {
		return nil
	}
	return &Finding{
		Rule: "cache-key", Property: r.behaviorProperty, Happens: r.pattern() + " may send one viewer's response to another",
		Cause: "the cache policy " + r.behavior.CachePolicy.Name + " caches without " + unkeyed + ", which " + r.behavior.OriginRequestPolicy.Name + " forwards",
		Hint:  "use CachingDisabled, or a cache policy with all that the function responds to, and none beside it",
	}
}

// encoding: an app that compresses does so for nothing.
//
// Seen: Lambda removes Content-Encoding from streams, and 502s followed (opennextjs-aws#1127).
func (r route) encoding() *Finding {
	if r.url == nil || r.url.invokeMode != functionurl.InvokeModeResponseStream || !r.behavior.Forwards("Accept-Encoding") ||
		r.viewer("accept-encoding") {
		return nil
	}
	return &Finding{
		Rule: "accept-encoding", Property: r.behaviorProperty, Happens: r.pattern() + " may respond with 502 now and then, if the app compresses what it streams",
		Cause: "the viewer's Accept-Encoding reaches the function, and Lambda removes Content-Encoding from streams",
		Hint:  "let a CloudFront Function at viewer-request delete accept-encoding, or don't compress in the app",
	}
}
