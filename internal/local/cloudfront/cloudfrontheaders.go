package cloudfront

import (
	"slices"
	"strconv"
	"strings"
)

// cloudFrontHeaders returns the headers of CloudFront's own that the local edge
// knows. The device is a guess from User-Agent.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
// Inferred: what tells devices apart. AWS doesn't publish its rules.
func (v *visit) cloudFrontHeaders() map[string]string {
	scheme, agent := "http", strings.ToLower(v.request.header.Get("User-Agent"))
	if v.tls { // the truth, whatever the request counts as
		scheme = "https"
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(agent, word) })
	}
	tv := has("smart-tv", "smarttv", "appletv")
	tablet := has("ipad") || has("android") && !has("mobile")
	mobile := has("iphone", "ipod") || has("mobile") && !tv
	return map[string]string{
		"Cloudfront-Forwarded-Proto":     scheme,
		"Cloudfront-Viewer-Http-Version": v.proto,
		"Cloudfront-Viewer-Address":      v.address,
		"Cloudfront-Is-Android-Viewer":   strconv.FormatBool(has("android")),
		"Cloudfront-Is-Ios-Viewer":       strconv.FormatBool(has("iphone", "ipad", "ipod")),
		"Cloudfront-Is-Smarttv-Viewer":   strconv.FormatBool(tv),
		"Cloudfront-Is-Tablet-Viewer":    strconv.FormatBool(tablet),
		"Cloudfront-Is-Mobile-Viewer":    strconv.FormatBool(mobile),
		"Cloudfront-Is-Desktop-Viewer":   strconv.FormatBool(!tv && !tablet && !mobile),
	}
}

// unknownCloudFrontHeaders returns the headers that the policies forward and only
// AWS knows.
func (f *forwarding) unknownCloudFrontHeaders() []string {
	known := new(visit).cloudFrontHeaders()
	return slices.DeleteFunc(slices.Clone(f.cloudFront), func(name string) bool {
		_, ok := known[name]
		return ok
	})
}
