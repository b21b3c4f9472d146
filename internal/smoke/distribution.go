package smoke

import "strings"

// overlong is a length of query that makes a URL longer than CloudFront's 8,192 bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
const overlong = 8300

// distributionCases are what CloudFront itself does. Only GETs, so that they
// are safe without the demo too.
func distributionCases() []Case {
	return []Case{
		{
			Name:    "the origin takes the signature",
			Why:     "A 403 with x-amzn-errortype means that the function URL refuses what CloudFront signs: origin access control, or one of the two permissions, is missing. A 502 or 503 means that an edge function fails.",
			Request: Request{Method: "GET", Target: "/inspect"},
			Checks:  []Check{originAnswers()},
		},
		{
			Name:    "the answer bears CloudFront's headers",
			Why:     "Without them the answer did not come through CloudFront, and whatever else passes says nothing about it.",
			Request: Request{Method: "GET", Target: "/inspect"},
			Checks:  []Check{headerHas("Via", "(CloudFront)"), headerHas("X-Cache", "from cloudfront"), headerHas("X-Amz-Cf-Id", ""), headerHas("X-Amz-Cf-Pop", "")},
		},
		{
			Name:      "nothing is cached",
			Why:       "A cached answer would be another viewer's. The demo was asked for the same a moment ago, so a cache would say Hit.",
			Request:   Request{Method: "GET", Target: "/inspect"},
			Checks:    []Check{status(200), header("X-Cache", "Miss from cloudfront")},
			NeedsDemo: true,
		},
		{
			Name:    "GET with a body",
			Why:     "CloudFront refuses it, so a client that sends one must use POST; a local edge that lets it through hides that.",
			Request: Request{Method: "GET", Target: "/inspect", Body: []byte("x")},
			Checks:  []Check{status(403), header("X-Cache", "Error from cloudfront"), header(headerErrorType)},
		},
		{
			Name:    "URL over 8,192 B",
			Why:     "CloudFront refuses it before any function runs. The guide says 413; 414 has been reported.",
			Request: Request{Method: "GET", Target: "/inspect?long=" + strings.Repeat("x", overlong)},
			Checks:  []Check{status(413, 414)},
		},
	}
}
