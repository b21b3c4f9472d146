// Package edge holds the source code of the functions that run at the edge, in
// front of a function URL. It is embedded because a library can't read files
// from its consumer's directory.
package edge

import (
	_ "embed"
	"regexp"
)

// OriginalHost is the source of the CloudFront Function original_host, for
// viewer-request on cloudfront-js-2.0. It copies the viewer's Host to
// X-Original-Host and X-Forwarded-Host and its Authorization to
// X-Original-Authorization. It removes other headers that tell a handler of
// another host, scheme, port or path, also with underscores, the hash of a body
// from GET and HEAD, and Accept-Encoding: attach it only to behaviors that
// stream. It is shorter than CloudFront's limit of 10 KB. It is a ViewerRequest
// without other steps.
var OriginalHost = ViewerRequest{}.Source()

// The parts of a ViewerRequest.
var (
	//go:embed original_host.js
	originalHost string
	//go:embed reject.js
	reject string
	//go:embed reject_default_domain.js
	rejectDefaultDomain string
	//go:embed authorize.js
	authorize string
	//go:embed require_hash.js
	requireHash string
	//go:embed viewer_request.js
	run string
)

// BodyHasher is the source of the Lambda@Edge function body_hasher, for
// origin-request with the body included, on nodejs22.x or later. It is a
// CommonJS module without dependencies that exports handler: in a file named
// index.js the function's handler is "index.handler". It sets
// X-Amz-Content-Sha256 to the SHA-256 of the body, and rejects requests whose
// body it can't hash, or whose hash is wrong, with an error in JSON.
//
//go:embed body_hasher.js
var BodyHasher string

// DirectoryIndex is the source of the CloudFront Function directory_index, for
// viewer-request on cloudfront-js-2.0. It rewrites a path that ends with a slash
// to the index.html there, and redirects one without slash and dot to the path
// with a slash, except for the files in its list.
//
//go:embed directory_index.js
var DirectoryIndex string

// SinglePageApp is the source of the CloudFront Function single_page_app, for
// viewer-request on cloudfront-js-2.0. It rewrites every path whose last segment
// has no dot to /index.html, except for the files in its list.
//
//go:embed single_page_app.js
var SinglePageApp string

// copied finds what original_host copies: from a header of the viewer to another.
var copied = regexp.MustCompile(`keep\(headers, '([a-z-]+)', '([a-z-]+)'\)`)

// CopiedHeaders returns the headers that original_host adds, in lower case, by the
// header of the viewer that each is a copy of.
func CopiedHeaders() map[string][]string {
	headers := map[string][]string{}
	for _, match := range copied.FindAllStringSubmatch(originalHost, -1) {
		headers[match[1]] = append(headers[match[1]], match[2])
	}
	return headers
}
