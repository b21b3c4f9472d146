// Package cloudfront emulates a CloudFront distribution as an http.Handler: a
// request passes the stages that [Distribution] lists, in CloudFront's order, to
// an origin's transport, and the response streams back through them.
//
// # Supported
//
// Size limits, cache behaviors by path pattern and precedence, viewer protocol
// policies, allowed methods, GET without a body, signed URLs and cookies by trusted
// key groups, CloudFront Functions and
// Lambda@Edge at their events with the validation of their results, cache
// policies and origin request policies, ForwardedValues from before them,
// CloudFront's request headers, origin path, custom headers, origin access
// control, response timeouts and retries, custom error responses, response
// headers policies, CloudFront's response headers and error pages.
//
// A request without TLS counts as HTTPS, because a local edge listens on
// loopback: https-only and redirect-to-https have an effect only with
// [Config].PlainHTTP. CloudFront-Forwarded-Proto says http even so. A viewer's
// X-Forwarded-Proto is removed, as by CloudFront.
//
// # Left out
//
// There is no cache. Every request goes to the origin, X-Cache never says Hit,
// and a cache policy only selects what is forwarded. [New] logs each behavior
// that would cache on AWS, and each request's exchange has the key. Collapsed requests, revalidation, Age, the caching of
// errors, Range responses from a cached object, and the names that CloudFront
// removes from Vary are left out with it.
//
// Also left out: compression at the edge (which AWS calls best effort), trusted
// signers (accounts), field-level encryption, origin groups, Origin Shield,
// WebSocket and gRPC, WAF and geographic restrictions, real-time logs,
// Server-Timing, and headers whose value only AWS knows (a viewer's location and
// TLS fingerprint). net/http canonicalizes header names, so "key" in an event is
// the canonical name.
package cloudfront
