// Package cloudfront plays a CloudFront distribution as an http.Handler: a
// request passes the stages that [Distribution] lists, in CloudFront's order,
// to an origin's transport, and the answer streams back through them.
//
// # What it plays
//
// Request size limits, cache behaviors by path pattern and precedence, viewer
// protocol policies, allowed methods, GET without a body, CloudFront Functions
// and Lambda@Edge at their events with the validation of what they return, the
// cache policy and the origin request policy as the deciders of what travels to
// the origin, CloudFront's own request headers, origin path, custom headers,
// origin access control, response timeouts and retries, custom error
// responses, response headers policies, CloudFront's own response headers and
// its error pages.
//
// A request without TLS counts as HTTPS, because a local edge listens on
// loopback: https-only and redirect-to-https show nothing unless
// [Config].PlainHTTP asks for it. X-Forwarded-Proto of a viewer is removed, as
// CloudFront removes it, and decides nothing.
//
// # What it leaves out
//
// THERE IS NO CACHE. Every request goes to the origin, X-Cache never says Hit,
// and a cache policy decides only what travels. [New] says so in the log for
// each behavior that would cache on AWS. With it go: collapsed requests,
// revalidation, Age, the expiry of errors, and answers to Range from a cached
// object.
//
// Not played either: compression at the edge (which AWS itself calls best
// effort), signed URLs and cookies, field-level encryption, origin groups,
// Origin Shield, WebSocket and gRPC, WAF and geographic restrictions, real-time
// logs, Server-Timing metrics, the legacy ForwardedValues, and the headers
// whose value only AWS knows (where the viewer is, its TLS fingerprint). The
// composer must refuse those which matter. net/http makes the letter case of
// header names canonical, so "key" in an event is the canonical name.
package cloudfront
