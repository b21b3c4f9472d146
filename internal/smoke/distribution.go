package smoke

import (
	"slices"
	"strings"
)

// The lengths of a query and of a header value that exceed CloudFront's quotas:
// 8,192 bytes for a URL, and 32,768 bytes for the headers of a request.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
const (
	overlongQuery = 8300
	overlongField = 7000 // five times
)

// distributionCases test CloudFront itself. They send only GET requests, so
// they are safe without the demo too.
func distributionCases() []Case {
	cases := []Case{
		newCase("the origin accepts the signature", "A 403 with x-amzn-errortype means that the function URL rejects CloudFront's signature: origin access control or one of the two permissions is missing. A 502 or 503 means that an edge function fails.",
			get("/inspect"),
			fromOrigin()),
		newCase("CloudFront's response headers", "Without them the response didn't come through CloudFront, and the other cases say nothing about it.",
			get("/inspect"),
			headerHas("Via", "(CloudFront)"), headerHas("X-Cache", "from cloudfront"), headerHas("X-Amz-Cf-Id", ""), headerHas("X-Amz-Cf-Pop", "")),
		newCase("GET with a body", "CloudFront rejects it, so clients must use POST. A local edge that accepts it would hide that until deployment.",
			Request{Method: "GET", Target: "/inspect", Body: []byte("x")},
			status(403), header("X-Cache", "Error from cloudfront"), header(headerErrorType)),
		newCase("URL over 8,192 B", "CloudFront rejects it before any function runs, so clients must send long queries in a POST. The guide says 414; 413 was seen until 2023.",
			get("/inspect?long="+strings.Repeat("x", overlongQuery)),
			status(414, 413), header(headerErrorType)),
		newCase("headers over 32,768 B", "CloudFront rejects them before any function runs, for example when an application sets too many cookies. The guide says 494; 413 was seen until 2023.",
			get("/inspect", slices.Repeat([]Field{{"X-Smoke-Test", strings.Repeat("x", overlongField)}}, 5)...),
			status(494, 413), header(headerErrorType)),
	}
	for i := range cases {
		cases[i].AnyOrigin = true
	}
	return append(cases, newCase("nothing is cached", "A cached response may belong to another viewer. The same URL was requested before, so a cache would report a hit.",
		get("/inspect"),
		status(200), header("X-Cache", "Miss from cloudfront")))
}
