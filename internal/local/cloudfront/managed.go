package cloudfront

import "time"

// ManagedCachePolicies are the managed cache policies by id.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// The four that only AWS Amplify Hosting uses are left out, as that page advises.
var ManagedCachePolicies = map[string]CachePolicy{
	"4135ea2d-6df8-44a3-9df3-4b5a84be39ad": {Name: "CachingDisabled", Headers: none, Cookies: none, QueryStrings: none},
	"658327ea-f89d-4fab-a63d-7e88639e58f6": compressed("CachingOptimized", none, none, none),
	"b2884449-e4de-46a7-ac36-70bc7f1ddd6d": {
		Name: "CachingOptimizedForUncompressedObjects", MaxTTL: 365 * day, Headers: none, Cookies: none, QueryStrings: none,
	},
	"83da9c7e-98b4-4e11-a168-04f0df8e2c65": compressed("UseOriginCacheControlHeaders", originCacheControlHeaders, all, none),
	"4cc15a8a-d715-48a4-82b8-cc0b614638fe": compressed("UseOriginCacheControlHeaders-QueryStrings", originCacheControlHeaders, all, all),
	"2e54312d-136d-493c-8eb9-b001f22f67d2": {
		Name: "Amplify", MaxTTL: 600 * time.Second,
		Headers: whitelist("Authorization", "CloudFront-Viewer-Country", "Host"), Cookies: all, QueryStrings: all,
		AcceptEncodingGzip: true, AcceptEncodingBrotli: true,
	},
	"08627262-05a9-4f76-9ded-b50ca2e3a84f": {
		Name: "Elemental-MediaPackage", MaxTTL: 365 * day,
		Headers: whitelist("Origin"), Cookies: none, QueryStrings: whitelist("aws.manifestfilter", "start", "end", "m"),
		AcceptEncodingGzip: true,
	},
}

// compressed returns a cache policy of up to a year, for both compressions.
func compressed(name string, headers, cookies, queryStrings Selection) CachePolicy {
	return CachePolicy{name, 365 * day, headers, cookies, queryStrings, true, true}
}

// ManagedOriginRequestPolicies are the managed origin request policies by id.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
var ManagedOriginRequestPolicies = map[string]OriginRequestPolicy{
	"216adef6-5c7f-47e4-b989-5492eafa07d3": {Name: "AllViewer", Headers: Selection{Behavior: selectAllViewer}, Cookies: all, QueryStrings: all},
	"b689b0a8-53d0-40ab-baf2-68738e2966ac": {
		Name: "AllViewerExceptHostHeader", AddsCloudFront: true,
		Headers: Selection{Behavior: selectAllExcept, Names: []string{"Host"}}, Cookies: all, QueryStrings: all,
	},
	"33f36d7e-f396-46d9-90e0-52428a34d9dc": {
		Name: "AllViewerAndCloudFrontHeaders-2022-06", Cookies: all, QueryStrings: all,
		Headers: Selection{Behavior: selectAllViewerAndCF, Names: []string{
			"CloudFront-Forwarded-Proto", "CloudFront-Is-Android-Viewer", "CloudFront-Is-Desktop-Viewer",
			"CloudFront-Is-IOS-Viewer", "CloudFront-Is-Mobile-Viewer", "CloudFront-Is-SmartTV-Viewer",
			"CloudFront-Is-Tablet-Viewer", "CloudFront-Viewer-Address", "CloudFront-Viewer-ASN",
			"CloudFront-Viewer-City", "CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Name",
			"CloudFront-Viewer-Country-Region", "CloudFront-Viewer-Country-Region-Name",
			"CloudFront-Viewer-Http-Version", "CloudFront-Viewer-Latitude", "CloudFront-Viewer-Longitude",
			"CloudFront-Viewer-Metro-Code", "CloudFront-Viewer-Postal-Code", "CloudFront-Viewer-Time-Zone",
			"CloudFront-Viewer-TLS",
		}},
	},
	"59781a5b-3903-41f3-afcb-af62929ccde1": uncookied("CORS-CustomOrigin", none, "Origin"),
	"88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": uncookied("CORS-S3Origin", none, "Origin", "Access-Control-Request-Headers", "Access-Control-Request-Method"),
	"775133bc-15f2-49f9-abea-afb2e0bf67d2": uncookied("Elemental-MediaTailor-PersonalizedManifests", all,
		"Origin", "Access-Control-Request-Headers", "Access-Control-Request-Method", "User-Agent", "X-Forwarded-For"),
	"bf0718e1-ba1e-49d1-88b1-f726733018ae": uncookied("HostHeaderOnly", none, "Host"),
	"acba4595-bd28-49b8-b9fe-13317c0390fa": uncookied("UserAgentRefererHeaders", none, "User-Agent", "Referer"),
}

// uncookied returns an origin request policy that forwards some headers and no cookies.
func uncookied(name string, queryStrings Selection, headers ...string) OriginRequestPolicy {
	return OriginRequestPolicy{Name: name, Headers: whitelist(headers...), Cookies: none, QueryStrings: queryStrings}
}

// ManagedResponseHeadersPolicies are the managed response headers policies by id.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
var ManagedResponseHeadersPolicies = map[string]ResponseHeadersPolicy{
	"60669652-455b-4ae9-85a4-c4c02393f86c": {Name: "SimpleCORS", CORS: simpleCORS},
	"5cc3b908-e619-4b99-88e5-2cf7f45965bd": {Name: "CORS-With-Preflight", CORS: preflightCORS},
	"67f7725c-6f97-4210-82d7-5512b31e9d03": {Name: "SecurityHeadersPolicy", Headers: securityHeaders},
	"e61eb60c-9c35-4d20-a928-2b84e02af89c": {Name: "CORS-and-SecurityHeadersPolicy", CORS: simpleCORS, Headers: securityHeaders},
	"eaab4381-ed33-4a86-88ca-d9558dc6cd63": {Name: "CORS-with-preflight-and-SecurityHeadersPolicy", CORS: preflightCORS, Headers: securityHeaders},
}

const day = 24 * time.Hour

var (
	none = Selection{Behavior: selectNone}
	all  = Selection{Behavior: selectAll}

	originCacheControlHeaders = whitelist("Host", "Origin", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override")

	anything        = Items{[]string{"*"}}
	simpleCORS      = &CORS{AccessControlAllowOrigins: anything}
	preflightCORS   = &CORS{AccessControlAllowOrigins: anything, AccessControlAllowMethods: Items{allMethods}, AccessControlExposeHeaders: anything}
	securityHeaders = []ResponseHeader{
		{Name: "Referrer-Policy", Value: "strict-origin-when-cross-origin"},
		{Name: "Strict-Transport-Security", Value: "max-age=31536000"},
		{Name: "X-Content-Type-Options", Value: "nosniff", Override: true},
		{Name: "X-Frame-Options", Value: "SAMEORIGIN"},
		{Name: "X-XSS-Protection", Value: "1; mode=block"},
	}
)

func whitelist(names ...string) Selection { return Selection{Behavior: selectWhitelist, Names: names} }
