package cloudfront

import "strings"

// devices guess the viewer's device from its User-Agent.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html#cloudfront-headers-device-type
// Inferred: AWS doesn't publish its rules.
var devices = map[string]func(agent string) bool{
	"Cloudfront-Is-Android-Viewer": func(a string) bool { return strings.Contains(a, "android") },
	"Cloudfront-Is-Ios-Viewer": func(a string) bool {
		return strings.Contains(a, "iphone") || strings.Contains(a, "ipad") || strings.Contains(a, "ipod")
	},
	"Cloudfront-Is-Smarttv-Viewer": smartTV,
	"Cloudfront-Is-Tablet-Viewer":  tablet,
	"Cloudfront-Is-Mobile-Viewer":  mobile,
	"Cloudfront-Is-Desktop-Viewer": func(a string) bool { return !smartTV(a) && !tablet(a) && !mobile(a) },
}

func smartTV(a string) bool {
	return strings.Contains(a, "smart-tv") || strings.Contains(a, "smarttv") || strings.Contains(a, "appletv")
}

func tablet(a string) bool {
	return strings.Contains(a, "ipad") || strings.Contains(a, "android") && !strings.Contains(a, "mobile")
}

func mobile(a string) bool {
	return strings.Contains(a, "iphone") || strings.Contains(a, "ipod") || strings.Contains(a, "mobile") && !smartTV(a)
}

// cloudFrontHeader returns the value of one of CloudFront's headers, and whether the
// local edge knows it.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
func (v *visit) cloudFrontHeader(name string) (string, bool) {
	switch name {
	case "Cloudfront-Forwarded-Proto": // the truth, whatever the request counts as
		if v.tls {
			return "https", true
		}
		return "http", true
	case "Cloudfront-Viewer-Http-Version":
		return v.proto, true
	case "Cloudfront-Viewer-Address":
		return v.address, true
	}
	if is, ok := devices[name]; ok {
		if is(strings.ToLower(v.request.header.Get("User-Agent"))) {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// unknownCloudFrontHeaders returns the headers that the policies forward and only
// AWS knows.
func (f *forwarding) unknownCloudFrontHeaders() []string {
	var unknown []string
	for _, name := range f.cloudFront {
		if _, ok := new(visit).cloudFrontHeader(name); !ok {
			unknown = append(unknown, name)
		}
	}
	return unknown
}
