package cloudfront

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/contract"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// How an origin access control signs, and for what.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
const (
	signAlways     = "always"
	signNever      = "never"
	signNoOverride = "no-override"

	originLambda = "lambda"
	originS3     = "s3"
)

// makeOriginRequest makes the origin's request from the viewer's: what the
// policies forward, and the headers that CloudFront adds before functions run.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
// and the origin request in https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
func (d *Distribution) makeOriginRequest(next handler) handler {
	return func(v *visit) *response {
		f, from := &v.behavior.forward, v.request
		v.noteCacheKey()
		to := request{
			method: from.method,
			uri:    from.uri,
			query:  f.query(from.query),
			header: make(http.Header, len(from.header)+4),
			body:   from.body,
		}
		for name, values := range from.header {
			if f.header(name) {
				to.header[name] = values
			}
		}
		d.setSpecialHeaders(v, from, to)
		// Inferred: / becomes the default root object on the way to the origin,
		// after the behavior is chosen and the viewer-request function has run.
		if to.uri == "/" && d.config.DefaultRootObject != "" {
			to.uri = "/" + d.config.DefaultRootObject
		}
		v.forwarded = to
		resp := next(v)
		if resp != nil && !f.cookies.any() {
			// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomRemovedHeaders
			resp.header.Del("Set-Cookie")
		}
		if resp != nil {
			d.warnSharedCookie(v, resp.header)
		}
		return resp
	}
}

// setSpecialHeaders sets the headers that have special rules.
func (d *Distribution) setSpecialHeaders(v *visit, from, to request) {
	f, header := &v.behavior.forward, to.header
	keep := func(name string, value string) {
		header.Del(name)
		if value != "" {
			header[name] = []string{value}
		}
	}
	keep("Cookie", f.cookie(from.header["Cookie"]))
	keep("Accept-Encoding", f.acceptEncoding(from.header["Accept-Encoding"]))
	if !f.authorization(from.method, v.behavior.CachedMethods) {
		header.Del("Authorization")
	} else if values := from.header["Authorization"]; len(values) > 0 {
		header["Authorization"] = values
	}
	// S3 never gets the viewer's Host.
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
	if !f.headers.picks("Host") || v.origin.S3 || v.origin.Host != "" {
		header["Host"] = []string{cmp.Or(v.origin.Host, v.origin.DomainName)}
	}
	// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-user-agent-header
	if !f.headers.picks("User-Agent") {
		header["User-Agent"] = []string{"Amazon CloudFront"}
	}
	appendTo(header, "X-Forwarded-For", v.ip)
	appendTo(header, "Via", v.proto+" "+d.host+" (CloudFront)")
	if v.behavior.ViewerRequest == nil {
		v.setCloudFrontHeaders(header)
	}
}

// setCloudFrontHeaders sets the headers that CloudFront adds for the policies.
// CloudFront Functions see them at viewer-request, Lambda@Edge doesn't.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-cloudfront-headers
// Inferred: what a CloudFront Function makes of them is forwarded.
func (v *visit) setCloudFrontHeaders(header http.Header) {
	if len(v.behavior.forward.cloudFront) == 0 {
		return
	}
	known := v.cloudFrontHeaders()
	for _, name := range v.behavior.forward.cloudFront {
		header.Del(name)
		if value, ok := known[name]; ok {
			header[name] = []string{value}
		}
	}
}

// finishOriginRequest adds what functions don't see: the id, the origin's path
// and its custom headers.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
func (d *Distribution) finishOriginRequest(next handler) handler {
	return func(v *visit) *response {
		from, origin := v.forwarded, v.origin
		header := from.header.Clone()
		for _, h := range origin.CustomHeaders {
			header.Del(h.Name)
		}
		for _, h := range origin.CustomHeaders {
			header.Add(h.Name, h.Value)
		}
		header["X-Amz-Cf-Id"] = []string{v.id}
		host := header.Get("Host")
		for _, name := range []string{"Host", "Content-Length", "Transfer-Encoding"} {
			header.Del(name)
		}
		raw := origin.Path + from.uri
		path, err := url.PathUnescape(raw)
		if err != nil {
			return d.reject(v, rejection{
				status: http.StatusBadRequest,
				cause:  "the path has an invalid escape: " + err.Error(),
				hint:   "write % in a path as %25",
			})
		}
		scheme, authority := origin.authority(v.https)
		out := &http.Request{
			Method:        from.method,
			URL:           &url.URL{Scheme: scheme, Host: authority, Path: path, RawPath: raw, RawQuery: from.query},
			Proto:         "HTTP/1.1",
			ProtoMajor:    1,
			ProtoMinor:    1,
			Header:        header,
			Host:          host,
			ContentLength: from.body.length,
			Body:          http.NoBody,
		}
		if from.body.length != 0 {
			out.Body = from.body
		}
		v.outgoing = out
		return next(v)
	}
}

// authority returns the scheme, and the host with its port unless that is the
// scheme's default.
func (o *Origin) authority(https bool) (scheme, host string) {
	scheme, port, standard := "https", o.HTTPSPort, 443
	if o.ProtocolPolicy == "http-only" || o.ProtocolPolicy == "match-viewer" && !https {
		scheme, port, standard = "http", o.HTTPPort, 80
	}
	if port == standard {
		return scheme, o.DomainName
	}
	return scheme, o.DomainName + ":" + strconv.Itoa(port)
}

// sign signs for the origin access control, with the hash that the request has:
// CloudFront never reads the body.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
// Seen: x-amz-source-account and x-amz-source-arn beside date, token and signature.
// Inferred: without the header, or with a value that isn't a hash, CloudFront
// signs the hash of no bytes, because a POST without a body passes; S3 gets
// UNSIGNED-PAYLOAD, because uploads pass without a hash.
func (d *Distribution) sign(next handler) handler {
	return func(v *visit) *response {
		oac, header := v.origin.OAC, v.outgoing.Header
		if oac == nil || oac.SigningBehavior == signNever ||
			oac.SigningBehavior == signNoOverride && header.Get("Authorization") != "" {
			return next(v)
		}
		for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
			header.Del(name)
		}
		header["X-Amz-Source-Account"] = []string{d.config.Account}
		header["X-Amz-Source-Arn"] = []string{d.config.ARN}
		hash := header.Get(contract.HeaderContentSHA256)
		if hash == "" && oac.OriginType == originS3 {
			hash = sigv4.UnsignedPayload
			header[contract.HeaderContentSHA256] = []string{hash}
		}
		if !sigv4.IsPayloadHash(hash) {
			hash = sigv4.EmptyPayloadHash
		}
		canonical, toSign := sigv4.Sign(v.outgoing, hash, d.config.Credentials, oac.OriginType, oac.Region, time.Now())
		v.trace.Fact("canonical request", canonical)
		v.trace.Fact("string to sign", toSign)
		return next(v)
	}
}
